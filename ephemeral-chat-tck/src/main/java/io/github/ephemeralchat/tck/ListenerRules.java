package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.EntryAppended;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What listeners are not called for, and what they may do. */
abstract class ListenerRules extends BroadcasterRules {

    /** For what a test's own threads do, however busy the machine is. */
    private static final Duration OWN_WORK = Duration.ofMinutes(1);

    @Test
    @Tag("B3")
    void b3_closed_listener_gets_nothing_more_and_others_do() {
        var closed = new Recorder(there, room);
        var open = new Recorder(there, room);

        closed.registration.close();
        closed.registration.close();
        here.publish(signal);

        open.awaitSignal();
        closed.assertStaysAt();
    }

    @Test
    @Tag("B3")
    void b3_listener_closed_between_signals_gets_no_later_one() {
        var published = new AtomicLong();
        var stop = new AtomicBoolean();
        // A thread of its own: on a busy machine the common pool may have none.
        var publisher = CompletableFuture.runAsync(
                () -> {
                    while (!stop.get()) {
                        here.publish(appended(published.incrementAndGet()));
                    }
                },
                task -> new Thread(task, "publisher").start());
        try {
            for (int round = 0; round < ROUNDS; round++) {
                assertGetsNothingAfterClose(published);
            }
        } finally {
            stop.set(true);
            assertThat(publisher).succeedsWithin(OWN_WORK);
        }
    }

    private void assertGetsNothingAfterClose(AtomicLong published) {
        var recorder = new Recorder(there, room);
        long first = published.get();
        Await.until(OWN_WORK, "something is published", () -> published.get() > first + 1);
        recorder.awaitFirst();
        recorder.registration.close();
        long last = published.get();
        Await.until(OWN_WORK, "more is published", () -> published.get() > last + 10);
        // So many signals at once may be too many for a broadcaster, which then says that some are missed.
        assertThat(recorder.signals)
                .filteredOn(EntryAppended.class::isInstance)
                .allMatch(received -> ((EntryAppended) received).position().sequence() <= last);
    }

    @Test
    @Tag("B3")
    void b3_listener_registered_twice_is_two() {
        Queue<RoomSignal> signals = new ConcurrentLinkedQueue<>();
        Consumer<RoomSignal> listener = signals::add;
        var first = there.subscribe(room.id(), listener);
        var second = there.subscribe(room.id(), listener);

        first.close();
        first.close();
        here.publish(signal);
        Await.until(contract().signalTimeout(), "the other registration is called", () -> !signals.isEmpty());

        second.close();
        signals.clear();
        here.publish(signal);
        Await.pause(QUIET);
        assertThat(signals).isEmpty();
    }

    @Test
    @Tag("B3")
    void b3_listener_may_close_itself_when_it_is_called() {
        var recorder = new Recorder(there, room) {
            @Override
            public void accept(RoomSignal received) {
                super.accept(received);
                registration.close();
            }
        };

        here.publish(signal);
        recorder.awaitSignal();
        here.publish(signal);

        recorder.assertStaysAt(signal);
    }

    @Test
    @Tag("B4")
    void b4_listener_that_throws_keeps_no_other_from_signals() {
        assertKeepsNoOtherFromSignals(received -> {
            throw new IllegalStateException("thrown by a test's listener");
        });
    }

    @Test
    @Tag("B4")
    void b4_listener_that_fails_with_an_error_keeps_no_other_from_signals() {
        assertKeepsNoOtherFromSignals(received -> {
            throw new AssertionError("thrown by a test's listener");
        });
        assertKeepsNoOtherFromSignals(received -> {
            throw new StackOverflowError("thrown by a test's listener");
        });
    }

    @Test
    @Tag("B4")
    void b4_listener_that_throws_gets_the_next_signal() {
        var thrower = new Recorder(there, room) {
            @Override
            public void accept(RoomSignal received) {
                super.accept(received);
                throw signals.size() == 1
                        ? new IllegalStateException("thrown")
                        : new IllegalArgumentException("thrown");
            }
        };

        for (int count = 1; count <= 3; count++) {
            here.publish(appended(count));
            thrower.awaitCount(count);
        }
    }

    @Test
    @Tag("B4")
    void b4_slow_listener_keeps_no_other_from_signals() {
        assertKeepsNoOtherFromSignals(received -> Await.pause(QUIET.multipliedBy(2)));
    }

    private void assertKeepsNoOtherFromSignals(Consumer<RoomSignal> bad) {
        var first = new Recorder(there, room);
        there.subscribe(room.id(), bad);
        var last = new Recorder(there, room);

        here.publish(signal);
        here.publish(appended(2));

        first.awaitCount(2);
        last.awaitCount(2);
    }

    @Test
    @Tag("B7")
    void b7_nothing_is_held_for_a_room_without_listeners() {
        WeakReference<?> listener = listenAndStop();

        Await.untilUnreachable(contract().signalTimeout(), "the broadcaster drops the closed listener", listener);
        Await.until(
                contract().signalTimeout(),
                "nothing is held outside of this JVM",
                () -> !contract().holdsOutsideThisJvm(room.id()));
    }

    private WeakReference<?> listenAndStop() {
        var recorder = new Recorder(there, room);
        here.publish(signal);
        recorder.awaitSignal();
        recorder.registration.close();
        return new WeakReference<>(recorder);
    }
}
