package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** E11: Redis's time is all that counts. */
class StoreTimeTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private long nanos = -7_000_000_000L;
    private Instant redis = START;
    private final StoreTime time = new StoreTime(() -> nanos);

    private void pass(Duration duration) {
        nanos += duration.toNanos();
        redis = redis.plus(duration);
    }

    /** A reply that was made now and comes later. */
    private void reply(Duration travels) {
        long micros = redis.getEpochSecond() * 1_000_000 + redis.getNano() / 1000;
        pass(travels);
        time.learn(micros);
    }

    @Test
    void nothingIsKnownBeforeTheFirstReply() {
        assertThat(time.isKnown()).isFalse();
        reply(Duration.ZERO);
        assertThat(time.isKnown()).isTrue();
    }

    @Test
    void timeIsNeverAheadOfRedisAndAsNearAsTheQuickestReply() {
        for (int millis : new int[] {40, 3, 500, 20}) {
            reply(Duration.ofMillis(millis));
            assertThat(time.now()).isBeforeOrEqualTo(redis);
        }
        pass(Duration.ofSeconds(5));
        assertThat(Duration.between(time.now(), redis)).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void timeGoesOnWithoutReplies() {
        reply(Duration.ZERO);
        pass(Duration.ofHours(24));
        assertThat(time.now()).isEqualTo(redis);
    }

    @Test
    void clockOfRedisThatIsSetForthIsFollowedAtOnce() {
        reply(Duration.ZERO);
        redis = redis.plus(Duration.ofHours(1));
        reply(Duration.ZERO);
        assertThat(time.now()).isEqualTo(redis);
    }

    @Test
    void clockOfRedisThatIsSetBackIsFollowedAfterAWhileAndTimeNeverGoesBack() {
        reply(Duration.ZERO);
        Instant before = time.now();
        redis = redis.minus(Duration.ofSeconds(90));
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(5));
            reply(Duration.ofMillis(1));
            assertThat(time.now()).isAfterOrEqualTo(before);
            before = time.now();
        }
        pass(Duration.ofSeconds(200));
        assertThat(Duration.between(time.now(), redis).abs()).isLessThan(Duration.ofMillis(2));
    }

    /** A node whose wall clock is an hour off: nothing here ever looks at it. */
    @Test
    void noClassAsksTheWallClock() throws IOException {
        Path classes = Path.of("target");
        List<Path> ours;
        try (Stream<Path> files = Files.walk(classes)) {
            ours = files.filter(
                            file -> file.toString().matches(".*classes/io/github/ephemeralchat/redis/[^/]*\\.class"))
                    .filter(file -> !file.toString().contains("test-classes"))
                    .toList();
        }
        assertThat(ours).isNotEmpty().allSatisfy(file -> {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(content)
                    .doesNotContain("currentTimeMillis")
                    .doesNotContain("java/time/Clock")
                    .doesNotContain("java/time/InstantSource")
                    .doesNotContain("java/util/Date")
                    .doesNotContain("()Ljava/time/LocalDateTime");
        });
    }
}
