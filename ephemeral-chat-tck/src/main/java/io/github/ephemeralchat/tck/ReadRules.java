package io.github.ephemeralchat.tck;

import static io.github.ephemeralchat.spi.LogPage.Continuity.CONTINUOUS;
import static io.github.ephemeralchat.spi.LogPage.Continuity.FORKED;
import static io.github.ephemeralchat.spi.LogPage.Continuity.TRUNCATED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code readAfter} has to hold. */
abstract class ReadRules extends StoreRules {

    private static final LogLimits FOUR_ENTRIES = new LogLimits(4, MUCH_TEXT);

    @Test
    @Tag("S2")
    void s2_place_above_the_head_is_forked() {
        TestRoom room = roomWithSixEntries(LogLimits.DEFAULT);

        assertPage(room, EntryId.at(7), FORKED, 1);
        assertPage(room, new EntryId(7, room.head().nonce()), FORKED, 1);
        assertPage(room, new EntryId(Long.MAX_VALUE, EntryId.MAX_NONCE), FORKED, 1);
    }

    @Test
    @Tag("S2")
    void s2_place_with_another_nonce_is_forked() {
        TestRoom room = roomWithSixEntries(LogLimits.DEFAULT);

        assertPage(room, withAnotherNonce(room.log().get(0).id()), FORKED, 1);
        assertPage(room, withAnotherNonce(room.log().get(3).id()), FORKED, 1);
        assertPage(room, withAnotherNonce(room.head()), FORKED, 1);
        assertPage(room, new EntryId(3, room.log().get(3).id().nonce()), FORKED, 1);
    }

    @Test
    @Tag("S3")
    void s3_page_continues_the_start_a_kept_entry_and_the_head() {
        TestRoom room = roomWithSixEntries(LogLimits.DEFAULT);

        assertPage(room, EntryId.START, CONTINUOUS, 1);
        assertPage(room, room.log().get(0).id(), CONTINUOUS, 2);
        assertPage(room, room.log().get(3).id(), CONTINUOUS, 5);
        assertPage(room, EntryId.at(4), CONTINUOUS, 5);
        assertPage(room, room.head(), CONTINUOUS, 7);
        assertPage(room, EntryId.at(6), CONTINUOUS, 7);
    }

    @Test
    @Tag("S3")
    void s3_pages_of_any_limit_make_the_whole_log() {
        TestRoom room = room();
        post(room, 40);
        var whole = room.log();

        for (int limit : new int[] {1, 2, 7, 41, 1000, Integer.MAX_VALUE}) {
            assertThat(room.log(limit)).as("pages of %d", limit).isEqualTo(whole);
        }
        assertDense(whole, 1, 41);
    }

    @Test
    @Tag("S10")
    void s10_place_below_a_trimmed_entry_is_truncated() {
        TestRoom room = roomWithSixEntries(FOUR_ENTRIES);

        assertPage(room, EntryId.START, TRUNCATED, 3);
        assertPage(room, EntryId.at(1), TRUNCATED, 3);
        assertPage(room, new EntryId(1, 1), TRUNCATED, 3);
    }

    @Test
    @Tag("S10")
    void s10_place_whose_nonce_cannot_be_verified_is_truncated() {
        TestRoom room = room(FOUR_ENTRIES);
        assertPage(room, new EntryId(0, 1), TRUNCATED, 1);
        post(room, 1);
        var second = room.head();
        post(room, 4);
        assertThat(room.sequences()).containsExactly(3L, 4L, 5L, 6L);

        assertPage(room, EntryId.at(2), CONTINUOUS, 3);
        assertPage(room, second, TRUNCATED, 3);
        assertPage(room, withAnotherNonce(second), TRUNCATED, 3);
    }

    @Test
    @Tag("S10")
    void s10_kept_part_of_a_trimmed_log_is_still_verified() {
        TestRoom room = roomWithSixEntries(FOUR_ENTRIES);
        var first = room.log().get(0).id();

        assertPage(room, first, CONTINUOUS, 4);
        assertPage(room, withAnotherNonce(first), FORKED, 3);
        assertPage(room, EntryId.at(7), FORKED, 3);
    }

    @Test
    @Tag("S2")
    void s2_forked_page_has_no_more_entries_than_asked_for() {
        TestRoom room = roomWithSixEntries(LogLimits.DEFAULT);
        for (EntryId place : List.of(EntryId.at(7), withAnotherNonce(room.head()))) {
            for (int limit : new int[] {1, 2, 5, 6}) {
                var page = room.readAfter(place, limit);

                assertThat(page.continuity()).isEqualTo(FORKED);
                assertThat(page.entries()).isEqualTo(room.log().subList(0, limit));
                assertThat(page.head()).isEqualTo(room.head());
            }
        }
    }

    @Test
    @Tag("S10")
    void s10_truncated_page_begins_with_the_oldest_kept() {
        TestRoom room = roomWithSixEntries(FOUR_ENTRIES);

        var page = room.readAfter(EntryId.START, 2);

        assertThat(page.continuity()).isEqualTo(TRUNCATED);
        assertThat(page.entries()).isEqualTo(room.log().subList(0, 2));
    }

    private TestRoom roomWithSixEntries(LogLimits limits) {
        TestRoom room = room(limits);
        post(room, 5);
        return room;
    }

    private static void post(TestRoom room, int count) {
        IntStream.range(0, count).forEach(i -> room.post("k" + room.head().sequence()));
    }

    private static EntryId withAnotherNonce(EntryId id) {
        return new EntryId(id.sequence(), id.nonce() == 1 ? 2 : id.nonce() - 1);
    }

    /** Asserts how a page continues a place, and that it goes from a sequence to the head. */
    private static void assertPage(TestRoom room, EntryId after, Continuity continuity, long first) {
        var page = room.readAfter(after);

        assertThat(page.continuity()).as("page after %s", after).isEqualTo(continuity);
        assertThat(page.head()).isEqualTo(room.head());
        assertDense(page.entries(), first, room.head().sequence());
    }
}
