package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.Logged;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A listener that keeps what it hears; one that is made with a latch takes its second event only once that opens. */
final class Listener implements Consumer<RoomEvent> {

    private final List<RoomEvent> heard = new ArrayList<>();
    private final CountDownLatch gate;

    Listener() {
        this(new CountDownLatch(0));
    }

    Listener(CountDownLatch gate) {
        this.gate = gate;
    }

    @Override
    public void accept(RoomEvent event) {
        synchronized (heard) {
            heard.add(event);
        }
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    List<RoomEvent> events() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
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

    boolean last(String text) {
        List<String> texts = texts();
        return !texts.isEmpty() && texts.get(texts.size() - 1).equals(text);
    }

    List<EndReason> ends() {
        return all(RoomDestroyed.class).stream().map(RoomDestroyed::reason).toList();
    }

    List<ResetReason> resets() {
        return all(HistoryReset.class).stream().map(HistoryReset::reason).toList();
    }

    List<Long> sequencesAfterReset() {
        List<RoomEvent> events = events();
        int reset = 0;
        while (reset < events.size() && !(events.get(reset) instanceof HistoryReset)) {
            reset++;
        }
        return events.subList(reset, events.size()).stream()
                .filter(Logged.class::isInstance)
                .map(event -> ((Logged) event).entryId().sequence())
                .toList();
    }

    void tell(HistoryChecker checker, String name) {
        checker.begins(name, 0);
        messages()
                .forEach(posted -> checker.received(
                        name, posted.entryId().sequence(), posted.message().text()));
    }
}
