package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whom a room takes: its lock, its proof, and the waiting after wrong proofs. */
@Tag("S15")
abstract class AdmissionRules extends StoreRules {

    private static final TokenHash PROOF = TokenHash.of("the proof of a room");
    private static final TokenHash OTHER_PROOF = TokenHash.of("another proof");
    private static final int MANY_SEATS = 100;
    private static final int FREE = RoomStore.FREE_WRONG_PROOFS;
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final int BEYOND_ANY_DOUBLING = 70;

    private final AtomicInteger wrong = new AtomicInteger();

    @Test
    void s15_locked_room_takes_nobody_new() {
        TestRoom room = room();

        lock(room, true);

        room.assertRefused(RoomLockedException.class, () -> joinWith(room, null));
        room.assertRefused(RoomLockedException.class, () -> onOtherNode(room).join());
        assertThat(room.present().locked()).isTrue();

        lock(room, false);
        joinWith(room, null);
        assertThat(room.members()).hasSize(2);
    }

    @Test
    void s15_room_may_be_locked_from_its_beginning() {
        TestRoom room = create(SEATS, true, null);

        room.assertRefused(RoomLockedException.class, room::join);
        assertThat(room.present().locked()).isTrue();
        assertThat(room.isMember(room.owner())).isTrue();
    }

    @Test
    void s15_new_seat_needs_the_proof() {
        TestRoom room = roomWithProof();

        room.assertRefused(WrongProofException.class, () -> joinWith(room, null));
        room.assertRefused(WrongProofException.class, () -> joinWith(room, OTHER_PROOF));
        room.assertRefused(WrongProofException.class, () -> room.join());

        joinWith(room, PROOF);
        onOtherNode(room).join(Caller.create().named().withProof(PROOF));
        assertThat(room.members()).hasSize(3);
    }

    @Test
    void s15_proof_that_was_replaced_is_a_wrong_one() {
        TestRoom room = roomWithProof();

        assertStored(room, () -> room.change(proof(new ProofChange.Replace(OTHER_PROOF))));

        room.assertRefused(WrongProofException.class, () -> joinWith(room, PROOF));
        joinWith(room, OTHER_PROOF);
        assertThat(room.present().proofRequired()).isTrue();
    }

    @Test
    void s15_removed_proof_is_needed_no_more() {
        TestRoom room = roomWithProof();

        assertStored(room, () -> room.change(proof(new ProofChange.Remove())));

        joinWith(room, null);
        joinWith(room, OTHER_PROOF);
        assertThat(room.present().proofRequired()).isFalse();
    }

    @Test
    void s15_proof_may_be_asked_for_later() {
        TestRoom room = room();
        room.join();

        assertStored(room, () -> room.change(proof(new ProofChange.Replace(PROOF))));

        room.assertRefused(WrongProofException.class, () -> joinWith(room, null));
        joinWith(room, PROOF);
        assertThat(room.present().proofRequired()).isTrue();
    }

    @Test
    void s15_lock_and_proof_change_apart_from_each_other() {
        TestRoom room = roomWithProof();

        lock(room, true);
        room.change(proof(new ProofChange.Replace(OTHER_PROOF)));
        assertThat(room.present().locked()).as("locked after another proof").isTrue();

        lock(room, false);
        room.assertRefused(WrongProofException.class, () -> joinWith(room, PROOF));
        joinWith(room, OTHER_PROOF);
    }

    @Test
    void s15_admission_that_changes_nothing_stores_nothing() {
        TestRoom room = room();
        assertNothingStored(room, () -> room.change(new RoomChange.Admission(false, new ProofChange.Remove())));
        assertNothingStored(room, () -> room.change(new RoomChange.Admission(null, new ProofChange.Keep())));

        TestRoom closed = create(SEATS, true, PROOF);
        assertNothingStored(closed, () -> closed.change(new RoomChange.Admission(true, new ProofChange.Keep())));
    }

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
    @Tag("S6")
    void s6_s15_seat_that_is_there_is_returned_in_spite_of_all() {
        TestRoom room = create(2, false, PROOF);
        var member = Caller.create();
        var first = room.join(member.named().withProof(PROOF));
        joinWrongly(room, FREE + 1);
        assertComesBack(room, member, first);

        lock(room, true);
        assertComesBack(room, member, first);
        assertThat(room.members()).hasSize(2);
    }

    private static void assertComesBack(TestRoom room, Caller member, Joined first) {
        List<JoinRequest> requests = List.of(
                member.anonymously(),
                member.named(),
                member.withNewToken().named(),
                member.withNewToken().named().withProof(OTHER_PROOF));
        for (JoinRequest request : requests) {
            var again = room.join(request);
            assertThat(again.appended()).isNull();
            assertThat(again.seat().member()).isEqualTo(first.seat().member());
        }
    }

    @Test
    void s15_admitted_request_passes_lock_and_proof_and_waiting() {
        TestRoom room = create(MANY_SEATS, false, PROOF);
        joinWrongly(room, FREE + 1);
        room.join(Caller.create().anonymously().asAdmitted());
        room.join(Caller.create().named().asAdmitted());

        lock(room, true);
        room.join(Caller.create().anonymously().asAdmitted());

        assertThat(room.members()).hasSize(4);
    }

    @Test
    void s15_admitted_request_does_not_pass_the_number_of_seats() {
        TestRoom room = create(2, true, PROOF);
        room.join(Caller.create().named().asAdmitted());

        room.assertRefused(
                RoomFullException.class, () -> room.join(Caller.create().named().asAdmitted()));
    }

    @Test
    void s15_proof_of_an_admitted_request_is_not_judged() {
        TestRoom room = roomWithProof();

        for (int i = 0; i < 3 * FREE; i++) {
            room.join(Caller.create().anonymously().withProof(wrongProof()).asAdmitted());
        }

        joinWith(room, PROOF);
    }

    @Test
    void s15_lock_is_looked_at_before_proof_and_seats() {
        TestRoom room = create(1, true, PROOF);

        for (int i = 0; i < FREE + 1; i++) {
            room.assertRefused(RoomLockedException.class, () -> joinWith(room, wrongProof()));
        }
        room.assertRefused(RoomLockedException.class, () -> joinWith(room, PROOF));
    }

    @Test
    void s15_waiting_and_proof_are_looked_at_before_seats() {
        TestRoom room = create(1, false, PROOF);
        room.assertRefused(WrongProofException.class, () -> joinWith(room, null));
        joinWrongly(room, FREE);
        room.assertRefused(RoomFullException.class, () -> joinWith(room, PROOF));

        joinWrongly(room, FREE + 1);

        room.assertRefused(TooManyProofsException.class, () -> joinWith(room, PROOF));
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

    /** A later incarnation under the same code. */
    private static Room another(TestRoom room) {
        Room next =
                TestRoom.notCreated(room.store(), room.id(), LONG_LIFE, SEATS).room();
        return next.withAdmission(false, true);
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

    @RepeatedTest(ROUNDS)
    @Tag("S1")
    void s1_s15_nobody_comes_in_after_the_lock() {
        TestRoom room = room(10_000);
        TestRoom elsewhere = onOtherNode(room);

        crowd.all(i -> i == 0 ? lockSoon(room) : joinUntilLocked(elsewhere));

        assertThat(room.log()).last().returns(LogEntry.ADMISSION, LogEntry::kind);
    }

    private static long lockSoon(TestRoom room) {
        Await.pause(A_MOMENT);
        lock(room, true);
        return 0;
    }

    private static long joinUntilLocked(TestRoom room) {
        for (long joins = 0; ; joins++) {
            try {
                room.join();
            } catch (RoomLockedException e) {
                return joins;
            }
        }
    }

    private TestRoom roomWithProof() {
        return create(MANY_SEATS, false, PROOF);
    }

    private TestRoom create(int seats, boolean locked, @Nullable TokenHash proof) {
        RoomStore store = store();
        // A day: the longest row of wrong proofs waits for more than an hour.
        Room room = TestRoom.notCreated(store, RoomId.random(), Duration.ofDays(1), seats)
                .room();
        return TestRoom.create(store, room.withAdmission(locked, proof != null), proof);
    }

    private static void lock(TestRoom room, boolean locked) {
        assertThat(room.change(new RoomChange.Admission(locked, new ProofChange.Keep())))
                .isPresent();
    }

    private static RoomChange proof(ProofChange change) {
        return new RoomChange.Admission(null, change);
    }

    private static Joined joinWith(TestRoom room, @Nullable TokenHash proof) {
        return room.join(Caller.create().anonymously().withProof(proof));
    }

    /** Brings wrong proofs, each another one. */
    private void joinWrongly(TestRoom room, int times) {
        Stream.generate(this::wrongProof)
                .limit(times)
                .forEach(each -> room.assertRefused(WrongProofException.class, () -> joinWith(room, each)));
    }

    private TokenHash wrongProof() {
        return TokenHash.of("wrong proof " + wrong.incrementAndGet());
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
