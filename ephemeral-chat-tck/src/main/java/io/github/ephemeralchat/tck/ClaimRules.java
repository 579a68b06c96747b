package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What claims hand out, and how often. */
@Tag("S18")
abstract class ClaimRules extends ClaimRulesBase {

    private static final int MANY = 100;
    private static final Duration AFTER_REPEATS = RoomStore.CLAIM_REPEATS.plusMillis(1);

    @Test
    void s18_body_with_claims_is_in_no_page() {
        TestRoom room = room();

        Appended posted = room.append(room.owner(), draft("k", 2));

        LogEntry entry = posted.entry();
        assertEntryWithoutBody(entry, new BodyLife(null, 2, null));
        assertThat(onOtherNode(room).now(entry)).isEqualTo(entry);
        assertThat(room.append(room.owner(), draft("k", 2)).entry()).isEqualTo(entry);
    }

    private static void assertEntryWithoutBody(LogEntry entry, BodyLife life) {
        assertThat(entry.body()).isEmpty();
        assertThat(entry.life()).isEqualTo(life);
    }

    @Test
    void s18_claim_hands_out_the_body() {
        TestRoom room = room();
        LogEntry entry = room.post("k", null, 2);
        var member = room.join();
        EntryId head = room.head();

        Claimed claimed = onOtherNode(room).claim(member, entry);

        assertThat(claimed.entry()).isEqualTo(withBody(entry, new BodyLife(null, 1, null)));
        Appended told = Objects.requireNonNull(claimed.appended());
        assertTold(room, head, told);
        String body = EntryBody.claimed(entry.id().sequence(), 1);
        assertEntry(told.entry(), LogEntry.CLAIMED, member.identity(), null, body);
        assertEntryWithoutBody(room.now(entry), new BodyLife(null, 1, null));
    }

    /** What a log counts is not what its pages show, as long as a body in it has claims. */
    private static void assertTold(TestRoom room, EntryId head, Appended told) {
        assertThat(told.stored()).isTrue();
        assertThat(told.room()).isEqualTo(room.incarnation());
        assertThat(told.previous()).isEqualTo(head);
        assertThat(told.entry().id().sequence()).isEqualTo(head.sequence() + 1);
        assertThat(room.log()).endsWith(told.entry());
        assertThat(room.head()).isEqualTo(told.entry().id());
    }

    @Test
    void s18_last_claim_forgets_the_body() {
        TestRoom room = room();
        LogEntry entry = room.post("k", null, 2);
        room.claim(room.join(), entry);
        var last = room.join();
        EntryId head = room.head();

        Claimed claimed = room.claim(last, entry);

        assertThat(claimed.entry()).isEqualTo(withBody(entry, new BodyLife(null, null, Forgotten.CLAIMED)));
        Appended told = Objects.requireNonNull(claimed.appended());
        assertTold(room, head, told);
        String body = EntryBody.forgotten(entry.id().sequence(), Forgotten.CLAIMED);
        assertEntry(told.entry(), LogEntry.FORGOTTEN, last.identity(), null, body);
        assertEntryWithoutBody(onOtherNode(room).now(entry), new BodyLife(null, null, Forgotten.CLAIMED));
        assertThat(told.logBytes())
                .isEqualTo(room.log().stream()
                        .mapToLong(one -> one.size() + LogEntry.OVERHEAD_BYTES)
                        .sum());
        assertForgotten(room, room.join(), entry);
    }

    @Test
    void s18_claim_is_repeated() {
        TestRoom room = room();
        LogEntry entry = room.post("k", null, 2);
        var first = room.join();
        var last = room.join();

        Claimed once = room.claim(first, entry);
        assertRepeats(room, first, entry, once.entry());
        Claimed all = room.claim(last, entry);
        assertRepeats(room, first, entry, all.entry());
        assertRepeats(room, last, entry, all.entry());
        if (isTimeExact()) {
            contract().passTime(RoomStore.CLAIM_REPEATS.minusMillis(1));
            assertRepeats(room, last, entry, all.entry());
        }
    }

    private void assertRepeats(TestRoom room, Caller caller, LogEntry entry, LogEntry claimed) {
        var head = room.head();
        Claimed again = onOtherNode(room).claim(caller, entry);
        assertThat(again.appended()).isNull();
        assertThat(again.entry()).isEqualTo(claimed);
        assertThat(room.head()).isEqualTo(head);
    }

    @Test
    void s18_claim_is_repeated_for_a_while() {
        assumeTrue(contract().passesMinutes(), "half a minute is too long for this test");
        TestRoom room = room();
        LogEntry open = room.post("open", null, 2);
        LogEntry taken = room.post("taken", null, 1);
        var member = room.join();
        room.claim(member, open);
        room.claim(member, taken);

        contract().passTime(AFTER_REPEATS);

        assertForgotten(room, member, open);
        assertForgotten(room, member, taken);
        assertThat(room.claim(room.join(), open).entry().body()).isEqualTo("text of open");
        assertForgotten(room, member, open);
    }

    @Test
    void s18_each_claim_has_its_own_while() {
        assumeTrue(isTimeExact(), "this test takes most of a minute");
        TestRoom room = room();
        LogEntry entry = room.post("k", null, 2);
        var first = room.join();
        var last = room.join();
        room.claim(first, entry);
        contract().passTime(RoomStore.CLAIM_REPEATS.dividedBy(2));
        room.claim(last, entry);

        contract().passTime(RoomStore.CLAIM_REPEATS.dividedBy(2));

        assertForgotten(room, first, entry);
        assertThat(room.claim(last, entry).entry().body()).isEqualTo("text of k");
    }

    @Test
    @Tag("S10")
    void s10_s18_body_is_handed_out_though_its_entry_is_pushed_out() {
        TestRoom room = room(new LogLimits(3, MUCH_TEXT));
        var member = room.join();
        LogEntry entry = room.post("k", null, 1);
        room.post("a", "b");

        assertThat(room.claim(member, entry).entry().body()).isEqualTo("text of k");
        assertThat(room.keys()).containsExactly("a", "b");
    }

    @Test
    @Tag("S10")
    void s10_s18_bytes_of_a_claimed_body_are_credited() {
        TestRoom room = room(new LogLimits(100, 1000));
        LogEntry entry = room.append(room.owner(), new Draft(LogEntry.MESSAGE, "k", "x".repeat(900)).withLife(null, 1))
                .entry();
        room.claim(room.join(), entry);

        room.post(room.owner(), "next", "y".repeat(900));

        assertThat(room.keys()).containsExactly("k", "next");
    }

    @Test
    @Tag("S10")
    void s10_s18_body_with_claims_is_counted() {
        TestRoom room = room(new LogLimits(100, 1000));
        room.append(room.owner(), new Draft(LogEntry.MESSAGE, "k", "x".repeat(900)).withLife(null, 1));

        room.post(room.owner(), "next", "y".repeat(900));

        assertThat(room.keys()).containsExactly("next");
    }

    @Test
    @Tag("S1")
    void s1_s18_no_more_members_claim_than_may() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room(MANY);
            LogEntry entry = room.post("k", null, 3);
            List<Caller> members = Stream.generate(room::join).limit(CALLERS).toList();

            List<String> bodies = crowd.all(i -> bodyOrNothing(onOtherNode(room), members.get(i), entry));

            assertThat(bodies).filteredOn(Objects::nonNull).hasSize(3).containsOnly("text of k");
            assertThat(room.log())
                    .extracting(LogEntry::kind)
                    .containsSequence(LogEntry.CLAIMED, LogEntry.CLAIMED, LogEntry.FORGOTTEN);
        }
    }

    @Test
    @Tag("S1")
    void s1_s18_member_claims_once_on_many_devices() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room(MANY);
            LogEntry entry = room.post("k", null, 5);
            var member = room.join();

            List<Claimed> all = crowd.all(i -> onOtherNode(room).claim(member, entry));

            assertThat(all).filteredOn(one -> one.appended() != null).hasSize(1);
            assertThat(room.now(entry).life().claimsLeft()).isEqualTo(4);
        }
    }

    @Test
    @Tag("S17")
    void s17_s18_nothing_is_held_of_what_all_have_claimed() {
        assumeTrue(contract().passesMinutes(), "half a minute is too long for this test");
        TestRoom room = room();
        String copy = "canary-" + UUID.randomUUID();
        WeakReference<String> body = postAndClaim(room, copy);

        contract().passTime(AFTER_REPEATS);

        assertBodyNotHeld(room.store(), "a body that was claimed", body, copy);
        assertThat(room.keys()).containsExactly("k");
    }

    private static WeakReference<String> postAndClaim(TestRoom room, String copy) {
        String body = String.valueOf(copy.toCharArray());
        LogEntry entry = room.append(room.owner(), new Draft(LogEntry.MESSAGE, "k", body).withLife(null, 1))
                .entry();
        assertThat(room.claim(room.join(), entry).entry().body()).isEqualTo(copy);
        return new WeakReference<>(body);
    }

    private static @Nullable String bodyOrNothing(TestRoom room, Caller caller, LogEntry entry) {
        try {
            return room.claim(caller, entry).entry().body();
        } catch (ForgottenException e) {
            return null;
        }
    }

    private static LogEntry withBody(LogEntry entry, BodyLife life) {
        return new LogEntry(entry.id(), entry.kind(), entry.sender(), entry.key(), "text of k", entry.at(), life);
    }
}
