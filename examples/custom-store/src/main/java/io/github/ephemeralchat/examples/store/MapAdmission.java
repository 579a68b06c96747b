package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who may take a new seat in one room (S15). Not thread-safe: the store's monitor guards it. */
final class MapAdmission {

    private static final long MAX_WAIT_SECONDS = 60;

    private final boolean encrypted;
    private boolean locked;
    private @Nullable TokenHash proof;
    private int wrongInRow;
    private Instant waitUntil = Instant.MIN;

    MapAdmission(Room room, @Nullable TokenHash proof) {
        this.encrypted = room.encrypted();
        this.locked = room.locked();
        this.proof = proof;
    }

    boolean locked() {
        return locked;
    }

    boolean proofRequired() {
        return proof != null;
    }

    /** Judges somebody who takes a new seat: first the lock, then the waiting, then the proof. */
    void judge(@Nullable TokenHash brought, Instant now) {
        if (locked) {
            throw new RoomLockedException(encrypted);
        }
        if (proof == null) {
            return;
        }
        if (now.isBefore(waitUntil)) {
            throw new TooManyProofsException(Duration.between(now, waitUntil));
        }
        if (!proof.equals(brought)) {
            // The proof of an encrypted room cannot be guessed.
            if (brought != null && !encrypted) {
                countWrong(now);
            }
            throw new WrongProofException(encrypted);
        }
        endRow();
    }

    private void countWrong(Instant now) {
        wrongInRow++;
        int beyond = wrongInRow - RoomStore.FREE_WRONG_PROOFS;
        if (beyond > 0) {
            // Six doublings are more than a minute; a shift by 64 would begin again at 1.
            waitUntil = now.plusSeconds(Math.min(MAX_WAIT_SECONDS, 1L << Math.min(beyond - 1, 6)));
        }
    }

    /** Makes a change. Another proof is always one: nobody can tell whether it is the same. */
    boolean change(RoomChange.Admission change) {
        if (encrypted && change.proof() instanceof ProofChange.Remove) {
            throw new IllegalArgumentException("an encrypted room asks for a proof");
        }
        endRow();
        boolean lockedBefore = locked;
        boolean requiredBefore = proofRequired();
        locked = change.locked() == null ? locked : change.locked();
        if (change.proof() instanceof ProofChange.Replace replace) {
            proof = replace.proof();
            return true;
        }
        proof = change.proof() instanceof ProofChange.Remove ? null : proof;
        return locked != lockedBefore || proofRequired() != requiredBefore;
    }

    private void endRow() {
        wrongInRow = 0;
        waitUntil = Instant.MIN;
    }
}
