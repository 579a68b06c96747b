package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.Logged;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the events that a subscription delivers. */
class Listener implements Consumer<RoomEvent> {

    private final List<RoomEvent> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void accept(RoomEvent event) {
        events.add(event);
    }

    List<RoomEvent> events() {
        return List.copyOf(events);
    }

    private <T> List<T> all(Class<T> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<MessagePosted> messages() {
        return all(MessagePosted.class);
    }

    List<String> texts() {
        return messages().stream().map(posted -> posted.message().text()).toList();
    }

    List<EndReason> ends() {
        return all(RoomDestroyed.class).stream().map(RoomDestroyed::reason).toList();
    }

    boolean hasEnded() {
        return !ends().isEmpty();
    }

    List<ResetReason> resets() {
        return all(HistoryReset.class).stream().map(HistoryReset::reason).toList();
    }

    List<Long> sequencesAfterReset() {
        return events().stream()
                .dropWhile(event -> !(event instanceof HistoryReset))
                .filter(Logged.class::isInstance)
                .map(event -> ((Logged) event).entryId().sequence())
                .toList();
    }

    void report(HistoryChecker checker, String name) {
        checker.begins(name, 0);
        messages()
                .forEach(posted -> checker.received(
                        name, posted.entryId().sequence(), posted.message().text()));
    }
}
