package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.DeliveryCheck;
import java.util.Locale;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** The outcome of a {@link DeliveryCheck} as a health component. */
final class DeliveryHealth implements HealthIndicator, AutoCloseable {

    private final DeliveryCheck check;

    DeliveryHealth(DeliveryCheck check) {
        this.check = check;
    }

    @Override
    public Health health() {
        var outcome = check.check();
        return Health.status(status(outcome.status()))
                .withDetail("delivery", outcome.status().name().toLowerCase(Locale.ROOT))
                .withDetail("tookMillis", outcome.took().toMillis())
                .build();
    }

    @Override
    public void close() {
        check.close();
    }

    /** A store that keeps no more rooms is no reason to take the node away, with all the rooms in it. */
    private static Status status(DeliveryCheck.Status found) {
        return switch (found) {
            case DELIVERED -> Status.UP;
            case SILENT, UNAVAILABLE -> Status.DOWN;
            case REFUSED -> Status.UNKNOWN;
        };
    }
}
