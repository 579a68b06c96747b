package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rooms with a lock or a proof, and who wants to come in. */
abstract class AdmissionRulesBase extends StoreRules {

    static final TokenHash PROOF = TokenHash.of("the proof of a room");
    static final int MANY_SEATS = 100;
    static final int FREE = RoomStore.FREE_WRONG_PROOFS;
    final AtomicInteger wrong = new AtomicInteger();

    /** A later incarnation under the same code. */
    static Room another(TestRoom room) {
        Room next =
                TestRoom.notCreated(room.store(), room.id(), LONG_LIFE, SEATS).room();
        return next.withAdmission(false, true);
    }

    TestRoom roomWithProof() {
        return create(MANY_SEATS, false, PROOF);
    }

    TestRoom create(int seats, boolean locked, @Nullable TokenHash proof) {
        RoomStore store = store();
        // A day: the longest row of wrong proofs waits for more than an hour.
        Room room = TestRoom.notCreated(store, RoomId.random(), Duration.ofDays(1), seats)
                .room();
        return TestRoom.create(store, room.withAdmission(locked, proof != null), proof);
    }

    static void lock(TestRoom room, boolean locked) {
        assertThat(room.change(new RoomChange.Admission(locked, new ProofChange.Keep())))
                .isPresent();
    }

    static RoomChange proof(ProofChange change) {
        return new RoomChange.Admission(null, change);
    }

    static Joined joinWith(TestRoom room, @Nullable TokenHash proof) {
        return room.join(Caller.create().anonymously().withProof(proof));
    }

    /** Brings wrong proofs, each another one. */
    void joinWrongly(TestRoom room, int times) {
        Stream.generate(this::wrongProof)
                .limit(times)
                .forEach(each -> room.assertRefused(WrongProofException.class, () -> joinWith(room, each)));
    }

    TokenHash wrongProof() {
        return TokenHash.of("wrong proof " + wrong.incrementAndGet());
    }
}
