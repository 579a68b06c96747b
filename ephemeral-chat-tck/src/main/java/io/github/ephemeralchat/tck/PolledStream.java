package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.util.List;

/** A participant's subscription as a transport has it, polled by the test's own thread. */
final class PolledStream implements AutoCloseable {

    private final Subscription subscription;
    private final Listener taken = new Listener();

    PolledStream(EphemeralChatService node, Membership as) {
        subscription = node.transport().subscribe(as.room().id(), as.token(), Cursor.now(), () -> {});
    }

    private void poll() {
        List<SharedEvent> more;
        do {
            more = subscription.poll(3);
            more.forEach(event -> taken.accept(event.event()));
        } while (!more.isEmpty());
    }

    /** What was taken until now, without another poll. */
    List<RoomEvent> events() {
        return taken.events();
    }

    boolean hasText(String text) {
        poll();
        return taken.texts().contains(text);
    }

    boolean isEnded() {
        poll();
        return subscription.isEnded();
    }

    @Override
    public void close() {
        subscription.close();
    }
}
