package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExpiryTimerTest {

    @Test
    void itRunsWhenItsTimeHasCome() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        Future<?> timer = ExpiryTimer.schedule(Runnable::run, ran::countDown, 20, TimeUnit.MILLISECONDS);
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(timer.isDone()).isTrue();
    }

    @Test
    void whatWasCancelledNeverRuns() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        Future<?> timer = ExpiryTimer.schedule(Runnable::run, ran::countDown, 20, TimeUnit.MILLISECONDS);
        timer.cancel(false);
        assertThat(ran.await(200, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(timer.isDone()).isTrue();
    }

    /** Rooms that come and go cancel many a wait for a deadline that is a day away. */
    @Test
    void whatWasCancelledIsLetGoOf() {
        WeakReference<Object> held = cancelled();
        Await.until(Duration.ofSeconds(10), "nothing holds it", () -> {
            System.gc();
            return held.refersTo(null);
        });
    }

    private static WeakReference<Object> cancelled() {
        Future<?> timer = ExpiryTimer.schedule(Runnable::run, () -> {}, 1, TimeUnit.DAYS);
        timer.cancel(false);
        return new WeakReference<>(timer);
    }
}
