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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RoomBroadcaster} has to hold, rule by rule: a broadcaster's own test extends this class and says how
 * to make it. Each test's name begins with the rules that it judges. It is judged on a wire that nobody disturbs, where
 * nothing gets lost.
 *
 * <p>Rule B6 is not judged here, because only the backend's own tests can cut it off. B5 is judged where
 * {@link #disturb} can do that.
 */
public abstract class RoomBroadcasterContract {

    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(5);
    /** For what must not come: long enough that it would usually be seen, never a cause of a false alarm. */
    private static final Duration QUIET = Duration.ofMillis(50);

    private static final int ROUNDS = 50;
    private static final int MANY = 10_000;

    private RoomBroadcaster here;
    private RoomBroadcaster there;

    /** Makes the contract; JUnit does so for each test. */
    @SuppressWarnings("NullAway.Init")
    protected RoomBroadcasterContract() {}

    /** Two broadcasters on one wire; the same one twice where it serves one JVM only. */
    public record Nodes(RoomBroadcaster here, RoomBroadcaster there) {}

    /**
     * Makes the broadcasters under test. A test calls this once.
     *
     * @return two ends of one wire
     */
    protected abstract Nodes createNodes();

    /**
     * Interrupts the wire of both ends so that signals may have been lost, and lets it come back.
     *
     * @return whether it did; false, where this is not overridden, says that nothing can be lost, which is tested then
     */
    protected boolean disturb() {
        return false;
    }

    /**
     * Tells whether anything is held for a room elsewhere than in this JVM's memory, such as a subscribed channel.
     *
     * @param room a room whose registrations are all closed
     * @return whether anything is held; false where the broadcaster has no such place
     */
    protected abstract boolean holdsOutsideThisJvm(RoomId room);

    /**
     * Returns how long a test waits for a signal before it fails.
     *
     * @return a duration; 5 seconds where this is not overridden
     */
    protected Duration patience() {
        return USUAL_PATIENCE;
    }

    @BeforeEach
    void connect() {
        Nodes nodes = createNodes();
        here = nodes.here();
        there = nodes.there();
    }

    @Test
    void b1SignalReachesListenersOnEveryNodeAtOnceAfterSubscribe() {
        for (int round = 0; round < ROUNDS; round++) {
            RoomIncarnation room = room();
            Ear near = new Ear();
            Ear far = new Ear();
            here.subscribe(room.id(), near);
            there.subscribe(room.id(), far);

            here.publish(new Destroyed(room));

            near.awaitOnly(new Destroyed(room));
            far.awaitOnly(new Destroyed(room));
        }
    }

    @Test
    void b1AllListenersOfOneNodeHear() {
        RoomIncarnation room = room();
        List<Ear> ears = List.of(new Ear(), new Ear(), new Ear());
        ears.forEach(ear -> there.subscribe(room.id(), ear));

        here.publish(new Destroyed(room));

        ears.forEach(ear -> ear.awaitOnly(new Destroyed(room)));
    }

    @Test
    void b1EntryArrivesAsItIsOrNotAtAll() {
        RoomIncarnation room = room();
        Ear ear = new Ear();
        there.subscribe(room.id(), ear);
        EntryAppended sent = appended(room, 2);

        here.publish(sent);

        EntryAppended heard = (EntryAppended) ear.awaitFirst();
        assertThat(heard.entry()).isIn(null, sent.entry());
        assertThat(heard).isEqualTo(new EntryAppended(room, sent.position(), sent.previous(), heard.entry()));
    }

    @Test
    void b2ListenerHearsOfItsOwnRoomOnly() {
        RoomIncarnation room = room();
        RoomIncarnation other = room();
        Ear ear = new Ear();
        Ear others = new Ear();
        there.subscribe(room.id(), ear);
        there.subscribe(other.id(), others);

        here.publish(new Destroyed(other));
        others.awaitOnly(new Destroyed(other));
        here.publish(new Destroyed(room));

        ear.awaitOnly(new Destroyed(room));
    }

    @Test
    void b3ClosedListenerHearsNothingMoreAndTheOthersDo() {
        RoomIncarnation room = room();
        Ear closed = new Ear();
        Ear open = new Ear();
        Registration registration = there.subscribe(room.id(), closed);
        there.subscribe(room.id(), open);

        registration.close();
        registration.close();
        here.publish(new Destroyed(room));

        open.awaitOnly(new Destroyed(room));
        closed.assertStaysAt();
    }

    @Test
    void b3ListenerThatIsClosedWhileSignalsComeHearsNoLaterOne() throws InterruptedException {
        RoomIncarnation room = room();
        AtomicLong published = new AtomicLong();
        AtomicBoolean stop = new AtomicBoolean();
        Thread publisher = inBackground(() -> {
            while (!stop.get()) {
                here.publish(appended(room, published.incrementAndGet()));
            }
        });
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Ear ear = new Ear();
                Registration registration = there.subscribe(room.id(), ear);
                ear.awaitFirst();
                registration.close();
                long last = published.get();
                Await.until(patience(), "more is published", () -> published.get() > last + 10);
                assertThat(ear.heard)
                        .allMatch(signal -> ((EntryAppended) signal).position().sequence() <= last);
            }
        } finally {
            stop.set(true);
            publisher.join();
        }
    }

    @Test
    void b3ListenerMayCloseItselfWhileItHears() {
        RoomIncarnation room = room();
        Ear ear = new Ear();
        List<Registration> own = new ArrayList<>();
        own.add(there.subscribe(room.id(), signal -> {
            ear.accept(signal);
            own.get(0).close();
        }));

        here.publish(new Destroyed(room));
        ear.awaitOnly(new Destroyed(room));
        here.publish(new Destroyed(room));

        ear.assertStaysAt(new Destroyed(room));
    }

    @Test
    void b4ListenerThatThrowsKeepsNoOtherFromHearing() {
        RoomIncarnation room = room();
        Ear first = new Ear();
        Ear last = new Ear();
        there.subscribe(room.id(), first);
        there.subscribe(room.id(), signal -> {
            throw new IllegalStateException("thrown by a test's listener");
        });
        there.subscribe(room.id(), last);

        here.publish(new Destroyed(room));
        here.publish(appended(room, 2));

        first.awaitCount(2);
        last.awaitCount(2);
    }

    @Test
    void b4ListenerThatIsSlowKeepsNoOtherFromHearing() {
        RoomIncarnation room = room();
        Ear first = new Ear();
        Ear last = new Ear();
        there.subscribe(room.id(), first);
        there.subscribe(room.id(), signal -> Await.pause(QUIET.multipliedBy(2)));
        there.subscribe(room.id(), last);

        here.publish(new Destroyed(room));
        here.publish(appended(room, 2));

        first.awaitCount(2);
        last.awaitCount(2);
    }

    @Test
    void b5ListenersHearThatSignalsMayBeLost() {
        RoomIncarnation room = room();
        Ear near = new Ear();
        Ear far = new Ear();
        here.subscribe(room.id(), near);
        there.subscribe(room.id(), far);

        if (disturb()) {
            near.await(new RoomSignal.Missed(room.id()));
            far.await(new RoomSignal.Missed(room.id()));
        } else {
            assertNothingIsLost(room, near, far);
        }
    }

    private void assertNothingIsLost(RoomIncarnation room, Ear near, Ear far) {
        for (int i = 1; i <= MANY; i++) {
            here.publish(appended(room, i));
        }
        near.awaitCount(MANY);
        far.awaitCount(MANY);
    }

    @Test
    void b7NothingIsHeldForARoomThatNobodyListensTo() {
        RoomIncarnation room = room();
        WeakReference<?> listener = listenAndStop(room);

        Await.untilUnreachable(patience(), "the listener is unreachable", listener);
        Await.until(patience(), "nothing is held elsewhere", () -> !holdsOutsideThisJvm(room.id()));
    }

    private WeakReference<?> listenAndStop(RoomIncarnation room) {
        Ear ear = new Ear();
        Registration registration = there.subscribe(room.id(), ear);
        here.publish(new Destroyed(room));
        ear.awaitOnly(new Destroyed(room));
        registration.close();
        return new WeakReference<>(ear);
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

    private static Thread inBackground(Runnable task) {
        Thread thread = new Thread(task, "publisher");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** A listener that remembers. */
    private final class Ear implements Consumer<RoomSignal> {
        private final Queue<RoomSignal> heard = new ConcurrentLinkedQueue<>();

        @Override
        public void accept(RoomSignal signal) {
            heard.add(signal);
        }

        RoomSignal awaitFirst() {
            awaitCount(1);
            return heard.element();
        }

        void awaitCount(int count) {
            Await.until(patience(), count + " signals are heard", () -> heard.size() >= count);
        }

        void await(RoomSignal signal) {
            Await.until(patience(), "a signal is heard", () -> heard.contains(signal));
        }

        /** Waits for a signal; it may be doubled, but no other may have come. */
        void awaitOnly(RoomSignal signal) {
            awaitCount(1);
            assertThat(heard).containsOnly(signal);
        }

        void assertStaysAt(RoomSignal... signals) {
            Await.pause(QUIET);
            assertThat(heard).containsExactly(signals);
        }
    }
}
