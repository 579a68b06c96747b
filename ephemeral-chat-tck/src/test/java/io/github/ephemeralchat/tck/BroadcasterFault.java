package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.Cue;
import io.github.ephemeralchat.spi.RoomSignal.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

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
    KIND_LOST("b1_entry_of_any_kind_arrives_as_it_is_or_not_at_all", () -> new ReferenceBroadcaster() {
        @Override
        LogEntry carried(LogEntry entry) {
            return new LogEntry(entry.id(), LogEntry.MESSAGE, entry.sender(), entry.key(), entry.body(), entry.at());
        }
    }),
    MISSING_KEY_BECOMES_TEXT("b1_entry_of_any_kind_arrives_as_it_is_or_not_at_all", () -> new ReferenceBroadcaster() {
        @Override
        LogEntry carried(LogEntry entry) {
            String key = String.valueOf(entry.key());
            return new LogEntry(entry.id(), entry.kind(), entry.sender(), key, entry.body(), entry.at());
        }
    }),
    EMPTY_KEY_BECOMES_NONE("b1_entry_of_any_kind_arrives_as_it_is_or_not_at_all", () -> new ReferenceBroadcaster() {
        @Override
        LogEntry carried(LogEntry entry) {
            String key = "".equals(entry.key()) ? null : entry.key();
            return new LogEntry(entry.id(), entry.kind(), entry.sender(), key, entry.body(), entry.at());
        }
    }),
    LARGE_SIGNALS_DROPPED("b1_large_signal_arrives_with_its_entry_or_without", () -> new ReferenceBroadcaster() {
        @Override
        boolean concerns(RoomSignal signal, RoomId room) {
            boolean large = signal instanceof RoomSignal.EntryAppended appended
                    && appended.entry() != null
                    && appended.entry().size() > 1 << 13;
            return !large && super.concerns(signal, room);
        }
    }),
    LARGE_ENTRIES_CUT("b1_large_signal_arrives_with_its_entry_or_without", () -> new ReferenceBroadcaster() {
        @Override
        LogEntry carried(LogEntry entry) {
            String body = entry.body().substring(0, Math.min(entry.body().length(), 1 << 13));
            return new LogEntry(entry.id(), entry.kind(), entry.sender(), entry.key(), body, entry.at());
        }
    }),
    INCARNATION_AS_A_DOUBLE("b1_incarnation_arrives_as_the_whole_number", () -> new ReferenceBroadcaster() {
        @Override
        RoomIncarnation carried(RoomIncarnation room) {
            return new RoomIncarnation(room.id(), (long) (double) room.number());
        }
    }),
    INCARNATION_AS_AN_INT("b1_incarnation_arrives_as_the_whole_number", () -> new ReferenceBroadcaster() {
        @Override
        RoomIncarnation carried(RoomIncarnation room) {
            return new RoomIncarnation(room.id(), (int) room.number());
        }
    }),
    DEAF_IF_SUBSCRIBED_WHILE_THE_LAST_CLOSES(
            "b1_listener_is_called_though_another_closes_at_that_moment", () -> new ReferenceBroadcaster() {
                @Override
                void close(Entry closed) {
                    boolean last = entries.stream()
                                    .filter(entry -> entry.room.equals(closed.room))
                                    .count()
                            == 1;
                    if (last) {
                        Await.pause(Duration.ofMillis(1));
                    }
                    entries.removeIf(entry -> last ? entry.room.equals(closed.room) : entry == closed);
                }
            }),
    ROOMS_WITHOUT_CASE("b2_room_code_is_not_another_of_other_letters_case", () -> new ReferenceBroadcaster() {
        @Override
        boolean concerns(RoomSignal signal, RoomId room) {
            return signal.id().value().equalsIgnoreCase(room.value());
        }
    }),
    SAME_LISTENER_CLOSED_TWICE("b3_listener_registered_twice_is_two", () -> new ReferenceBroadcaster() {
        @Override
        void close(Entry closed) {
            entries.removeIf(entry -> entry.listener == closed.listener);
        }
    }),
    SAME_LISTENER_REGISTERED_ONCE("b3_listener_registered_twice_is_two", () -> new ReferenceBroadcaster() {
        @Override
        public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
            boolean known = entries.stream().anyMatch(entry -> entry.listener == listener);
            return known ? () -> {} : super.subscribe(room, listener);
        }
    }),
    AN_ERROR_STOPS_THE_OTHERS(
            "b4_listener_that_fails_with_an_error_keeps_no_other_from_signals", () -> new ReferenceBroadcaster() {
                @Override
                boolean deliver(Entry entry, RoomSignal signal) {
                    try {
                        entry.listener.accept(signal);
                        return true;
                    } catch (RuntimeException e) {
                        return true;
                    } catch (Error e) {
                        return false;
                    }
                }
            }),
    WHO_THROWS_IS_CLOSED("b4_listener_that_throws_gets_the_next_signal", () -> new ReferenceBroadcaster() {
        @Override
        boolean deliver(Entry entry, RoomSignal signal) {
            try {
                entry.listener.accept(signal);
            } catch (RuntimeException e) {
                close(entry);
            }
            return true;
        }
    }),
    MISSED_FOR_ONE_ROOM_ONLY("b5_listeners_learn_that_signals_may_be_lost", () -> new LossyBroadcaster() {
        @Override
        boolean isTold(Entry entry) {
            return entry.room.equals(entries.get(0).room);
        }
    }),
    MISSED_FOR_ONE_LISTENER_ONLY("b5_listeners_learn_that_signals_may_be_lost", () -> new LossyBroadcaster() {
        @Override
        boolean isTold(Entry entry) {
            return entries.stream()
                            .filter(other -> other.room.equals(entry.room))
                            .findFirst()
                            .orElseThrow()
                    == entry;
        }
    }),
    NOBODY_TOLD_OF_WHAT_WAS_MISSED("b5_listeners_learn_that_signals_may_be_lost", () -> new LossyBroadcaster() {
        @Override
        boolean isTold(Entry entry) {
            return false;
        }
    }),
    ONE_LISTENER_OF_ALL_ONLY("b9_signal_to_all_reaches_every_listener_on_every_node", () -> new ReferenceBroadcaster() {
        @Override
        public Registration subscribeToAll(Consumer<NodeSignal> listener) {
            entriesOfAll.clear();
            return super.subscribeToAll(listener);
        }
    }),
    SIGNALS_TO_ALL_LOST_AT_TIMES(
            "b9_signal_to_all_reaches_every_listener_on_every_node", () -> new ReferenceBroadcaster() {
                private final AtomicInteger calls = new AtomicInteger();

                @Override
                public void publishToAll(NodeSignal signal) {
                    if (calls.incrementAndGet() % 20 != 0) {
                        super.publishToAll(signal);
                    }
                }
            }),
    IDENTITY_CUT_AT_A_COLON("b9_identity_arrives_as_it_is", () -> new ReferenceBroadcaster() {
        @Override
        public void publishToAll(NodeSignal signal) {
            NodeSignal.Revoked sent = (NodeSignal.Revoked) signal;
            String id = sent.identityId().substring(sent.identityId().indexOf(':') + 1);
            super.publishToAll(new NodeSignal.Revoked(id, sent.node()));
        }
    }),
    NODE_AS_A_DOUBLE("b9_identity_arrives_as_it_is", () -> new ReferenceBroadcaster() {
        @Override
        public void publishToAll(NodeSignal signal) {
            NodeSignal.Revoked sent = (NodeSignal.Revoked) signal;
            super.publishToAll(new NodeSignal.Revoked(sent.identityId(), (long) (double) sent.node()));
        }
    }),
    CLOSED_LISTENER_OF_ALL_FORGOTTEN(
            "b9_closed_listener_of_all_gets_nothing_more_and_others_do", () -> new ReferenceBroadcaster() {
                @Override
                public Registration subscribeToAll(Consumer<NodeSignal> listener) {
                    super.subscribeToAll(listener);
                    return () -> {};
                }
            }),
    ONE_FAILURE_STOPS_THE_OTHERS_OF_ALL(
            "b9_listener_of_all_that_throws_keeps_no_other_from_signals", () -> new ReferenceBroadcaster() {
                @Override
                public void publishToAll(NodeSignal signal) {
                    try {
                        entriesOfAll.forEach(entry -> entry.listener.accept(signal));
                    } catch (Throwable e) {
                        // Nobody else gets it.
                    }
                }
            }),
    CUE_BODY_LOST("b8_cue_and_presence_arrive_as_they_are_or_not_at_all", () -> new ReferenceBroadcaster() {
        @Override
        public void publish(RoomSignal signal) {
            super.publish(
                    signal instanceof Cue cue
                            ? new Cue(
                                    cue.room(),
                                    cue.node(),
                                    cue.kind(),
                                    cue.senderId(),
                                    cue.body().strip())
                            : signal);
        }
    }),
    CUE_TOLD_AS_MISSED("b8_cue_and_presence_arrive_as_they_are_or_not_at_all", () -> new ReferenceBroadcaster() {
        @Override
        public void publish(RoomSignal signal) {
            super.publish(signal instanceof Cue ? new RoomSignal.Missed(signal.id()) : signal);
        }
    }),
    PRESENT_NODE_AS_A_DOUBLE("b8_cue_and_presence_arrive_as_they_are_or_not_at_all", () -> new ReferenceBroadcaster() {
        @Override
        public void publish(RoomSignal signal) {
            super.publish(
                    signal instanceof Presence word
                            ? new Presence(word.room(), (long) (double) word.node(), word.participants())
                            : signal);
        }
    }),
    MANY_PRESENT_CUT("b8_cue_and_presence_arrive_as_they_are_or_not_at_all", () -> new ReferenceBroadcaster() {
        @Override
        public void publish(RoomSignal signal) {
            super.publish(
                    signal instanceof Presence word
                            ? new Presence(
                                    word.room(),
                                    word.node(),
                                    word.participants().stream().limit(512).collect(Collectors.toSet()))
                            : signal);
        }
    }),
    UNKNOWN_KIND_TOLD_AS_MISSED("b8_signal_of_an_unknown_kind_is_skipped", () -> new ReferenceBroadcaster() {
        @Override
        boolean publishUnknownKind(RoomId room) {
            publish(new RoomSignal.Missed(room));
            return true;
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
    private final Supplier<ReferenceBroadcaster> broadcaster;

    BroadcasterFault(String foundBy, Supplier<ReferenceBroadcaster> broadcaster) {
        this.foundBy = foundBy;
        this.broadcaster = broadcaster;
    }

    String foundBy() {
        return foundBy;
    }

    ReferenceBroadcaster broadcaster() {
        return broadcaster.get();
    }

    /** The same over a connection that may be lost, and that loses some of many signals. */
    static class LossyBroadcaster extends ReferenceBroadcaster {

        private static final int MANY = 10;
        private final ConcurrentMap<RoomId, AtomicLong> published = new ConcurrentHashMap<>();

        @Override
        public void publish(RoomSignal signal) {
            long count = published
                    .computeIfAbsent(signal.id(), id -> new AtomicLong())
                    .incrementAndGet();
            super.publish(count % MANY == 0 ? new RoomSignal.Missed(signal.id()) : signal);
        }

        boolean isTold(Entry entry) {
            return true;
        }

        @Override
        boolean disturb() {
            entries.stream().filter(this::isTold).forEach(entry -> deliver(entry, new RoomSignal.Missed(entry.room)));
            return true;
        }
    }

    /** The shortest broadcaster that is correct, for those with one fault each to differ from. */
    static class ReferenceBroadcaster implements RoomBroadcaster {

        final List<Entry> entries = new CopyOnWriteArrayList<>();
        final List<EntryOfAll> entriesOfAll = new CopyOnWriteArrayList<>();

        /** Not a record: two registrations of one listener are two. */
        static final class EntryOfAll {
            final Consumer<NodeSignal> listener;

            EntryOfAll(Consumer<NodeSignal> listener) {
                this.listener = listener;
            }
        }

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
            } catch (Throwable e) {
                // The others get it all the same.
            }
            return true;
        }

        LogEntry carried(LogEntry entry) {
            return entry;
        }

        RoomIncarnation carried(RoomIncarnation room) {
            return room;
        }

        private RoomSignal carried(RoomSignal signal) {
            return signal instanceof RoomSignal.EntryAppended sent && sent.entry() != null
                    ? new RoomSignal.EntryAppended(
                            carried(sent.room()), sent.position(), sent.previous(), carried(sent.entry()))
                    : signal instanceof RoomSignal.Destroyed destroyed
                            ? new RoomSignal.Destroyed(carried(destroyed.room()))
                            : signal;
        }

        @Override
        public void publish(RoomSignal signal) {
            RoomSignal carried = carried(signal);
            boolean goOn = true;
            for (Entry entry : entries) {
                goOn = goOn && (!concerns(signal, entry.room) || deliver(entry, carried));
            }
        }

        @Override
        public void publishToAll(NodeSignal signal) {
            for (EntryOfAll entry : entriesOfAll) {
                try {
                    entry.listener.accept(signal);
                } catch (Throwable e) {
                    // The others get it all the same.
                }
            }
        }

        @Override
        public Registration subscribeToAll(Consumer<NodeSignal> listener) {
            EntryOfAll entry = new EntryOfAll(listener);
            entriesOfAll.add(entry);
            return () -> entriesOfAll.remove(entry);
        }

        /** Sends what a newer version may send; whether it can. */
        boolean publishUnknownKind(RoomId room) {
            return false;
        }

        /** Loses signals, and says so; whether it can. */
        boolean disturb() {
            return false;
        }

        @Override
        public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
            Entry entry = new Entry(room, listener);
            entries.add(entry);
            return () -> close(entry);
        }
    }
}
