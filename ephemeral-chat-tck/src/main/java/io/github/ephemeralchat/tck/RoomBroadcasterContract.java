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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
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
    }

    @Test
    @Tag("B1")
    void b1_signal_reaches_all_listeners_at_once_after_subscribe() {
        for (int round = 0; round < ROUNDS; round++) {
            RoomIncarnation room = room();
            List<Recorder> recorders = Stream.of(here, there, there, there)
                    .map(node -> subscribe(node, room))
                    .toList();

            here.publish(new Destroyed(room));

            recorders.forEach(recorder -> recorder.awaitOnly(new Destroyed(room)));
        }
    }

    @Test
    @Tag("B1")
    void b1_entry_arrives_as_it_is_or_not_at_all() {
        RoomIncarnation room = room();
        Recorder recorder = subscribe(there, room);
        EntryAppended sent = appended(room, 2);

        here.publish(sent);

        EntryAppended received = (EntryAppended) recorder.awaitFirst();
        assertThat(received.entry()).isIn(null, sent.entry());
        assertThat(received).isEqualTo(new EntryAppended(room, sent.position(), sent.previous(), received.entry()));
    }

    @Test
    @Tag("B2")
    void b2_listener_gets_signals_of_its_own_room_only() {
        RoomIncarnation room = room();
        RoomIncarnation other = room();
        Recorder recorder = subscribe(there, room);
        Recorder others = subscribe(there, other);

        here.publish(new Destroyed(other));
        others.awaitOnly(new Destroyed(other));
        here.publish(new Destroyed(room));

        recorder.awaitOnly(new Destroyed(room));
    }

    @Test
    @Tag("B3")
    void b3_closed_listener_gets_nothing_more_and_others_do() {
        RoomIncarnation room = room();
        Recorder closed = new Recorder();
        Registration registration = there.subscribe(room.id(), closed);
        Recorder open = subscribe(there, room);

        registration.close();
        registration.close();
        here.publish(new Destroyed(room));

        open.awaitOnly(new Destroyed(room));
        closed.assertStaysAt();
    }

    @Test
    @Tag("B3")
    void b3_listener_closed_between_signals_gets_no_later_one() throws InterruptedException {
        RoomIncarnation room = room();
        AtomicLong published = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Thread publisher = new Thread(
                () -> {
                    while (!stop.get()) {
                        here.publish(appended(room, published.incrementAndGet()));
                    }
                },
                "publisher");
        publisher.setDaemon(true);
        publisher.start();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Recorder recorder = new Recorder();
                Registration registration = there.subscribe(room.id(), recorder);
                recorder.awaitFirst();
                registration.close();
                long last = published.get();
                Await.until(signalTimeout(), "more is published", () -> published.get() > last + 10);
                assertThat(recorder.signals)
                        .allMatch(signal -> ((EntryAppended) signal).position().sequence() <= last);
            }
        } finally {
            stop.set(true);
            publisher.join(signalTimeout().toMillis());
        }
    }

    @Test
    @Tag("B3")
    void b3_listener_may_close_itself_when_it_is_called() {
        RoomIncarnation room = room();
        Recorder recorder = new Recorder();
        List<Registration> own = new ArrayList<>();
        own.add(there.subscribe(room.id(), signal -> {
            recorder.accept(signal);
            own.get(0).close();
        }));

        here.publish(new Destroyed(room));
        recorder.awaitOnly(new Destroyed(room));
        here.publish(new Destroyed(room));

        recorder.assertStaysAt(new Destroyed(room));
    }

    @Test
    @Tag("B4")
    void b4_listener_that_throws_keeps_no_other_from_signals() {
        assertKeepsNoOtherFromSignals(signal -> {
            throw new IllegalStateException("thrown by a test's listener");
        });
    }

    @Test
    @Tag("B4")
    void b4_slow_listener_keeps_no_other_from_signals() {
        assertKeepsNoOtherFromSignals(signal -> Await.pause(QUIET.multipliedBy(2)));
    }

    private void assertKeepsNoOtherFromSignals(Consumer<RoomSignal> bad) {
        RoomIncarnation room = room();
        Recorder first = subscribe(there, room);
        there.subscribe(room.id(), bad);
        Recorder last = subscribe(there, room);

        here.publish(new Destroyed(room));
        here.publish(appended(room, 2));

        first.awaitCount(2);
        last.awaitCount(2);
    }

    @Test
    @Tag("B5")
    void b5_listeners_learn_that_signals_may_be_lost() {
        RoomIncarnation room = room();
        List<Recorder> recorders = List.of(subscribe(here, room), subscribe(there, room));

        if (disturb()) {
            recorders.forEach(recorder -> recorder.await(new RoomSignal.Missed(room.id())));
        } else {
            LongStream.rangeClosed(1, MANY).forEach(i -> here.publish(appended(room, i)));
            recorders.forEach(recorder -> recorder.awaitCount(MANY));
        }
    }

    @Test
    @Tag("B7")
    void b7_nothing_is_held_for_a_room_without_listeners() {
        RoomIncarnation room = room();
        WeakReference<?> listener = listenAndStop(room);

        Await.untilUnreachable(signalTimeout(), "the broadcaster drops the closed listener", listener);
        Await.until(signalTimeout(), "nothing is held outside of this JVM", () -> !holdsOutsideThisJvm(room.id()));
    }

    private WeakReference<?> listenAndStop(RoomIncarnation room) {
        Recorder recorder = new Recorder();
        Registration registration = there.subscribe(room.id(), recorder);
        here.publish(new Destroyed(room));
        recorder.awaitOnly(new Destroyed(room));
        registration.close();
        return new WeakReference<>(recorder);
    }

    private Recorder subscribe(RoomBroadcaster node, RoomIncarnation room) {
        Recorder recorder = new Recorder();
        node.subscribe(room.id(), recorder);
        return recorder;
    }

    private static RoomIncarnation room() {
        return new RoomIncarnation(RoomId.random(), -1);
    }

    private static EntryAppended appended(RoomIncarnation room, long sequence) {
        EntryId id = new EntryId(sequence, EntryId.MAX_NONCE);
        LogEntry entry = new LogEntry(
                id, LogEntry.MESSAGE, Identity.anonymous(), "k", "\u00e9 \" \n \ud834\udd1e", Instant.ofEpochMilli(1));
        return new EntryAppended(room, id, new EntryId(sequence - 1, 1), entry);
    }

    /** A listener that keeps what it gets. */
    private final class Recorder implements Consumer<RoomSignal> {
        private final Queue<RoomSignal> signals = new ConcurrentLinkedQueue<>();

        @Override
        public void accept(RoomSignal signal) {
            signals.add(signal);
        }

        RoomSignal awaitFirst() {
            awaitCount(1);
            return signals.element();
        }

        void awaitCount(int count) {
            Await.until(signalTimeout(), count + " signals arrive", () -> signals.size() >= count);
        }

        void await(RoomSignal signal) {
            Await.until(signalTimeout(), "the signal arrives: " + signal, () -> signals.contains(signal));
        }

        /** Waits for a signal; it may be doubled, but no other may have come. */
        void awaitOnly(RoomSignal signal) {
            awaitCount(1);
            assertThat(signals).containsOnly(signal);
        }

        void assertStaysAt(RoomSignal... expected) {
            Await.pause(QUIET);
            assertThat(signals).containsExactly(expected);
        }
    }
}
