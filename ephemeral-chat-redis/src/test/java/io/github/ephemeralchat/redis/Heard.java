package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.AdmissionChanged;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.MessageExpired;
import io.github.ephemeralchat.model.RoomEvent.MessageForgotten;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomEvent.PropertyChanged;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import io.github.ephemeralchat.tck.HistoryChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A subscriber that remembers what it heard, and when the end came. */
final class Heard implements Consumer<RoomEvent> {

    private final List<RoomEvent> events = new ArrayList<>();
    private volatile long endNanos;

    @Override
    public synchronized void accept(RoomEvent event) {
        events.add(event);
        if (event instanceof RoomDestroyed) {
            endNanos = System.nanoTime();
        }
    }

    synchronized List<RoomEvent> events() {
        return List.copyOf(events);
    }

    private <E extends RoomEvent> List<E> all(Class<E> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    int messages() {
        return all(MessagePosted.class).size();
    }

    boolean hasText(String text) {
        return all(MessagePosted.class).stream()
                .anyMatch(posted -> posted.message().text().equals(text));
    }

    /** How many texts it was told of that they are over. */
    int forgotten() {
        return all(MessageForgotten.class).size() + all(MessageExpired.class).size();
    }

    /** Whether it was told that the room takes nobody who has no seat. */
    boolean isLocked() {
        return all(AdmissionChanged.class).stream().anyMatch(AdmissionChanged::locked);
    }

    /** The values of a property that it was told of, in order. */
    List<String> values(String property) {
        return all(PropertyChanged.class).stream()
                .filter(changed -> changed.name().equals(property))
                .map(PropertyChanged::value)
                .toList();
    }

    /** Where a client would resume. */
    Cursor place() {
        List<RoomEvent.Logged> logged = all(RoomEvent.Logged.class);
        return logged.isEmpty()
                ? Cursor.start()
                : Cursor.after(logged.get(logged.size() - 1).entryId());
    }

    List<EndReason> ends() {
        return all(RoomDestroyed.class).stream().map(RoomDestroyed::reason).toList();
    }

    int resets() {
        return all(HistoryReset.class).size();
    }

    /** Its texts and its resets, in order. */
    List<String> story() {
        return events().stream()
                .filter(event -> event instanceof MessagePosted || event instanceof HistoryReset)
                .map(event ->
                        event instanceof MessagePosted posted ? posted.message().text() : "(reset)")
                .toList();
    }

    boolean hasEnded() {
        return endNanos != 0;
    }

    long endNanos() {
        return endNanos;
    }

    void tell(HistoryChecker checker, String name) {
        checker.begins(name, 0);
        all(MessagePosted.class)
                .forEach(posted -> checker.received(
                        name, posted.entryId().sequence(), posted.message().text()));
    }
}
