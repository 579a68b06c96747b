package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import io.github.ephemeralchat.tck.HistoryChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A subscriber that remembers what it heard. */
final class Heard implements Consumer<RoomEvent> {

    private final List<RoomEvent> events = new ArrayList<>();

    @Override
    public synchronized void accept(RoomEvent event) {
        events.add(event);
    }

    synchronized <E extends RoomEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    int messages() {
        return all(MessagePosted.class).size();
    }

    boolean hasText(String text) {
        return all(MessagePosted.class).stream()
                .anyMatch(posted -> posted.message().text().equals(text));
    }

    List<EndReason> ends() {
        return all(RoomDestroyed.class).stream().map(RoomDestroyed::reason).toList();
    }

    int resets() {
        return all(HistoryReset.class).size();
    }

    void tell(HistoryChecker checker, String name) {
        checker.begins(name, 0);
        all(MessagePosted.class)
                .forEach(posted -> checker.received(
                        name, posted.entryId().sequence(), posted.message().text()));
    }
}
