package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.Cue;
import io.github.ephemeralchat.spi.RoomSignal.Destroyed;
import io.github.ephemeralchat.spi.RoomSignal.EntryAppended;
import io.github.ephemeralchat.spi.RoomSignal.Presence;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /** For what a test's own threads do, however busy the machine is. */
    private static final Duration OWN_WORK = Duration.ofMinutes(1);

    private static final int ROUNDS = 50;
    private static final int RACES = 500;
    private static final int MANY = 3_000;

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
     * Sends the listeners of a room what a newer version may send: a signal, well formed, of a kind that this version does not
     * know.
     *
     * @param room the room's code
     * @return whether it did; false, the default, says that signals do not leave this JVM, so that there is no other version
     */
    protected boolean publishUnknownKind(RoomId room) {
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
        room = newRoom();
        signal = new Destroyed(room);
    }

    private static RoomIncarnation newRoom() {
        return new RoomIncarnation(RoomId.random(), -1);
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
    @Tag("B1")
    void b1_entry_of_any_kind_arrives_as_it_is_or_not_at_all() {
        List<LogEntry> entries = List.of(
                entry(1, LogEntry.JOINED, null, ""),
                entry(2, LogEntry.PROPERTY, null, "a=b=c\n"),
                entry(3, "x-\u00e9 kind", "key", "body"),
                entry(4, LogEntry.MESSAGE, "null", "null"),
                entry(5, LogEntry.MESSAGE, "", " "));
        for (LogEntry each : entries) {
            assertArrives(each);
        }
    }

    @Test
    @Tag("B1")
    void b1_large_signal_arrives_with_its_entry_or_without() {
        assertArrives(entry(1, LogEntry.MESSAGE, "k", "x".repeat(1 << 14)));
        assertArrives(entry(2, LogEntry.MESSAGE, "k", "\ud834\udd1e".repeat(1 << 12)));
        assertArrives(entry(3, LogEntry.MESSAGE, "k", "\u20ac".repeat(1 << 16)));
    }

    private void assertArrives(LogEntry entry) {
        var recorder = new Recorder(there, room);
        var sent = new EntryAppended(room, entry.id(), new EntryId(entry.id().sequence() - 1, 7), entry);

        here.publish(sent);

        EntryAppended received = (EntryAppended) recorder.awaitFirst();
        assertThat(received).isIn(sent, new EntryAppended(room, sent.position(), sent.previous(), null));
        recorder.registration.close();
    }

    @Test
    @Tag("B1")
    void b1_incarnation_arrives_as_the_whole_number() {
        for (long number :
                new long[] {0, 1, 1L << 31, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE, -(1L << 53) - 1}) {
            room = new RoomIncarnation(RoomId.random(), number);
            var recorder = new Recorder(there, room);

            here.publish(new Destroyed(room));
            recorder.awaitOnly(new Destroyed(room));

            recorder.signals.clear();
            here.publish(appended(1));
            Await.until(
                    signalTimeout(),
                    "an entry arrives",
                    () -> recorder.signals.stream()
                            .anyMatch(received -> received instanceof EntryAppended one
                                    && one.room().equals(room)));
        }
    }

    @Test
    @Tag("B1")
    void b1_listener_is_called_though_another_closes_at_that_moment() {
        try (Crowd crowd = new Crowd(2)) {
            for (int round = 0; round < RACES; round++) {
                useNewRoom();
                var last = new Recorder(there, room);
                List<Recorder> made = crowd.all(i -> i == 0 ? last.closed() : new Recorder(there, room));

                here.publish(signal);

                made.get(1).awaitSignal();
                made.get(1).registration.close();
            }
        }
    }

    @Test
    @Tag("B2")
    void b2_room_code_is_not_another_of_other_letters_case() {
        room = new RoomIncarnation(new RoomId("aBcDeFgH"), 1);
        var other = new RoomIncarnation(new RoomId("abcdefgh"), 1);
        var recorder = new Recorder(there, room);
        var others = new Recorder(there, other);

        here.publish(new Destroyed(other));
        others.awaitOnly(new Destroyed(other));
        here.publish(new Destroyed(room));

        recorder.awaitOnly(new Destroyed(room));
    }

    @Test
    @Tag("B2")
    void b2_listener_gets_signals_of_its_own_room_only() {
        var other = newRoom();
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
        assertThat(recorder.signals)
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
        Await.until(signalTimeout(), "the other registration is called", () -> !signals.isEmpty());

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
    @Tag("B5")
    void b5_listeners_learn_that_signals_may_be_lost() {
        List<RoomIncarnation> rooms = List.of(room, newRoom(), newRoom());
        List<Recorder> recorders = rooms.stream()
                .flatMap(each -> Stream.of(here, here, there, there).map(node -> new Recorder(node, each)))
                .toList();

        if (disturb()) {
            recorders.forEach(recorder -> recorder.await(new RoomSignal.Missed(recorder.room.id())));
        } else {
            for (RoomIncarnation each : rooms) {
                room = each;
                LongStream.rangeClosed(1, MANY).forEach(i -> here.publish(appended(i)));
            }
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

    @Test
    @Tag("B8")
    void b8_cue_and_presence_arrive_as_they_are_or_not_at_all() {
        for (RoomSignal sent : List.of(
                new Cue(room, Long.MAX_VALUE - 1, "x-cursor", "a: b, E", " \u00e9 \" \n \0 \ud834\udd1e"),
                new Cue(room, -1, "typing", "p_1", ""),
                new Presence(room, Long.MIN_VALUE + 1, Set.of("p_1", "a: b, E", "\u00e9 \ud834\udd1e")),
                new Presence(room, 7, Set.of()),
                new Presence(
                        room,
                        7,
                        LongStream.range(0, 1_000).mapToObj(i -> "user-" + i).collect(Collectors.toSet())))) {
            var recorder = new Recorder(there, room);

            here.publish(sent);

            recorder.awaitOnly(sent);
            recorder.registration.close();
        }
    }

    @Test
    @Tag("B8")
    void b8_signal_of_an_unknown_kind_is_skipped() {
        var recorder = new Recorder(there, room);

        publishUnknownKind(room.id());
        here.publish(signal);

        recorder.awaitSignal();
    }

    @Test
    @Tag("B9")
    void b9_signal_to_all_reaches_every_listener_on_every_node() {
        List<RecorderOfAll> recorders =
                Stream.of(here, there, there).map(RecorderOfAll::new).toList();
        for (int round = 0; round < ROUNDS; round++) {
            NodeSignal sent = revoked("user-" + round);

            here.publishToAll(sent);

            recorders.forEach(recorder -> recorder.await(sent));
        }
    }

    @Test
    @Tag("B9")
    void b9_identity_arrives_as_it_is() {
        var recorder = new RecorderOfAll(there);
        for (String id : List.of("a", "7:x,", " user \u00e9 \ud834\udd1e ", "x".repeat(128), "\u20ac".repeat(128))) {
            for (long node : new long[] {0, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1}) {
                NodeSignal sent = new NodeSignal.Revoked(id, node);

                here.publishToAll(sent);

                recorder.await(sent);
            }
        }
    }

    @Test
    @Tag("B9")
    void b9_closed_listener_of_all_gets_nothing_more_and_others_do() {
        var closed = new RecorderOfAll(there);
        var open = new RecorderOfAll(there);

        closed.registration.close();
        closed.registration.close();
        here.publishToAll(revoked("user"));

        open.await(revoked("user"));
        Await.pause(QUIET);
        assertThat(closed.signals).isEmpty();
    }

    @Test
    @Tag("B9")
    void b9_listener_of_all_that_throws_keeps_no_other_from_signals() {
        var first = new RecorderOfAll(there);
        there.subscribeToAll(received -> {
            throw new AssertionError("thrown by a test's listener");
        });
        var last = new RecorderOfAll(there);
        for (String id : List.of("user-1", "user-2")) {
            here.publishToAll(revoked(id));

            first.await(revoked(id));
            last.await(revoked(id));
        }
    }

    private static NodeSignal revoked(String id) {
        return new NodeSignal.Revoked(id, 7);
    }

    private EntryAppended appended(long sequence) {
        var entry = entry(sequence, LogEntry.MESSAGE, "k", "\u00e9 \" \n \ud834\udd1e");
        return new EntryAppended(room, entry.id(), new EntryId(sequence - 1, 1), entry);
    }

    private static LogEntry entry(long sequence, String kind, @Nullable String key, String body) {
        var id = new EntryId(sequence, EntryId.MAX_NONCE);
        return new LogEntry(id, kind, Identity.anonymous(), key, body, Instant.ofEpochMilli(1));
    }

    /** A listener that keeps what it gets. */
    private class Recorder implements Consumer<RoomSignal> {
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

    /** The same for what is sent to all nodes. */
    private class RecorderOfAll implements Consumer<NodeSignal> {
        final Queue<NodeSignal> signals = new ConcurrentLinkedQueue<>();
        final Registration registration;

        RecorderOfAll(RoomBroadcaster node) {
            registration = node.subscribeToAll(this);
        }

        @Override
        public void accept(NodeSignal received) {
            signals.add(received);
        }

        void await(NodeSignal expected) {
            Await.until(signalTimeout(), "a signal to all arrives", () -> signals.contains(expected));
        }
    }
}
