package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a second node has to see that knew the room before it changed: it was made first, and has been asked already. */
abstract class NodeRules extends StoreRules {

    /** A room, how another node sees it, and a member that both know. */
    private record Both(TestRoom here, TestRoom elsewhere, Caller member) {}

    private Both both() {
        return both(room());
    }

    private Both both(TestRoom here) {
        var both = new Both(here, onOtherNode(here), here.join());
        askAll(both.elsewhere, both.member);
        askAll(both.here, both.member);
        return both;
    }

    private static void askAll(TestRoom node, Caller member) {
        assertThat(node.members()).contains(member.identity());
        assertThat(node.isMember(member)).isTrue();
        assertThat(node.isMember(node.owner())).isTrue();
        assertThat(node.post(member, "known").entry().sender()).isEqualTo(member.identity());
        assertThat(node.post("known").entry().sender()).isEqualTo(node.owner().identity());
        assertThat(node.log()).isNotEmpty();
    }

    @Test
    @Tag("S13")
    void s13_token_is_dead_on_a_node_that_knew_it() {
        Both both = both();

        both.here.leave(both.member);

        for (TestRoom node : new TestRoom[] {both.elsewhere, both.here}) {
            assertThat(node.isMember(both.member)).as("authenticate").isFalse();
            node.assertRefused(both.member, "late");
            assertThat(node.members()).containsExactly(node.owner().identity());
            assertThat(node.head()).isEqualTo(both.here.head());
        }
    }

    @Test
    @Tag("S5")
    @Tag("S13")
    void s5_s13_id_is_no_members_on_a_node_that_knew_it() {
        Both both = both();
        both.here.leave(both.member);

        var leave = new RoomChange.Leave(null);

        for (TestRoom node : new TestRoom[] {both.elsewhere, both.here}) {
            node.assertRefused(NotAParticipantException.class, () -> node.change(both.member.actorById(), leave));
        }
    }

    @Test
    @Tag("S8")
    void s8_destroyed_room_has_ended_on_a_node_that_knew_it() {
        Both both = both();

        both.here.destroy();

        both.elsewhere.assertEnded();
        assertThat(both.elsewhere.isMember(both.member)).isFalse();
        both.here.assertEnded();
    }

    @Test
    @Tag("S7")
    void s7_expired_room_has_ended_on_a_node_that_knew_it() {
        Both both = both(shortLivedRoom());

        passDeadline(both.here);

        both.elsewhere.assertEnded();
        assertThat(both.elsewhere.isMember(both.member)).isFalse();
    }

    @Test
    @Tag("S9")
    void s9_later_room_shares_nothing_on_a_node_that_knew_the_earlier() {
        Both both = both();
        both.here.destroy();

        TestRoom later = again(both.here);

        TestRoom elsewhere = later.on(both.elsewhere.store());
        assertThat(elsewhere.isMember(both.member)).isFalse();
        assertThat(elsewhere.isMember(both.here.owner())).isFalse();
        assertThat(elsewhere.state()).isEqualTo(later.state());
        assertThat(elsewhere.members()).containsExactly(later.owner().identity());
        assertThat(elsewhere.sequences()).containsExactly(1L);
        both.elsewhere.assertIncarnationEnded();
        assertThat(elsewhere.post("known").stored())
                .as("a key of the earlier room")
                .isTrue();
    }

    @Test
    @Tag("S3")
    void s3_entry_is_read_on_a_node_that_knew_an_older_head() {
        Both both = both();
        EntryId known = both.elsewhere.head();

        var appended = both.here.post("new");

        assertThat(both.elsewhere.head()).isEqualTo(appended.entry().id());
        assertThat(both.elsewhere.seat(both.member).orElseThrow().head())
                .isEqualTo(appended.entry().id());
        assertThat(both.elsewhere.readAfter(known).entries()).containsExactly(appended.entry());
        assertThat(both.elsewhere.post("new").stored()).isFalse();
    }

    @Test
    @Tag("S6")
    void s6_seats_are_counted_on_a_node_that_knew_fewer() {
        Both both = both(room(3));
        both.here.join();

        both.elsewhere.assertRefused(RoomFullException.class, both.elsewhere::join);

        both.here.leave(both.member);
        both.elsewhere.join();
        both.here.assertRefused(RoomFullException.class, both.here::join);
    }

    @Test
    @Tag("S6")
    void s6_token_that_was_dropped_is_dead_on_a_node_that_knew_it() {
        Both both = both();

        for (int i = 0; i < RoomStore.MAX_TOKENS_PER_SEAT; i++) {
            both.here.joinAgain(both.member);
        }

        assertThat(both.elsewhere.isMember(both.member)).isFalse();
        both.elsewhere.assertRefused(both.member, "late");
    }

    @Test
    @Tag("S14")
    void s14_role_counts_on_a_node_that_knew_another() {
        Both both = both();
        both.here.assign(both.member, Role.READER);
        both.elsewhere.assertRefused(NotPermittedException.class, () -> both.elsewhere.post(both.member, "late"));
        assertThat(both.elsewhere.seat(both.member).orElseThrow().member().role())
                .isEqualTo(Role.READER);

        both.here.assign(both.member, Role.OWNER);

        assertThat(both.elsewhere.change(both.member.actor(), new RoomChange.Property("a", "b")))
                .isPresent();
        both.elsewhere.assertRefused(NotPermittedException.class, () -> both.elsewhere.set("a", "c"));
    }

    @Test
    @Tag("S15")
    void s15_lock_counts_on_a_node_that_knew_the_room_open() {
        Both both = both();
        both.here.change(new RoomChange.Admission(true, new ProofChange.Keep()));
        both.elsewhere.assertRefused(RoomLockedException.class, both.elsewhere::join);

        both.here.change(new RoomChange.Admission(false, new ProofChange.Keep()));

        both.elsewhere.join();
        assertThat(both.here.members()).hasSize(3);
    }

    @Test
    @Tag("S16")
    @Tag("S19")
    void s16_s19_present_values_are_seen_on_a_node_that_knew_others() {
        Both both = both();
        var end = both.here.room().expiresAt().minusSeconds(60);
        both.here.change(new RoomChange.Deadline(end));
        both.here.set("topic", "value");
        both.here.change(new RoomChange.Admission(
                true, new ProofChange.Replace(Caller.create().token())));

        var expected =
                both.here.room().withExpiresAt(end).withAdmission(true, true).withProperties(Map.of("topic", "value"));
        assertThat(both.elsewhere.present()).isEqualTo(expected);
        assertThat(both.elsewhere.seat(both.member).orElseThrow().room()).isEqualTo(expected);
        assertThat(both.elsewhere.log()).last().returns(LogEntry.ADMISSION, LogEntry::kind);
    }
}
