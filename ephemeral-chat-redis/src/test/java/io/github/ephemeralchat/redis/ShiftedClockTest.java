package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** E11: a node whose clock is an hour off moves no deadline. */
class ShiftedClockTest {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);
    private static final long A_SECOND = 1000;

    private final ChatNode here = ChatNode.open(RedisServer.shared().uri());
    private final RedisCommands<String, String> redis = TestNodes.look(RedisServer.shared());
    /** What the other node has said, by the first word, or the first two where it says that something has ended. */
    private final Map<String, Said> said = new ConcurrentHashMap<>();

    @TempDir
    private Path folder;

    private Process other;

    /** A line, and Redis's time when it came. */
    private record Said(List<String> words, long at) {

        long number(int index) {
            return Long.parseLong(words.get(index));
        }
    }

    @AfterEach
    void end() {
        other.destroyForcibly();
        here.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void deadlinesStayWhereTheyAre(int hours) throws IOException {
        start(Duration.ofHours(hours));
        assertItsClockIsOff(said("clock"), Duration.ofHours(hours).toMillis());
        Membership given = here.room(Duration.ofSeconds(4), 5);
        Heard heard = here.listen(given);
        long ordered = redisMillis();
        order(given.room().id().value());

        // What it makes has the deadline that it should have, by Redis's clock.
        Said minute = said("minute");
        long made = minute.number(2) - Duration.ofMinutes(1).toMillis();
        assertThat(made).isBetween(ordered - A_SECOND, minute.at() + A_SECOND);
        long before = redisMillis();
        long left = redis.pttl("ec:{" + minute.words().get(1) + "}");
        assertThat(minute.number(2) - left).isBetween(before, redisMillis());

        // What it listens to ends when it should, whoever made it.
        assertTold(said("ended own"), said("own").number(2));
        long deadline = given.room().expiresAt().toEpochMilli();
        assertTold(said("ended given"), deadline);
        Await.until(COMMAND_TIMEOUT, "the end is told here too", heard::hasEnded);

        // It may post until then, and no longer.
        assertThat(said("accepted").number(1))
                .isLessThan(said("own").number(2))
                .isGreaterThan(said("own").number(2) - A_SECOND);
    }

    private void assertItsClockIsOff(Said clock, long shift) {
        for (int i = 1; i <= 3; i++) {
            assertThat(clock.number(i) - clock.at()).isCloseTo(shift, within(60 * A_SECOND));
        }
    }

    /** By the node's idea of Redis's time, which is never ahead of it: a line may be on its way for a while. */
    private static void assertTold(Said end, long deadline) {
        assertThat(end.number(2)).isBetween(deadline, Math.min(end.at(), deadline + A_SECOND));
    }

    private void start(Duration shift) throws IOException {
        other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        ShiftedClock.option(folder, shift),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShiftedNode.class.getName(),
                        Integer.toString(RedisServer.shared().port()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread listener = new Thread(this::listen, "what the other node says");
        listener.setDaemon(true);
        listener.start();
    }

    private void listen() {
        try (BufferedReader lines = other.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = List.of(line.split(" "));
                String what = words.get(0).equals("ended") ? "ended " + words.get(1) : words.get(0);
                said.put(what, new Said(words, redisMillis()));
            }
        } catch (IOException e) {
            // It was ended.
        }
    }

    private Said said(String what) {
        Await.until(COMMAND_TIMEOUT, "it says: " + what, () -> said.containsKey(what));
        return said.get(what);
    }

    private void order(String line) {
        try {
            other.outputWriter().write(line + "\n");
            other.outputWriter().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long redisMillis() {
        List<String> time = redis.time();
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }
}
