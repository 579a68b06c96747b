package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.util.List;

/** A subscription as a transport has it, polled by the test's own thread. */
final class PolledStream extends Listener {

    private final Subscription subscription;

    PolledStream(Subscription subscription) {
        this.subscription = subscription;
    }

    private void poll() {
        List<SharedEvent> more;
        do {
            more = subscription.poll(3);
            more.forEach(event -> accept(event.event()));
        } while (!more.isEmpty());
    }

    boolean hasText(String text) {
        poll();
        return texts().contains(text);
    }

    boolean isEnded() {
        poll();
        return subscription.isEnded();
    }
}
