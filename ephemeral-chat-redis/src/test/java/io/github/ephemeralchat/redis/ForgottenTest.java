package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A forgotten text is in no key and in no file that Redis writes from then on. While time passes no node runs, and nobody
 * looks at a key, which would remove it.
 */
@Execution(ExecutionMode.CONCURRENT) // It waits for real time: others may run meanwhile.
@Tag("S17")
class ForgottenTest {

    private static final Duration LIFE = Duration.ofSeconds(2);
    /** Redis looks for keys whose time is over ten times a second; the machine may be busy. */
    private static final Duration HELD = Duration.ofSeconds(20);

    private final RedisServer server = RedisServer.start("--rdbcompression", "no");
    private final RedisCommands<String, String> redis = TestNodes.look(server);
    private final TestNodes nodes = new TestNodes(server.uri());
    private final String ordinary = canary();

    @AfterEach
    void close() {
        nodes.close();
        server.close();
    }

    private static String canary() {
        return "canary-" + UUID.randomUUID();
    }

    private SharedRoom room() {
        server.unwatch();
        SharedRoom room = SharedRoom.create(store());
        room.post(ordinary, null, null);
        return room;
    }

    private RoomStore store() {
        return nodes.light(LogLimits.DEFAULT).store();
    }

    /** Whether a file that Redis writes now has a text. */
    private boolean isInFile(String text) {
        redis.save();
        try (Stream<Path> files = Files.walk(server.folder())) {
            List<String> all = files.filter(file -> file.toString().endsWith(".rdb"))
                    .map(ForgottenTest::content)
                    .toList();
            assertThat(all).hasSize(1);
            return all.get(0).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertThere(String text) {
        assertThat(isInFile(text)).isTrue();
        assertThat(TestNodes.holds(redis, text)).isTrue();
    }

    /** The file first: a look at a key removes it if its time is over. */
    private void assertGone(String text) {
        assertThat(isInFile(text)).isFalse();
        assertThat(TestNodes.holds(redis, text)).isFalse();
        assertThere(ordinary);
    }

    /** What a store would leave that has a stream for its log: Redis flags the entry, and keeps its bytes. */
    @Test
    void textThatAStoreForgetsByXdelIsFound() {
        String body = canary();
        String id = redis.xadd("log", Map.of("text", body));
        redis.xadd("log", Map.of("text", ordinary));

        redis.xdel("log", id);

        assertThat(redis.xrange("log", Range.unbounded())).hasSize(1);
        assertThat(isInFile(body)).isTrue();
    }

    @Test
    void deletedIsGoneAtOnce() {
        SharedRoom room = room();
        String plain = canary();
        String ending = canary();
        String claimable = canary();
        List<LogEntry> entries = List.of(
                room.post(plain, null, null),
                room.post(ending, Duration.ofMinutes(5), null),
                room.post(claimable, null, 2));
        Stream.of(plain, ending, claimable).forEach(this::assertThere);
        room.claim(room.join(), entries.get(2));

        entries.forEach(room::forget);

        Stream.of(plain, ending, claimable).forEach(this::assertGone);
        assertThat(redis.keys("*")).as("keys of bodies").hasSize(2);
    }

    @Test
    void whatHasEndedIsGoneWithNoNodeRunning() {
        SharedRoom room = room();
        String body = canary();
        room.post(body, LIFE, null);
        String claimable = canary();
        room.post(claimable, LIFE, 3);
        assertThere(body);
        assertThere(claimable);
        nodes.close();

        RedisServer.sleep(LIFE.toMillis());

        Await.until(HELD, "Redis frees it", () -> !isInFile(body) && !isInFile(claimable));
        assertGone(body);
        assertGone(claimable);
    }

    /** There Redis itself would need minutes to come across a key whose time is over. */
    @Test
    void whatHasEndedIsGoneInTimeBesideManyOtherKeys_ifANodeHasAStream() {
        SharedRoom room = room();
        redis.eval(ManyRoomsTest.FILL, ScriptOutputType.INTEGER, new String[0], "300000");
        try (ChatNode node = ChatNode.open(server.uri())) {
            Heard heard = new Heard();
            node.service().subscribe(room.id(), Cursor.start(), heard);
            String body = canary();
            room.post(body, LIFE, null);
            String claimable = canary();
            room.post(claimable, LIFE, 3);
            assertThat(isInFile(body) && isInFile(claimable)).isTrue();

            RedisServer.sleep(LIFE.plusSeconds(5).toMillis());

            assertThat(isInFile(body)).isFalse();
            assertThat(isInFile(claimable)).isFalse();
            assertThat(isInFile(ordinary)).isTrue();
        }
    }

    @Test
    @Tag("S18")
    void claimedIsGoneAfterItsRepeatsWithNoNodeRunning() {
        SharedRoom room = room();
        String body = canary();
        LogEntry entry = room.post(body, null, 1);
        Seat member = room.join();
        assertThat(room.claim(member, entry)).isEqualTo(body);
        nodes.close();
        assertThere(body);

        RedisServer.sleep(RoomStore.CLAIM_REPEATS.toMillis());

        Await.until(HELD, "Redis frees it", () -> !isInFile(body));
        assertGone(body);
    }
}
