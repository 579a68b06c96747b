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
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** What the groups of a broadcaster's rules have in common: two nodes, a room, and listeners that keep what they get. */
abstract class BroadcasterRules {

    /** For what must not come: long enough that it would usually be seen, never a cause of a false alarm. */
    static final Duration QUIET = Duration.ofMillis(50);

    static final int ROUNDS = 50;
    RoomBroadcaster here;
    RoomBroadcaster there;
    RoomIncarnation room;
    RoomSignal signal;

    /** {@link #connect} sets the fields. */
    @SuppressWarnings("NullAway.Init")
    BroadcasterRules() {}

    /** The contract that says which broadcasters are judged. */
    abstract RoomBroadcasterContract contract();

    @BeforeEach
    void connect() {
        RoomBroadcasterContract.Nodes nodes = contract().createNodes();
        here = nodes.here();
        there = nodes.there();
        useNewRoom();
    }

    final void useNewRoom() {
        room = newRoom();
        signal = new Destroyed(room);
    }

    static RoomIncarnation newRoom() {
        return new RoomIncarnation(RoomId.random(), -1);
    }

    EntryAppended appended(long sequence) {
        var entry = entry(sequence, LogEntry.MESSAGE, "k", "\u00e9 \" \n \ud834\udd1e");
        return new EntryAppended(room, entry.id(), new EntryId(sequence - 1, 1), entry);
    }

    static LogEntry entry(long sequence, String kind, @Nullable String key, String body) {
        var id = new EntryId(sequence, EntryId.MAX_NONCE);
        return new LogEntry(id, kind, Identity.anonymous(), key, body, Instant.ofEpochMilli(1));
    }

    /** A listener that keeps what it gets. */
    class Recorder implements Consumer<RoomSignal> {
        final Queue<RoomSignal> signals = new ConcurrentLinkedQueue<>();
        final RoomIncarnation room;
        final Registration registration;

        Recorder(RoomBroadcaster node, RoomIncarnation room) {
            this.room = room;
            registration = node.subscribe(room.id(), this);
        }

        @Override
        public void accept(RoomSignal received) {
            signals.add(received);
        }

        Recorder closed() {
            registration.close();
            return this;
        }

        RoomSignal awaitFirst() {
            awaitCount(1);
            return signals.element();
        }

        void awaitCount(int count) {
            Await.until(contract().signalTimeout(), count + " signals arrive", () -> signals.size() >= count);
        }

        void await(RoomSignal expected) {
            Await.until(
                    contract().signalTimeout(), "the signal arrives: " + expected, () -> signals.contains(expected));
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
