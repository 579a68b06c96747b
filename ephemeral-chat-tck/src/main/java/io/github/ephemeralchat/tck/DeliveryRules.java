package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.Cue;
import io.github.ephemeralchat.spi.RoomSignal.Destroyed;
import io.github.ephemeralchat.spi.RoomSignal.EntryAppended;
import io.github.ephemeralchat.spi.RoomSignal.Presence;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which signals reach which listeners, and as what. */
abstract class DeliveryRules extends BroadcasterRules {

    private static final int RACES = 500;
    private static final int MANY = 3_000;

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
                    contract().signalTimeout(),
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
    @Tag("B5")
    void b5_listeners_learn_that_signals_may_be_lost() {
        List<RoomIncarnation> rooms = List.of(room, newRoom(), newRoom());
        List<Recorder> recorders = rooms.stream()
                .flatMap(each -> Stream.of(here, here, there, there).map(node -> new Recorder(node, each)))
                .toList();

        if (contract().disturb()) {
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

        contract().publishUnknownKind(room.id());
        here.publish(signal);

        recorder.awaitSignal();
    }
}
