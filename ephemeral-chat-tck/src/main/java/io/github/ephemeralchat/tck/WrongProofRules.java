package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How wrong proofs are counted, and make new seats wait. */
@Tag("S15")
abstract class WrongProofRules extends AdmissionRulesBase {

    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final int BEYOND_ANY_DOUBLING = 70;

    @Test
    void s15_missing_proof_is_not_counted() {
        TestRoom room = roomWithProof();

        for (int i = 0; i < 3 * FREE; i++) {
            room.assertRefused(WrongProofException.class, () -> joinWith(room, null));
        }

        joinWith(room, PROOF);
    }

    @Test
    void s15_ten_wrong_proofs_cost_no_time() {
        TestRoom room = roomWithProof();

        joinWrongly(room, FREE);

        joinWith(room, PROOF);
    }

    @Test
    void s15_eleventh_wrong_proof_makes_new_seats_wait_a_second() {
        TestRoom room = roomWithProof();
        joinWrongly(room, FREE + 1);

        assertWaits(room, null, A_SECOND);
        assertWaits(onOtherNode(room), PROOF, A_SECOND);
        assertThat(room.members()).hasSize(1);

        contract().passTime(A_SECOND.plus(contract().timeTolerance()));
        joinWith(room, PROOF);
    }

    @Test
    void s15_waiting_doubles_to_a_minute() {
        TestRoom room = roomWithProof();
        joinWrongly(room, FREE);

        for (int beyond = 0; beyond < (isTimeExact() ? BEYOND_ANY_DOUBLING : 1); beyond++) {
            var wait = beyond < 6 ? A_SECOND.multipliedBy(1L << beyond) : LONGEST_WAIT;
            joinWrongly(room, 1);
            assertWaits(room, wait);
            if (isTimeExact()) {
                assertWaitsExactly(room, wait);
            }
        }
    }

    private void assertWaitsExactly(TestRoom room, Duration wait) {
        var aMoment = Duration.ofMillis(1);
        contract().passTime(wait.minus(aMoment));
        assertWaits(room, aMoment);
        contract().passTime(aMoment);
    }

    @Test
    void s15_proofs_brought_while_new_seats_wait_are_not_judged() {
        TestRoom room = roomWithProof();
        joinWrongly(room, FREE + 1);

        for (int i = 0; i < 3; i++) {
            assertWaits(room, wrongProof(), A_SECOND);
            assertWaits(room, PROOF, A_SECOND);
        }

        contract().passTime(A_SECOND.plus(contract().timeTolerance()));
        joinWrongly(room, 1);
        assertWaits(room, A_SECOND.multipliedBy(2));
    }

    @Test
    void s15_right_proof_ends_the_row() {
        TestRoom room = roomWithProof();

        for (int i = 0; i < 3; i++) {
            joinWrongly(room, FREE);
            joinWith(room, PROOF);
        }
    }

    @Test
    void s15_right_proof_ends_the_row_of_a_full_room_too() {
        TestRoom room = create(1, false, PROOF);

        for (int i = 0; i < 3; i++) {
            joinWrongly(room, FREE);
            room.assertRefused(RoomFullException.class, () -> joinWith(room, PROOF));
        }
    }

    @Test
    void s15_change_of_admission_ends_the_row() {
        assertEndsRow(new RoomChange.Admission(null, new ProofChange.Replace(PROOF)));
        assertEndsRow(new RoomChange.Admission(false, new ProofChange.Keep()));
    }

    private void assertEndsRow(RoomChange admission) {
        TestRoom room = roomWithProof();
        joinWrongly(room, FREE + 1);
        assertWaits(room, A_SECOND);

        room.change(admission);

        joinWrongly(room, FREE);
        joinWith(room, PROOF);
    }

    @Test
    void s15_lock_and_unlock_end_the_row() {
        TestRoom room = roomWithProof();
        joinWrongly(room, FREE + 1);

        lock(room, true);
        lock(room, false);

        joinWith(room, PROOF);
    }

    @Test
    void s15_seat_that_comes_back_ends_no_row() {
        TestRoom room = roomWithProof();
        var member = Caller.create();
        room.join(member.named().withProof(PROOF));
        joinWrongly(room, FREE);

        room.join(member.named().withProof(PROOF));
        room.join(member.withNewToken().named().withProof(PROOF));

        joinWrongly(room, 1);
        assertWaits(room, A_SECOND);
    }

    @Test
    void s15_wrong_proof_of_a_seat_that_comes_back_is_not_counted() {
        TestRoom room = roomWithProof();
        var owner = room.owner();

        for (int i = 0; i < 3 * FREE; i++) {
            room.join(owner.named().withProof(wrongProof()));
        }

        joinWith(room, PROOF);
    }

    @Test
    void s15_wrong_proofs_of_one_room_are_not_anothers() {
        TestRoom room = roomWithProof();
        joinWrongly(room, FREE + 1);

        room.destroy();
        TestRoom later = TestRoom.create(room.store(), another(room), PROOF);

        joinWrongly(later, FREE);
        joinWith(later, PROOF);
    }

    @Test
    void s15_wrong_proofs_are_counted_over_all_nodes() {
        TestRoom room = roomWithProof();
        List<TestRoom> nodes = List.of(room, onOtherNode(room));

        for (int i = 0; i <= FREE; i++) {
            joinWrongly(nodes.get(i % 2), 1);
        }

        nodes.forEach(node -> assertWaits(node, A_SECOND));
    }

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    void s1_s15_wrong_proofs_at_once_are_all_counted() {
        TestRoom room = roomWithProof();
        List<TestRoom> nodes = List.of(room, onOtherNode(room));

        crowd.all(i -> catchThrowableOfType(WrongProofException.class, () -> joinWith(nodes.get(i % 2), wrongProof())));

        joinWrongly(room, FREE + 1 - CALLERS);
        assertWaits(room, A_SECOND);
    }

    /** Asserts that even the right proof has to wait, and at most so long. */
    private static void assertWaits(TestRoom room, Duration atMost) {
        assertWaits(room, PROOF, atMost);
    }

    private static void assertWaits(TestRoom room, @Nullable TokenHash proof, Duration atMost) {
        var refused = catchThrowableOfType(TooManyProofsException.class, () -> joinWith(room, proof));
        assertThat(refused).as("a new seat waits").isNotNull();
        assertThat(refused.retryAfter()).isPositive().isLessThanOrEqualTo(atMost);
    }
}
