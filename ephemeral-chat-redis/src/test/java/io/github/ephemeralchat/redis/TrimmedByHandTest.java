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
import io.lettuce.core.Range;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C10: an operator has trimmed a room's log by hand, so that it is shorter than the room's fields say. */
class TrimmedByHandTest {

    private static final RedisServer SERVER = RedisServer.shared();
    private static final RedisCommands<String, String> REDIS = TestNodes.look(SERVER);
    private static final String TEXT = "0123456789";

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
        return Long.parseLong(REDIS.hget(keys[0], name));
    }

    private static long calls(String command) {
        return REDIS.info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void postAfterXtrimTakesFewRoundsAndKeepsItsKey() {
        RoomStore store = store(10_000, 3_000);
        appendMany(store, 250); // 2,500 bytes: entries 2 to 251.
        REDIS.xtrim(keys[1], 5);
        long rounds = calls("xrange") + calls("xtrim");

        String large = "x".repeat(2_000);
        assertThat(append(store, "large", large).entry().id().sequence()).isEqualTo(252);

        assertThat(calls("xrange") + calls("xtrim") - rounds).isLessThan(20);
        assertThat(append(store, "large", large).stored()).as("asked again").isFalse();
        assertThat(sequences(store)).isEqualTo(range(247, 252));
        assertThat(field("first")).isEqualTo(247);
        assertThat(field("text")).isEqualTo(2_050);
        assertThat(REDIS.hlen(keys[3])).as("keys of entries that are kept").isEqualTo(6);
        assertThat(REDIS.pttl(keys[3])).as("the keys end with the room").isPositive();
    }

    @Test
    void roomAfterXtrimKeepsAsManyEntriesAsBefore() {
        RoomStore store = store(20, 1 << 20);
        appendMany(store, 30);
        REDIS.xtrim(keys[1], 3); // 29 to 31 are left.

        for (int i = 0; i < 40; i++) {
            assertThat(append(store, "after" + i, TEXT).stored()).isTrue();
            assertThat(append(store, "after" + i, TEXT).stored()).isFalse();
            assertThat(sequences(store)).isEqualTo(range(Math.max(29, 13 + i), 32 + i));
        }
        assertThat(field("text")).isEqualTo(20L * TEXT.length());
        assertThat(REDIS.hlen(keys[3])).isEqualTo(20);
    }

    @Test
    void logWithAHoleKeepsItsNewestStretch() {
        RoomStore store = store(10, 1 << 20);
        appendMany(store, 9); // 1 is the owner's entry, 2 to 10 are messages.
        String sixth = REDIS.xrange(keys[1], Range.unbounded()).get(5).getId();
        REDIS.xdel(keys[1], sixth);
        REDIS.xtrim(keys[1], 7); // 3 to 10, without 6.

        append(store, "after", TEXT);

        assertThat(sequences(store)).isEqualTo(range(7, 11));
        assertThat(field("text")).isEqualTo(5L * TEXT.length());
    }

    @Test
    void emptiedLogTakesPostsAgain() {
        RoomStore store = store(5, 1 << 20);
        appendMany(store, 8);
        REDIS.xtrim(keys[1], 0);

        assertThat(store.readAfter(room.room().incarnation(), EntryId.START, 10).entries())
                .isEmpty();
        appendMany(store, 3);

        assertThat(sequences(store)).isEqualTo(range(10, 12));
    }

    /** Seen after a file was cut within a script's writes. */
    @Test
    void logWithASequenceTwiceIsTrimmedAsEver() {
        RoomStore store = store(5, 1 << 20);
        appendMany(store, 3); // 1 to 4.
        EntryId head = store.find(room.room().id()).orElseThrow().head();
        REDIS.xadd(
                keys[1],
                new XAddArgs().id(head.sequence() + "-" + (head.nonce() + 1)),
                "v",
                "1",
                "kind",
                "message",
                "from",
                "p_x",
                "name",
                "X",
                "at",
                "1",
                "body",
                TEXT);

        for (int i = 0; i < 10; i++) {
            append(store, "after" + i, TEXT);
        }

        assertThat(sequences(store)).isEqualTo(range(10, 14));
        assertThat(REDIS.xlen(keys[1])).isEqualTo(5);
        assertThat(field("text")).isEqualTo(5L * TEXT.length());
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
        REDIS.xtrim(keys[1], 5); // 17 to 21 are left.

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
