package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The proof of a room, and how many wrong ones came in a row. Not thread-safe: the room's lock guards it. */
final class ProofGuard {

    private static final int MAX_WAIT_SECONDS = 60;

    private final boolean encrypted;
    private @Nullable TokenHash proof;
    private int wrongInRow;
    private Instant waitUntil = Instant.MIN;

    /**
     * Creates a guard.
     *
     * @param encrypted whether the room's texts are opaque: its proof cannot be guessed, and wrong ones are not counted
     */
    ProofGuard(@Nullable TokenHash proof, boolean encrypted) {
        this.proof = proof;
        this.encrypted = encrypted;
    }

    /**
     * Judges what somebody brings who takes a new seat.
     *
     * @throws TooManyProofsException if new seats wait
     * @throws WrongProofException if it is missing or wrong
     */
    void judge(@Nullable TokenHash brought, Instant now) {
        if (proof == null) {
            return;
        }
        if (now.isBefore(waitUntil)) {
            throw new TooManyProofsException(Duration.between(now, waitUntil));
        }
        if (proof.equals(brought)) {
            endRow();
            return;
        }
        if (brought != null && !encrypted) {
            countWrong(now);
        }
        throw new WrongProofException(encrypted);
    }

    private void countWrong(Instant now) {
        wrongInRow++;
        int beyond = wrongInRow - RoomStore.FREE_WRONG_PROOFS;
        if (beyond > 0) {
            // Six doublings are over a minute; more would be over a long.
            waitUntil = now.plusSeconds(Math.min(MAX_WAIT_SECONDS, 1L << Math.min(beyond - 1, 6)));
        }
    }

    boolean isRequiredAfter(ProofChange change) {
        return change instanceof ProofChange.Replace || (change instanceof ProofChange.Keep && proof != null);
    }

    void change(ProofChange change) {
        if (!(change instanceof ProofChange.Keep)) {
            proof = change instanceof ProofChange.Replace replace ? replace.proof() : null;
        }
        endRow();
    }

    void endRow() {
        wrongInRow = 0;
        waitUntil = Instant.MIN;
    }
}
