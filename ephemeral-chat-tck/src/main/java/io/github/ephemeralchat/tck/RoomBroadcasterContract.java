package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.Destroyed;
import io.github.ephemeralchat.spi.RoomSignal.EntryAppended;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RoomBroadcaster} has to hold, rule by rule: a broadcaster's own test extends this class and says how
 * to create it. Each test's name begins with the rule that it judges, which is also its tag. Nothing may get lost while
 * a test runs.
 *
 * <p>Rule B6 is not judged here, because only the backend's own tests can cut it off. B5 is judged by {@link #disturb}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public abstract class RoomBroadcasterContract {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    /** For what must not come: long enough that it would usually be seen, never a cause of a false alarm. */
    private static final Duration QUIET = Duration.ofMillis(50);

    private static final int ROUNDS = 50;
    private static final int MANY = 10_000;

    private RoomBroadcaster here;
    private RoomBroadcaster there;
    private RoomIncarnation room;
    private RoomSignal signal;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init")
    protected RoomBroadcasterContract() {}

    /** Two broadcasters that share their rooms; the same one twice if it serves one JVM only. */
    public record Nodes(RoomBroadcaster here, RoomBroadcaster there) {}

    /**
     * Creates the broadcasters under test. A test calls this once.
     *
     * @return the broadcasters of two nodes
     */
    protected abstract Nodes createNodes();

    /**
     * Interrupts the connections of both nodes so that signals may have been lost, and lets them come back.
     *
     * @return whether it did; false, the default, says that nothing can be lost, which is tested then
     */
    protected boolean disturb() {
        return false;
    }

    /**
     * Tells whether anything is held for a room elsewhere than in this JVM's memory, such as a subscribed channel.
     *
     * @param room a room whose registrations are all closed
     * @return whether anything is held; false if the broadcaster has no such place
     */
    protected abstract boolean holdsOutsideThisJvm(RoomId room);

    /**
     * Returns how long a test waits for a signal before it fails.
     *
     * @return a duration; by default 5 seconds
     */
    protected Duration signalTimeout() {
        return DEFAULT_TIMEOUT;
    }

    @BeforeEach
    void connect() {
        Nodes nodes = createNodes();
        here = nodes.here();
        there = nodes.there();
        useNewRoom();
    }

    private void useNewRoom() {
        room = new RoomIncarnation(RoomId.random(), -1);
        signal = new Destroyed(room);
    }

    @Test
    @Tag("B1")
    void b1_signal_reaches_all_listeners_at_once_after_subscribe() {
        for (int round = 0; round < ROUNDS; round++) {
            useNewRoom();
            List<Recorder> recorders = Stream.of(here, there, there, there)
                    .map(node -> new Recorder(node, room))
                    .toList();

            here.publish(signal);

            recorders.forEach(Recorder::awaitSignal);
        }
    }

    @Test
    @Tag("B1")
    void b1_entry_arrives_as_it_is_or_not_at_all() {
        var recorder = new Recorder(there, room);
        EntryAppended sent = appended(2);

        here.publish(sent);

        EntryAppended received = (EntryAppended) recorder.awaitFirst();
        assertThat(received.entry()).isIn(null, sent.entry());
        assertThat(received).isEqualTo(new EntryAppended(room, sent.position(), sent.previous(), received.entry()));
    }

    @Test
    @Tag("B2")
    void b2_listener_gets_signals_of_its_own_room_only() {
        var other = new RoomIncarnation(RoomId.random(), -1);
        var recorder = new Recorder(there, room);
        var others = new Recorder(there, other);

        here.publish(new Destroyed(other));
        others.awaitOnly(new Destroyed(other));
        here.publish(signal);

        recorder.awaitSignal();
    }

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
        var publisher = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                here.publish(appended(published.incrementAndGet()));
            }
        });
        try {
            for (int round = 0; round < ROUNDS; round++) {
                assertGetsNothingAfterClose(published);
            }
        } finally {
            stop.set(true);
            assertThat(publisher).succeedsWithin(signalTimeout());
        }
    }

    private void assertGetsNothingAfterClose(AtomicLong published) {
        var recorder = new Recorder(there, room);
        recorder.awaitFirst();
        recorder.registration.close();
        long last = published.get();
        Await.until(signalTimeout(), "more is published", () -> published.get() > last + 10);
        assertThat(recorder.signals)
                .allMatch(received -> ((EntryAppended) received).position().sequence() <= last);
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
    @Tag("B5")
    void b5_listeners_learn_that_signals_may_be_lost() {
        List<Recorder> recorders = List.of(new Recorder(here, room), new Recorder(there, room));

        if (disturb()) {
            recorders.forEach(recorder -> recorder.await(new RoomSignal.Missed(room.id())));
        } else {
            LongStream.rangeClosed(1, MANY).forEach(i -> here.publish(appended(i)));
            recorders.forEach(recorder -> recorder.awaitCount(MANY));
        }
    }

    @Test
    @Tag("B7")
    void b7_nothing_is_held_for_a_room_without_listeners() {
        WeakReference<?> listener = listenAndStop();

        Await.untilUnreachable(signalTimeout(), "the broadcaster drops the closed listener", listener);
        Await.until(signalTimeout(), "nothing is held outside of this JVM", () -> !holdsOutsideThisJvm(room.id()));
    }

    private WeakReference<?> listenAndStop() {
        var recorder = new Recorder(there, room);
        here.publish(signal);
        recorder.awaitSignal();
        recorder.registration.close();
        return new WeakReference<>(recorder);
    }

    private EntryAppended appended(long sequence) {
        var id = new EntryId(sequence, EntryId.MAX_NONCE);
        String text = "\u00e9 \" \n \ud834\udd1e";
        var entry = new LogEntry(id, LogEntry.MESSAGE, Identity.anonymous(), "k", text, Instant.ofEpochMilli(1));
        return new EntryAppended(room, id, new EntryId(sequence - 1, 1), entry);
    }

    /** A listener that keeps what it gets. */
    private class Recorder implements Consumer<RoomSignal> {
        final Queue<RoomSignal> signals = new ConcurrentLinkedQueue<>();
        final Registration registration;

        Recorder(RoomBroadcaster node, RoomIncarnation room) {
            registration = node.subscribe(room.id(), this);
        }

        @Override
        public void accept(RoomSignal received) {
            signals.add(received);
        }

        RoomSignal awaitFirst() {
            awaitCount(1);
            return signals.element();
        }

        void awaitCount(int count) {
            Await.until(signalTimeout(), count + " signals arrive", () -> signals.size() >= count);
        }

        void await(RoomSignal expected) {
            Await.until(signalTimeout(), "the signal arrives: " + expected, () -> signals.contains(expected));
        }

        void awaitSignal() {
            awaitOnly(signal);
        }

        /** Waits for a signal; it may be doubled, but no other may have come. */
        void awaitOnly(RoomSignal expected) {
            awaitCount(1);
            assertThat(signals).containsOnly(expected);
        }

        void assertStaysAt(RoomSignal... expected) {
            Await.pause(QUIET);
            assertThat(signals).containsExactly(expected);
        }
    }
}
