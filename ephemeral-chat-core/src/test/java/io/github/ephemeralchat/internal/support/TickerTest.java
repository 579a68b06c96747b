package io.github.ephemeralchat.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.scripted.LogRecords;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TickerTest {

    private static final Duration SHORT = Duration.ofMillis(1);

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void tick_isCalledAgainAndAgainOnADaemonThread() throws Exception {
        CountDownLatch ticks = new CountDownLatch(5);
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (Ticker ticker = Ticker.start("a-name", SHORT, () -> {
            thread.set(Thread.currentThread());
            ticks.countDown();
        })) {
            await(ticks);
            assertThat(ticker).isNotNull();
        }
        assertThat(thread.get().getName()).isEqualTo("a-name-1");
        assertThat(thread.get().isDaemon()).isTrue();
    }

    @Test
    @SuppressWarnings("try") // The ticker is needed open, not touched.
    void tick_throws_goesOnAndIsLoggedOnceUntilItSucceeds() throws Exception {
        CountDownLatch ticks = new CountDownLatch(20);
        AtomicInteger count = new AtomicInteger();
        try (LogRecords log = LogRecords.of(Ticker.class)) {
            try (Ticker ticker = Ticker.start("a-name", SHORT, () -> {
                ticks.countDown();
                if (count.incrementAndGet() != 10) {
                    throw new AssertionError("secret");
                }
            })) {
                await(ticks);
            }
            assertThat(log.warnings()).containsExactly("A tick failed", "A tick failed");
            assertThat(log.text()).contains("java.lang.AssertionError").doesNotContain("secret");
        }
    }

    /** As when there is no memory for the warning either. */
    @Test
    @SuppressWarnings("try") // The ticker is needed open, not touched.
    void tick_throwsWhatCannotBeLogged_goesOn() throws Exception {
        CountDownLatch ticks = new CountDownLatch(3);
        try (Ticker ticker = Ticker.start("a-name", SHORT, () -> {
            ticks.countDown();
            throw new IllegalStateException("a tick") {
                private static final long serialVersionUID = 1L;

                @Override
                public StackTraceElement[] getStackTrace() {
                    throw new Error("no memory");
                }
            };
        })) {
            await(ticks);
        }
    }

    @Test
    void close_interruptsATickAndEndsTheThread() throws Exception {
        CountDownLatch ticking = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicReference<Thread> thread = new AtomicReference<>();
        Ticker ticker = Ticker.start("a-name", SHORT, () -> {
            thread.set(Thread.currentThread());
            ticking.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        await(ticking);
        ticker.close();
        ticker.close();
        await(interrupted);
        thread.get().join(20_000);
        assertThat(thread.get().isAlive()).isFalse();
    }
}
