package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Broadcasters with one fault each, and the test that has to find it. */
enum BroadcasterFault {
    SUBSCRIPTION_LOST_AT_TIMES(
            "b1_signal_reaches_all_listeners_at_once_after_subscribe", () -> new ReferenceBroadcaster() {
                private final AtomicInteger calls = new AtomicInteger();

                @Override
                public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
                    return calls.incrementAndGet() % 20 == 0 ? () -> {} : super.subscribe(room, listener);
                }
            }),
    SUBSCRIBED_TOO_LATE("b1_signal_reaches_all_listeners_at_once_after_subscribe", () -> new ReferenceBroadcaster() {
        @Override
        public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
            CompletableFuture<Registration> late = CompletableFuture.supplyAsync(() -> {
                Await.pause(Duration.ofMillis(5));
                return super.subscribe(room, listener);
            });
            return () -> late.join().close();
        }
    }),
    OTHER_ROOMS_DELIVERED("b2_listener_gets_signals_of_its_own_room_only", () -> new ReferenceBroadcaster() {
        @Override
        boolean concerns(RoomSignal signal, RoomId room) {
            return true;
        }
    }),
    CLOSE_FORGOTTEN("b3_closed_listener_gets_nothing_more_and_others_do", () -> new ReferenceBroadcaster() {
        @Override
        void close(Entry entry) {}
    }),
    CLOSED_TOO_LATE("b3_listener_closed_between_signals_gets_no_later_one", () -> new ReferenceBroadcaster() {
        @Override
        void close(Entry entry) {
            Thread closer = new Thread(() -> {
                Await.pause(Duration.ofMillis(5));
                super.close(entry);
            });
            closer.start();
        }
    }),
    ONE_FAILURE_STOPS_THE_OTHERS(
            "b4_listener_that_throws_keeps_no_other_from_signals", () -> new ReferenceBroadcaster() {
                @Override
                boolean deliver(Entry entry, RoomSignal signal) {
                    entry.listener.accept(signal);
                    return true;
                }
            }),
    ONE_SLOW_LISTENER_STOPS_THE_OTHERS(
            "b4_slow_listener_keeps_no_other_from_signals", () -> new ReferenceBroadcaster() {
                @Override
                boolean deliver(Entry entry, RoomSignal signal) {
                    long start = System.nanoTime();
                    return super.deliver(entry, signal) && System.nanoTime() - start < 50_000_000;
                }
            }),
    CLOSED_LISTENERS_HELD("b7_nothing_is_held_for_a_room_without_listeners", () -> new ReferenceBroadcaster() {
        private final List<Entry> archive = new ArrayList<>();

        @Override
        void close(Entry entry) {
            super.close(entry);
            archive.add(entry);
        }
    });

    private final String foundBy;

    @SuppressWarnings("ImmutableEnumChecker") // each call makes a new one
    private final Supplier<RoomBroadcaster> broadcaster;

    BroadcasterFault(String foundBy, Supplier<RoomBroadcaster> broadcaster) {
        this.foundBy = foundBy;
        this.broadcaster = broadcaster;
    }

    String foundBy() {
        return foundBy;
    }

    RoomBroadcaster broadcaster() {
        return broadcaster.get();
    }

    /** The shortest broadcaster that is correct, for those with one fault each to differ from. */
    static class ReferenceBroadcaster implements RoomBroadcaster {

        final List<Entry> entries = new CopyOnWriteArrayList<>();

        /** Not a record: two registrations of one listener are two. */
        static final class Entry {
            final RoomId room;
            final Consumer<RoomSignal> listener;

            Entry(RoomId room, Consumer<RoomSignal> listener) {
                this.room = room;
                this.listener = listener;
            }
        }

        boolean concerns(RoomSignal signal, RoomId room) {
            return signal.id().equals(room);
        }

        void close(Entry entry) {
            entries.remove(entry);
        }

        /** Whether to go on with the next one. */
        boolean deliver(Entry entry, RoomSignal signal) {
            try {
                entry.listener.accept(signal);
            } catch (RuntimeException e) {
                // The others get it all the same.
            }
            return true;
        }

        @Override
        public void publish(RoomSignal signal) {
            boolean goOn = true;
            for (Entry entry : entries) {
                goOn = goOn && (!concerns(signal, entry.room) || deliver(entry, signal));
            }
        }

        @Override
        public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
            Entry entry = new Entry(room, listener);
            entries.add(entry);
            return () -> close(entry);
        }
    }
}
