package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The entries that changes append: whose they are, and what they say. */
abstract class ChangeRules extends StoreRules {

    private static final Identity BY_HOST = new Identity(Identity.HOST_ID, "Host");
    private static final int CHARACTERS_OF_A_TEXT = 4000;
    private static final int CHARACTERS_A_BODY = 0x2000;

    @Test
    @Tag("S14")
    void s14_change_by_a_member_is_its_own_entry() {
        TestRoom room = room();
        assertChanges(room, room.owner().actor(), room.owner().identity());
    }

    @Test
    @Tag("S14")
    void s14_change_by_a_member_whom_the_host_names_is_its_own_entry() {
        TestRoom room = room();
        assertChanges(room, room.owner().actorById(), room.owner().identity());
    }

    @Test
    @Tag("S14")
    void s14_change_by_the_host_is_the_hosts_entry() {
        assertChanges(room(), TestRoom.HOST, BY_HOST);
    }

    private void assertChanges(TestRoom room, Actor actor, Identity by) {
        var member = room.join();
        String id = member.identity().id();
        Instant end = room.room().expiresAt().minusSeconds(60);

        assertChange(room, actor, by, new RoomChange.Deadline(end), LogEntry.DEADLINE, EntryBody.deadline(end));
        assertAdmission(room, actor, by, new RoomChange.Admission(true, new ProofChange.Keep()), true, false);
        assertAdmission(room, actor, by, admission(new ProofChange.Replace(member.token())), true, true);
        assertAdmission(room, actor, by, new RoomChange.Admission(false, new ProofChange.Keep()), false, true);
        assertAdmission(room, actor, by, admission(new ProofChange.Remove()), false, false);
        assertChange(
                room,
                actor,
                by,
                new RoomChange.Assign(id, Role.READER),
                LogEntry.ROLE,
                EntryBody.role(member.identity(), Role.READER));
        assertChange(room, actor, by, new RoomChange.Property("a", "b=c"), LogEntry.PROPERTY, "a=b=c");
        assertChange(room, actor, by, new RoomChange.Property("a", null), LogEntry.PROPERTY, "a");
        assertChange(room, actor, member.identity(), new RoomChange.Leave(id), LogEntry.LEFT, "");
        assertChange(
                room, actor, by, new RoomChange.Post(new Draft(LogEntry.NOTICE, "k", "b")), LogEntry.NOTICE, "k", "b");
        assertThat(onOtherNode(room).log()).isEqualTo(room.log());
        assertDense(room.log(), 1, 12);
    }

    private static RoomChange.Admission admission(ProofChange proof) {
        return new RoomChange.Admission(null, proof);
    }

    private static void assertAdmission(
            TestRoom room, Actor actor, Identity by, RoomChange change, boolean locked, boolean proofRequired) {
        assertChange(room, actor, by, change, LogEntry.ADMISSION, EntryBody.admission(locked, proofRequired));
        assertThat(room.present().locked()).isEqualTo(locked);
        assertThat(room.present().proofRequired()).isEqualTo(proofRequired);
    }

    private static void assertChange(
            TestRoom room, Actor actor, Identity by, RoomChange change, String kind, String body) {
        assertChange(room, actor, by, change, kind, null, body);
    }

    private static void assertChange(
            TestRoom room,
            Actor actor,
            Identity by,
            RoomChange change,
            String kind,
            @Nullable String key,
            String body) {
        var appended = assertStored(room, () -> room.change(actor, change));
        assertEntry(appended.entry(), kind, by, key, body);
    }

    @Test
    @Tag("S4")
    void s4_hosts_key_is_the_hosts_alone() {
        TestRoom room = room();
        room.post("k");
        var post = new RoomChange.Post(new Draft(LogEntry.NOTICE, "k", "text"));

        var first = assertStored(room, () -> room.change(TestRoom.HOST, post));
        var retry =
                onOtherNode(room).change(new Actor.Host("Another name"), post).orElseThrow();

        assertThat(retry.stored()).isFalse();
        assertThat(retry.entry()).isEqualTo(first.entry());
        assertThat(room.keys()).containsExactly("k", "k");
    }

    @Test
    @Tag("S4")
    void s4_retry_by_id_of_what_was_posted_by_token_stores_nothing() {
        TestRoom room = room();
        var member = room.join();
        var first = room.post(member, "k");

        var retry = room.change(member.actorById(), new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k", "")));

        assertThat(retry.orElseThrow().stored()).isFalse();
        assertThat(retry.orElseThrow().entry()).isEqualTo(first.entry());
    }

    @Test
    @Tag("S4")
    void s4_same_key_for_another_kind_stores_nothing() {
        TestRoom room = room();
        var first = room.post("k").entry();

        var retry = room.append(room.owner(), new Draft("x-kind", "k", "another"));

        assertThat(retry.stored()).isFalse();
        assertThat(retry.entry()).isEqualTo(first);
        assertThat(room.keys()).containsExactly("k");
    }

    @Test
    @Tag("S20")
    void s20_unknown_kinds_are_kept_as_they_are() {
        TestRoom room = room();
        List<String> kinds =
                List.of("x-reaction", "X-Reaction", "joined2", "future", "x-\u00e9 \" :", "x-" + "k".repeat(100));

        for (String kind : kinds) {
            var appended = room.append(room.owner(), new Draft(kind, "key of " + kind, "body of " + kind));
            assertEntry(appended.entry(), kind, room.owner().identity(), "key of " + kind, "body of " + kind);
            assertThat(appended.signal().entry()).isEqualTo(appended.entry());
        }

        var stored = onOtherNode(room).log();
        assertThat(stored.subList(1, stored.size())).extracting(LogEntry::kind).isEqualTo(kinds);
        assertThat(stored).isEqualTo(room.log());
    }

    @Test
    @Tag("S20")
    void s20_kinds_that_the_store_writes_have_no_effect_if_posted() {
        TestRoom room = room();
        var member = room.join();
        var before = room.state();
        List<String> kinds = List.of(
                LogEntry.JOINED,
                LogEntry.LEFT,
                LogEntry.NOTICE,
                LogEntry.DEADLINE,
                LogEntry.ADMISSION,
                LogEntry.ROLE,
                LogEntry.PROPERTY);

        for (String kind : kinds) {
            assertThat(room.append(member, new Draft(kind, kind, "a=b")).stored())
                    .isTrue();
        }

        assertThat(room.present()).isEqualTo(before.room());
        assertThat(room.state().members()).isEqualTo(before.members());
    }

    @Test
    @Tag("S20")
    void s20_body_may_hold_every_character() {
        TestRoom room = room();
        for (int from = 0; from <= Character.MAX_CODE_POINT; from += CHARACTERS_A_BODY) {
            assertKept(room, charactersFrom(from));
        }
    }

    private static String charactersFrom(int from) {
        return IntStream.range(from, from + CHARACTERS_A_BODY)
                .filter(c -> !isSurrogate(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    @Test
    @Tag("S3")
    void s3_long_body_is_kept_whole() {
        TestRoom room = room();

        assertKept(room, "\ud834\udd1e".repeat(CHARACTERS_OF_A_TEXT));
        assertKept(room, "\u20ac".repeat(1 << 16));
        assertKept(room, "x".repeat((1 << 16) + 1));
        assertKept(room, "");
        assertKept(room, " ");
        assertKept(room, "a  ");
    }

    private void assertKept(TestRoom room, String body) {
        var appended = room.append(
                room.owner(),
                new Draft(
                        "x-kind", String.format(Locale.ROOT, "k%d", room.head().sequence()), body));
        assertThat(appended.entry().body()).isEqualTo(body);
        TestRoom elsewhere = onOtherNode(room);
        var page = elsewhere.readAfter(appended.previous(), 1);
        assertThat(page.entries()).containsExactly(appended.entry());
    }

    @Test
    @Tag("S3")
    void s3_large_entries_between_small_ones_are_read() {
        TestRoom room = room();
        String large = "x".repeat((int) MUCH_TEXT);
        room.post(room.owner(), "a", large);
        room.post("b");
        room.post(room.owner(), "c", large);
        room.post(room.owner(), "d", large);
        room.post("e");

        for (int limit : new int[] {1, 2, 100}) {
            assertThat(room.log(limit)).extracting(LogEntry::key).containsExactly(null, "a", "b", "c", "d", "e");
        }
        var second = Caller.create();
        room.join(second);
        assertThat(room.log()).hasSize(7);
    }
}
