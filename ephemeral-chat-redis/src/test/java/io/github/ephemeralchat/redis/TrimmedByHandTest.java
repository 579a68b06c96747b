package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C10: an operator has trimmed a room's log by hand, so that it is shorter than the room's fields say. */
class TrimmedByHandTest {

    private static final RedisServer SERVER = RedisServer.shared();
    private static final RedisCommands<String, String> REDIS = TestNodes.look(SERVER);
    private static final String TEXT = "0123456789";
    private static final String SEQUENCES = "\\d+";
    private static final String KEYS = "p_[^\0]+\0.*";

    private final TestNodes nodes = new TestNodes(SERVER.uri());
    private final ChatNode creator = ChatNode.open(SERVER.uri());
    private final Membership room = creator.room();
    private final String[] keys = new KeyNames("ec").keys(room.room().id());

    @AfterEach
    void closeNodes() {
        creator.close();
        nodes.close();
    }

    private RoomStore store(int maxEntries, long maxTextBytes) {
        return nodes.light(new LogLimits(maxEntries, maxTextBytes)).store();
    }

    private Appended append(RoomStore store, String key, String text) {
        Actor actor = new Actor.ByToken(TokenHash.of(room.token()));
        Draft draft = new Draft(LogEntry.MESSAGE, key, text);
        return store.change(room.room().id(), actor, new RoomChange.Post(draft)).orElseThrow();
    }

    private void appendMany(RoomStore store, int count) {
        for (int i = 0; i < count; i++) {
            append(store, "k" + i, TEXT);
        }
    }

    private List<Long> sequences(RoomStore store) {
        return store.readAfter(room.room().incarnation(), EntryId.START, 500).entries().stream()
                .map(entry -> entry.id().sequence())
                .toList();
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private long field(String name) {
        return Long.parseLong(REDIS.hget(keys[1], name));
    }

    /** Takes entries away, and nothing else. */
    private void remove(long first, long last) {
        REDIS.hdel(keys[1], range(first, last).stream().map(String::valueOf).toArray(String[]::new));
    }

    /** For how many entries the log has something beside its own three fields: themselves, or their keys. */
    private long fields(String pattern) {
        return REDIS.hkeys(keys[1]).stream()
                .filter(field -> field.matches(pattern))
                .count();
    }

    private static long calls() {
        return REDIS.info("commandstats")
                .lines()
                .filter(line -> line.matches("cmdstat_(hget|hmget|hgetall|hset|hdel):.*"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void postAfterATrimTakesFewRoundsAndKeepsItsKey() {
        RoomStore store = store(10_000, 3_000);
        appendMany(store, 250); // 2,500 bytes: entries 2 to 251.
        remove(2, 246);
        long rounds = calls();

        String large = "x".repeat(2_000);
        assertThat(append(store, "large", large).entry().id().sequence()).isEqualTo(252);

        assertThat(calls() - rounds).isLessThan(20);
        assertThat(append(store, "large", large).stored()).as("asked again").isFalse();
        assertThat(sequences(store)).isEqualTo(range(247, 252));
        assertThat(field("first")).isEqualTo(247);
        assertThat(field("text")).isEqualTo(2_050);
        assertThat(fields(KEYS)).as("keys of entries that are kept").isEqualTo(6);
    }

    @Test
    void roomAfterATrimKeepsAsManyEntriesAsBefore() {
        RoomStore store = store(20, 1 << 20);
        appendMany(store, 30);
        remove(12, 28); // 29 to 31 are left.

        for (int i = 0; i < 40; i++) {
            assertThat(append(store, "after" + i, TEXT).stored()).isTrue();
            assertThat(append(store, "after" + i, TEXT).stored()).isFalse();
            assertThat(sequences(store)).isEqualTo(range(Math.max(29, 13 + i), 32 + i));
        }
        assertThat(field("text")).isEqualTo(20L * TEXT.length());
        assertThat(fields(KEYS)).isEqualTo(20);
    }

    @Test
    void logWithAHoleKeepsItsNewestStretch() {
        RoomStore store = store(10, 1 << 20);
        appendMany(store, 9); // 1 is the owner's entry, 2 to 10 are messages.
        remove(6, 6);
        remove(1, 2); // 3 to 10 are left, without 6.

        append(store, "after", TEXT);

        assertThat(sequences(store)).isEqualTo(range(7, 11));
        assertThat(field("text")).isEqualTo(5L * TEXT.length());
        assertThat(fields(SEQUENCES)).isEqualTo(5);
        assertThat(fields(KEYS)).isEqualTo(5);
    }

    @Test
    void emptiedLogTakesPostsAgain() {
        RoomStore store = store(5, 1 << 20);
        appendMany(store, 8);
        remove(1, 9);

        assertThat(store.readAfter(room.room().incarnation(), EntryId.START, 10).entries())
                .isEmpty();
        appendMany(store, 3);

        assertThat(sequences(store)).isEqualTo(range(10, 12));
    }

    /** As if a file had been cut within a script's writes, or somebody had written into the log. */
    @Test
    void entryBeyondTheHeadIsReplaced() {
        RoomStore store = store(5, 1 << 20);
        appendMany(store, 3); // 1 to 4.
        String head = "1 5 1 " + 2 * TEXT.length();
        String stray = String.join("\0", head, "p_x", "X", LogEntry.MESSAGE, "=k", TEXT + TEXT);
        REDIS.hset(keys[1], Map.of("5", stray, "7", stray));
        assertThat(sequences(store)).isEqualTo(range(1, 4));

        for (int i = 0; i < 10; i++) {
            append(store, "after" + i, TEXT);
        }

        assertThat(sequences(store)).isEqualTo(range(10, 14));
        assertThat(fields(SEQUENCES)).isEqualTo(5);
        assertThat(field("text")).isEqualTo(5L * TEXT.length());
    }

    @Test
    void keyOfAnEntryThatWasRemovedIsFree() {
        RoomStore store = store(1_000, 1 << 20);
        append(store, "k", TEXT);
        assertThat(append(store, "k", TEXT).stored()).isFalse();
        remove(2, 2);

        Appended again = append(store, "k", TEXT);

        assertThat(again.stored()).isTrue();
        assertThat(again.entry().id().sequence()).isEqualTo(3);
        assertThat(append(store, "k", TEXT).stored()).isFalse();
    }

    /** A page ends before a hole; whoever then asks for what comes after it is told, and gets what is left. */
    @Test
    void holeIsToldOncePassed() {
        RoomStore store = store(1_000, 1 << 20);
        appendMany(store, 100);
        remove(10, 60);

        LogPage before = store.readAfter(room.room().incarnation(), EntryId.at(5), 500);
        assertThat(before.continuity()).isEqualTo(Continuity.CONTINUOUS);
        assertThat(before.entries()).extracting(entry -> entry.id().sequence()).isEqualTo(range(6, 9));
        EntryId ninth = before.entries().get(3).id();
        for (int limit : new int[] {1, 7, 500}) {
            LogPage after = store.readAfter(room.room().incarnation(), ninth, limit);
            assertThat(after.continuity()).isEqualTo(Continuity.TRUNCATED);
            assertThat(after.entries())
                    .extracting(entry -> entry.id().sequence())
                    .isEqualTo(range(61, Math.min(101, 60 + limit)));
        }
    }

    /** Below the limits no post trims, and so none counts anew: a read says what is missing. */
    @Test
    void readOfATrimmedPlaceIsTruncated() {
        RoomStore store = store(1_000, 1 << 20);
        appendMany(store, 20);
        EntryId fourth = store.readAfter(room.room().incarnation(), EntryId.at(3), 1)
                .entries()
                .get(0)
                .id();
        remove(1, 16); // 17 to 21 are left.

        for (EntryId place : List.of(EntryId.at(2), fourth)) {
            LogPage page = store.readAfter(room.room().incarnation(), place, 500);
            assertThat(page.continuity()).isEqualTo(Continuity.TRUNCATED);
            assertThat(page.entries())
                    .extracting(entry -> entry.id().sequence())
                    .startsWith(17L);
        }
        LogPage page = store.readAfter(room.room().incarnation(), EntryId.at(18), 500);
        assertThat(page.continuity()).isEqualTo(Continuity.CONTINUOUS);
        assertThat(page.entries()).extracting(entry -> entry.id().sequence()).isEqualTo(range(19, 21));
    }
}
