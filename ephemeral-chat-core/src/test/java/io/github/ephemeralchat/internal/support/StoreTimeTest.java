package io.github.ephemeralchat.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** E11: the server's time is all that counts. */
class StoreTimeTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private long nanos = -7_000_000_000L;
    private Instant server = START;
    private final StoreTime time = new StoreTime(() -> nanos);

    private void pass(Duration duration) {
        nanos += duration.toNanos();
        server = server.plus(duration);
    }

    /** A reply that was made now and comes later. */
    private void reply(Duration travels) {
        long micros = server.getEpochSecond() * 1_000_000 + server.getNano() / 1000;
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
    void timeIsNeverAheadOfServerAndAsNearAsTheQuickestReply() {
        for (int millis : new int[] {40, 3, 500, 20}) {
            reply(Duration.ofMillis(millis));
            assertThat(time.now()).isBeforeOrEqualTo(server);
        }
        pass(Duration.ofSeconds(5));
        assertThat(Duration.between(time.now(), server)).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void timeGoesOnWithoutReplies() {
        reply(Duration.ZERO);
        pass(Duration.ofHours(24));
        assertThat(time.now()).isEqualTo(server);
    }

    @Test
    void clockOfServerThatIsSetForthIsFollowedAtOnce() {
        reply(Duration.ZERO);
        server = server.plus(Duration.ofHours(1));
        reply(Duration.ZERO);
        assertThat(time.now()).isEqualTo(server);
    }

    @Test
    void clockOfServerThatIsSetBackIsFollowedAfterAWhileAndTimeNeverGoesBack() {
        reply(Duration.ZERO);
        Instant before = time.now();
        server = server.minus(Duration.ofSeconds(90));
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofSeconds(5));
            reply(Duration.ofMillis(1));
            assertThat(time.now()).isAfterOrEqualTo(before);
            before = time.now();
        }
        pass(Duration.ofSeconds(200));
        assertThat(Duration.between(time.now(), server).abs()).isLessThan(Duration.ofMillis(2));
    }
}
