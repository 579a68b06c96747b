package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whom a room takes: its lock, its proof, and what passes them. */
@Tag("S15")
abstract class AdmissionRules extends AdmissionRulesBase {

    private static final TokenHash OTHER_PROOF = TokenHash.of("another proof");

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
}
