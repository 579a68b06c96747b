package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.util.ArrayList;
import java.util.List;

/** A participant's subscription as a transport has it, polled by the test's own thread. */
final class PolledStream implements AutoCloseable {

    private final Subscription subscription;
    private final List<SharedEvent> taken = new ArrayList<>();

    PolledStream(EphemeralChatService node, Membership as) {
        subscription = node.transport().subscribe(as.room().id(), as.token(), Cursor.now(), () -> {});
    }

    private void poll() {
        List<SharedEvent> more = subscription.poll(3);
        while (!more.isEmpty()) {
            taken.addAll(more);
            more = subscription.poll(3);
        }
    }

    /** What was taken until now, without another poll. */
    List<RoomEvent> events() {
        return taken.stream().map(SharedEvent::event).toList();
    }

    List<String> texts() {
        poll();
        return taken.stream()
                .map(SharedEvent::event)
                .filter(MessagePosted.class::isInstance)
                .map(event -> ((MessagePosted) event).message().text())
                .toList();
    }

    boolean isOver() {
        poll();
        return subscription.isEnded();
    }

    @Override
    public void close() {
        subscription.close();
    }
}
