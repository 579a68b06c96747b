package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a connection sends the commands that were written to it. */
class BatchedFlushTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final EmbeddedChannel connection = new EmbeddedChannel();
    /** How the last command's write ends. */
    private ChannelFuture last;

    private void write(int commands) {
        for (int i = 0; i < commands; i++) {
            last = connection.writeAndFlush("command");
        }
    }

    private int sent() {
        return connection.outboundMessages().size();
    }

    @Test
    void firstGoesAtOnce_andLaterOnesOnceEightWait() {
        BatchedFlush.addTo(connection, LONG);
        write(1);
        assertThat(sent()).isEqualTo(1);
        write(BatchedFlush.MAX_WAITING - 1);
        assertThat(sent()).isEqualTo(1);
        write(1);
        assertThat(sent()).isEqualTo(1 + BatchedFlush.MAX_WAITING);
        write(1);
        assertThat(sent()).isEqualTo(1 + BatchedFlush.MAX_WAITING);
    }

    @Test
    void whatWaitsGoesWhenTheDelayIsOver_andNextAfterAPauseAtOnce() {
        Duration delay = Duration.ofMillis(500);
        BatchedFlush.addTo(connection, delay);
        long start = System.nanoTime();
        write(3);
        assertThat(sent()).isEqualTo(1);
        awaitSent(3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(delay);
        Await.until(Duration.ofSeconds(5), "a pause is over", () -> System.nanoTime() - start >= 3 * delay.toNanos());
        write(1);
        assertThat(sent()).isEqualTo(4);
    }

    /** Each batch waits its time: a full one leaves no more than one time-out behind, and that sends one batch early. */
    @Test
    void batchAfterAFullOneIsNotSentByItsTimeOuts() {
        Duration delay = Duration.ofMillis(500);
        BatchedFlush.addTo(connection, delay);
        write(2);
        RedisServer.sleep(250);
        write(BatchedFlush.MAX_WAITING);
        assertThat(sent()).isEqualTo(1 + BatchedFlush.MAX_WAITING);
        awaitSent(2 + BatchedFlush.MAX_WAITING); // By the first one's time-out.
        long early = System.nanoTime();
        write(1);
        awaitSent(3 + BatchedFlush.MAX_WAITING);
        assertThat(Duration.ofNanos(System.nanoTime() - early)).isGreaterThan(delay.minusMillis(100));
    }

    private void awaitSent(int count) {
        Await.until(Duration.ofSeconds(5), "they are sent", () -> {
            connection.runScheduledPendingTasks();
            return sent() == count;
        });
    }

    @Test
    void whatWaitsWhenTheConnectionIsClosedFails() {
        BatchedFlush.addTo(connection, LONG);
        write(2);
        connection.close().syncUninterruptibly();
        assertThat(last.isDone()).isTrue();
        assertThat(last.isSuccess()).isFalse();
        assertThat(sent()).isEqualTo(1);
    }
}
