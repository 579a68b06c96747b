package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.DeliveryCheck;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Whether this node should get requests. One that shares its rooms checks every few seconds that what is stored reaches
 * it; who asks gets what the latest check has found, since requests outside of the API must not block.
 */
final class Readiness implements AutoCloseable {

    private static final int EVERY_SECONDS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final DeliveryCheck check;
    private final ScheduledExecutorService timer;
    private volatile boolean ready;

    private Readiness(DeliveryCheck check) {
        this.check = check;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "readiness");
            thread.setDaemon(true);
            return thread;
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What runs does not throw; close() ends it.
    static Readiness of(RoomStore store, RoomBroadcaster broadcaster) {
        Readiness readiness = new Readiness(new DeliveryCheck(store, broadcaster, TIMEOUT));
        readiness.timer.scheduleWithFixedDelay(readiness::look, 0, EVERY_SECONDS, TimeUnit.SECONDS);
        return readiness;
    }

    private void look() {
        try {
            ready = switch (check.check().status()) {
                // A full store is no reason to take the node away, with all the rooms in it.
                case DELIVERED, REFUSED -> true;
                case SILENT, UNAVAILABLE -> false;
            };
        } catch (IllegalStateException e) {
            ready = false; // It is closed.
        }
    }

    boolean isReady() {
        return ready;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        check.close();
    }
}
