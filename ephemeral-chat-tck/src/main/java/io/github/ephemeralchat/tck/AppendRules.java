package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code append} has to hold. */
abstract class AppendRules extends StoreRules {

    @Test
    @Tag("S2")
    void s2_sequences_are_dense_over_all_kinds_of_entries() {
        TestRoom room = room();
        var member = room.join();
        room.post(member, "a");
        room.post("a");
        room.leave(member);
        room.join();

        assertThat(room.sequences()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    @Tag("S2")
    void s2_nonces_are_drawn_at_random() {
        TestRoom room = room();
        IntStream.range(0, 50).forEach(i -> room.post("k" + i));
        TestRoom twin = room();

        var log = room.log();

        assertThat(log)
                .extracting(entry -> entry.id().nonce())
                .allMatch(nonce -> nonce >= 1)
                .doesNotHaveDuplicates();
        assertThat(twin.head()).isNotEqualTo(log.get(0).id());
    }

    @Test
    @Tag("S3")
    void s3_entry_is_kept_as_it_is_on_every_node() {
        TestRoom room = room();
        var before = room.head();
        String body = "a\n\r\n\t\u0000\u0001\u2028 \" \\ ' {} %s \ud834\udd1e \u00e9 ";

        var appended = room.append(room.owner(), new Draft("x.unknown", "K-_1", body));

        assertAppended(room, before, appended);
        assertEntry(appended.entry(), "x.unknown", room.owner().identity(), "K-_1", body);
        assertThat(onOtherNode(room).readAfter(before).entries()).containsExactly(appended.entry());
        assertThat(onOtherNode(room).head()).isEqualTo(appended.entry().id());
    }

    @Test
    @Tag("S3")
    void s3_entry_bears_the_time_of_the_store() {
        TestRoom room = room();
        var leeway = contract().timeTolerance().plusMillis(1);
        var before = room.store().now().minus(leeway);

        var at = room.post("k").entry().at();

        assertThat(at).isBetween(before, room.store().now().plus(leeway));
    }

    @Test
    @Tag("S4")
    void s4_retry_returns_the_entry_and_stores_nothing() {
        TestRoom room = room();
        var first = room.post(room.owner(), "k", "first").entry();
        room.post("other");
        var head = room.head();

        var retry = onOtherNode(room).post(room.owner(), "k", "another text");

        assertThat(retry.stored()).isFalse();
        assertThat(retry.entry()).isEqualTo(first);
        assertThat(room.head()).isEqualTo(head);
        assertThat(room.keys()).containsExactly("k", "other");
    }

    @Test
    @Tag("S4")
    void s4_retry_with_another_token_of_the_member_stores_nothing() {
        TestRoom room = room();
        var phone = room.join();
        var laptop = room.joinAgain(phone);
        var first = room.post(phone, "k").entry();
        assertThat(room.post(laptop, "k").stored()).isFalse();

        room.leave(phone);

        var retry = room.post(room.joinAgain(phone), "k");
        assertThat(retry.stored()).as("after leaving and coming back").isFalse();
        assertThat(retry.entry()).isEqualTo(first);
    }

    @Test
    @Tag("S4")
    void s4_same_key_of_another_member_is_another_entry() {
        TestRoom room = room();
        var member = room.join();
        room.post("k");

        var other = room.post(member, "k");

        assertThat(other.stored()).isTrue();
        assertThat(other.entry().sender()).isEqualTo(member.identity());
        assertThat(room.keys()).containsExactly("k", "k");
    }

    @Test
    @Tag("S4")
    @Tag("S10")
    void s4_s10_key_counts_as_long_as_its_entry_is_kept() {
        TestRoom room = room(new LogLimits(3, MUCH_TEXT));
        room.post("a", "b", "c");

        assertThat(room.post("a").stored()).as("still kept").isFalse();
        room.post("d");
        assertThat(room.post("a").stored()).as("trimmed").isTrue();
        assertThat(room.post("a").stored()).as("kept again").isFalse();
        assertThat(room.keys()).containsExactly("c", "d", "a");
    }

    @Test
    @Tag("S4")
    @Tag("S10")
    void s4_s10_key_counts_no_more_if_its_entry_is_trimmed_for_bytes() {
        TestRoom room = room(new LogLimits(100, 10));
        room.post(room.owner(), "a", "12345");
        room.post(room.owner(), "b", "12345");
        assertThat(room.post("a").stored()).as("still kept").isFalse();

        room.post(room.owner(), "c", "12345");

        assertThat(room.post(room.owner(), "a", "12345").stored()).as("trimmed").isTrue();
        assertThat(room.post("c").stored()).as("still kept").isFalse();
        assertThat(room.post("a").stored()).as("kept again").isFalse();
        assertThat(room.keys()).containsExactly("c", "a");
    }

    @Test
    @Tag("S5")
    void s5_token_counts_for_its_member_in_its_room_only() {
        TestRoom room = room();
        TestRoom other = roomIn(room.store());

        assertRefused(other, room.owner());
        assertRefused(room, other.owner());
        assertRefused(room, Caller.create());
        assertRefused(room, room.owner().withNewToken());

        assertThat(room.sequences()).containsExactly(1L);
    }

    @Test
    @Tag("S5")
    void s5_append_by_a_member_that_left_is_refused() {
        TestRoom room = room();
        var member = room.join();
        room.post(member, "k");
        room.leave(member);

        assertRefused(room, member);
        room.assertRefused(member, "k");
        assertThat(room.keys()).containsExactly("k");
    }

    @Test
    @Tag("S5")
    @Tag("S9")
    void s5_s9_token_of_an_earlier_incarnation_is_no_members() {
        TestRoom old = destroyedRoom();
        TestRoom room = again(old);

        assertRefused(room, old.owner());

        assertThat(room.sequences()).containsExactly(1L);
    }

    private static void assertRefused(TestRoom room, Caller caller) {
        assertThat(room.isMember(caller)).as("authenticate").isFalse();
        room.assertRefused(caller, "refused");
    }

    @Test
    @Tag("S10")
    void s10_newest_entries_are_kept_and_the_others_trimmed() {
        TestRoom room = room(new LogLimits(4, MUCH_TEXT));
        room.post("a", "b", "c");
        assertThat(room.sequences()).as("exactly at the limit").containsExactly(1L, 2L, 3L, 4L);
        room.post("d", "e");
        assertThat(room.sequences()).containsExactly(3L, 4L, 5L, 6L);

        TestRoom ofOne = room(new LogLimits(1, MUCH_TEXT));
        ofOne.post("a", "b");
        assertThat(ofOne.keys()).containsExactly("b");
        assertThat(ofOne.sequences()).containsExactly(3L);
    }

    @Test
    @Tag("S10")
    void s10_joins_and_leaves_count_as_entries() {
        TestRoom room = room(new LogLimits(2, MUCH_TEXT));
        room.post("a");

        room.leave(room.join());

        assertThat(room.log()).extracting(LogEntry::kind).containsExactly(LogEntry.JOINED, LogEntry.LEFT);
    }

    @Test
    @Tag("S10")
    void s10_text_is_limited_in_bytes_of_utf8() {
        TestRoom room = room(new LogLimits(100, 10));
        room.post(room.owner(), "a", "123");
        room.post(room.owner(), "b", "\u00e9\u00e9\u00e9");
        room.post(room.owner(), "c", "7");
        assertThat(room.keys()).as("exactly at the limit").containsExactly("a", "b", "c");

        room.post(room.owner(), "d", "8");
        assertThat(room.keys()).containsExactly("b", "c", "d");
    }

    @Test
    @Tag("S10")
    void s10_bytes_of_trimmed_entries_are_credited() {
        // A byte more than four texts, so that the number of entries is what trims; and exactly three.
        LogLimits fourEntries = new LogLimits(4, 81);
        TestRoom byCount = room(fourEntries);
        TestRoom byBytes = room(new LogLimits(100, 60));
        TestRoom withChanges = room(fourEntries);
        String text = "a text of 20 bytes..";

        for (int i = 0; i < 50; i++) {
            byCount.post(byCount.owner(), "k" + i, text);
            byBytes.post(byBytes.owner(), "k" + i, i % 2 == 0 ? text : text.substring(1));
            withChanges.post(withChanges.owner(), "k" + i, text);
            withChanges.set("topic", "value " + i);
            withChanges.leave(withChanges.join());
        }

        assertThat(byCount.keys()).containsExactly("k46", "k47", "k48", "k49");
        assertThat(byBytes.keys()).containsExactly("k47", "k48", "k49");
        assertThat(withChanges.log()).hasSize(4);
        assertThat(withChanges.keys()).containsExactly("k49");
        assertStored(byCount, () -> Optional.of(byCount.post("last")));
        assertStored(byBytes, () -> Optional.of(byBytes.post("last")));
    }

    @Test
    @Tag("S10")
    void s10_newest_entry_is_kept_even_if_it_alone_is_too_large() {
        TestRoom room = room(new LogLimits(100, 10));
        room.post("a");

        room.post(room.owner(), "big", "more than ten bytes");
        assertThat(room.keys()).containsExactly("big");
        assertThat(room.log()).hasSize(1);

        room.post(room.owner(), "small", "s");
        assertThat(room.keys()).containsExactly("small");
    }
}
