package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.MessageNotFoundException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who and what gets no body by a claim. */
@Tag("S18")
abstract class ClaimRefusalRules extends ClaimRulesBase {

    @Test
    @Tag("S14")
    void s14_s18_sender_and_readers_do_not_claim() {
        TestRoom room = room();
        var sender = room.join();
        LogEntry entry = room.append(sender, draft("k", 1)).entry();
        var reader = room.join();
        room.assign(reader, Role.READER);

        room.assertRefused(NotPermittedException.class, () -> room.claim(sender, entry));
        room.assertRefused(NotPermittedException.class, () -> room.claim(reader, entry));
        room.assertRefused(
                NotPermittedException.class,
                () -> room.store()
                        .claim(room.id(), sender.actorById(), entry.id().sequence()));
        assertThat(room.claim(room.owner(), entry).entry().body()).isEqualTo("text of k");
    }

    @Test
    @Tag("S14")
    void s14_s18_member_that_became_a_reader_does_not_repeat_its_claim() {
        TestRoom room = room();
        LogEntry entry = room.post("k", null, 2);
        var member = room.join();
        room.claim(member, entry);
        room.assign(member, Role.READER);

        room.assertRefused(NotPermittedException.class, () -> room.claim(member, entry));
    }

    @Test
    @Tag("S5")
    void s5_s18_only_members_claim() {
        TestRoom room = room();
        LogEntry entry = room.post("k", null, 1);
        long sequence = entry.id().sequence();

        room.assertRefused(NotAParticipantException.class, () -> room.claim(Caller.create(), entry));
        room.assertRefused(
                IllegalArgumentException.class, () -> room.store().claim(room.id(), TestRoom.HOST, sequence));
        TestRoom ended = destroyedRoom();
        assertThatExceptionOfType(RoomNotFoundException.class)
                .isThrownBy(() -> ended.store().claim(ended.id(), ended.owner().actor(), sequence));
    }

    @Test
    void s18_only_what_has_claims_is_claimed() {
        TestRoom room = room();
        LogEntry plain = room.post("plain").entry();
        LogEntry forgotten = room.post("forgotten").entry();
        room.forget(TestRoom.HOST, forgotten);
        var member = room.join();

        for (long sequence : List.of(plain.id().sequence(), forgotten.id().sequence(), 0L, 1L, 99L)) {
            room.assertRefused(
                    MessageNotFoundException.class, () -> room.store().claim(room.id(), member.actor(), sequence));
        }
    }

    @Test
    @Tag("S17")
    void s17_s18_deleted_body_is_not_handed_out_again() {
        TestRoom room = room();
        LogEntry open = room.post("open", null, 2);
        LogEntry taken = room.post("taken", null, 1);
        var member = room.join();
        room.claim(member, open);
        room.claim(member, taken);

        room.forget(room.owner().actor(), open);
        assertNothingStored(room, () -> room.forget(room.owner().actor(), taken));

        assertForgotten(room, member, open);
        assertForgotten(room, room.join(), open);
        assertForgotten(room, member, taken);
        assertThat(room.now(taken).life().forgotten()).isEqualTo(Forgotten.CLAIMED);
    }

    @Test
    @Tag("S17")
    void s17_s18_body_whose_time_is_over_is_not_handed_out_again() {
        TestRoom room = room();
        LogEntry open = room.post("open", contract().shortLife(), 2);
        LogEntry taken = room.post("taken", contract().shortLife(), 1);
        var member = room.join();
        room.claim(member, open);
        room.claim(member, taken);

        passUntil(room.store(), Objects.requireNonNull(taken.life().expiresAt()));

        assertForgotten(room, member, open);
        assertForgotten(room, room.join(), open);
        assertForgotten(room, member, taken);
        assertThat(room.now(open).life().forgotten()).isEqualTo(Forgotten.EXPIRED);
        assertThat(room.now(taken).life().forgotten()).isEqualTo(Forgotten.CLAIMED);
    }

    @Test
    void s18_member_that_comes_back_has_claimed_already() {
        TestRoom room = room();
        LogEntry entry = room.post("k", null, 2);
        var member = room.join();
        room.claim(member, entry);
        room.leave(member);
        var back = room.joinAgain(member);

        Claimed again = room.claim(back, entry);

        assertThat(again.appended()).isNull();
        assertThat(room.now(entry).life().claimsLeft()).isEqualTo(1);
    }

    @Test
    @Tag("S10")
    void s10_s18_what_was_trimmed_is_not_there_to_be_claimed() {
        TestRoom room = room(new LogLimits(3, MUCH_TEXT));
        LogEntry entry = room.post("k", null, 1);
        var member = room.join();
        room.post("a", "b", "c");

        room.assertRefused(MessageNotFoundException.class, () -> room.claim(member, entry));
    }
}
