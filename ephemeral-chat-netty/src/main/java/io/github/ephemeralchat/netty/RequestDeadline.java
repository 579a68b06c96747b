package io.github.ephemeralchat.netty;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** When a request that has come in part has to be whole. Used on one event loop only. */
final class RequestDeadline {

    private final Duration within;
    private @Nullable Future<?> pending;

    RequestDeadline(Duration within) {
        this.within = within;
    }

    /** Begins, unless it has begun. */
    void begin(EventExecutor loop, Runnable onPassed) {
        if (pending == null) {
            pending = loop.schedule(() -> pass(onPassed), within.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void pass(Runnable onPassed) {
        pending = null;
        onPassed.run();
    }

    void end() {
        if (pending != null) {
            pending.cancel(false);
            pending = null;
        }
    }
}
