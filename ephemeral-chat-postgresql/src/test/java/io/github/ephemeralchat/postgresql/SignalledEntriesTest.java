package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomSignal.EntryAppended;
import io.github.ephemeralchat.tck.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A signal of another node arrives with the entry that it tells of, read together with others'. */
class SignalledEntriesTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final ChatNode speaking = ChatNode.open(TestDatabase.shared());
    private final ChatNode listening = ChatNode.open(TestDatabase.shared());

    @AfterEach
    void closeNodes() {
        speaking.close();
        listening.close();
    }

    private static Queue<RoomSignal> signals(ChatNode node, Membership room) {
        Queue<RoomSignal> signals = new ConcurrentLinkedQueue<>();
        node.postgresql().broadcaster().subscribe(room.room().id(), signals::add);
        return signals;
    }

    private static List<EntryAppended> appended(Queue<RoomSignal> signals) {
        return signals.stream()
                .filter(EntryAppended.class::isInstance)
                .map(EntryAppended.class::cast)
                .toList();
    }

    private static List<String> texts(Queue<RoomSignal> signals) {
        return appended(signals).stream()
                .map(EntryAppended::entry)
                .map(entry -> entry == null ? "none" : entry.body())
                .toList();
    }

    @Test
    void entriesOfOthersComeWithTheirSignals_ownOnesDoNot() {
        List<Membership> rooms = Stream.generate(speaking::room).limit(3).toList();
        List<Queue<RoomSignal>> others =
                rooms.stream().map(room -> signals(listening, room)).toList();
        Queue<RoomSignal> own = signals(speaking, rooms.get(0));
        List<String> expected =
                IntStream.range(0, 100).mapToObj(i -> "text " + i).toList();

        expected.forEach(text -> rooms.forEach(room -> speaking.post(room, text)));

        for (Queue<RoomSignal> signals : others) {
            Await.until(SOON, "all are heard", () -> texts(signals).size() == expected.size());
            assertThat(texts(signals)).isEqualTo(expected);
        }
        Await.until(SOON, "its own are heard", () -> texts(own).size() == expected.size());
        assertThat(texts(own)).containsOnly("none");
    }

    @Test
    void moreThanAreReadAtOnce_asTheyAreNow() throws SQLException {
        Membership room = speaking.room();
        IntStream.range(0, 150).forEach(i -> speaking.post(room, "text " + i));
        List<LogEntry> stored = stored(room);
        speaking.service()
                .as(room.room().id(), room.token())
                .forget(stored.get(stored.size() - 1).id().sequence());

        List<RoomSignal> signals = new ArrayList<>();
        signals.add(new RoomSignal.Missed(room.room().id()));
        stored.forEach(entry -> signals.add(signal(room, entry)));
        read(signals);

        assertThat(signals.get(0)).isInstanceOf(RoomSignal.Missed.class);
        List<LogEntry> read = signals.stream()
                .skip(1)
                .map(signal -> ((EntryAppended) signal).entry())
                .toList();
        assertThat(read.subList(0, read.size() - 1)).isEqualTo(stored.subList(0, stored.size() - 1));
        LogEntry forgotten = read.get(read.size() - 1);
        assertThat(forgotten.body()).isEmpty();
        assertThat(forgotten.life().forgotten()).isEqualTo(Forgotten.DELETED);
    }

    /** Each hour has tables of its own, in which a room is by its latest end, and a body by its own. */
    @Test
    void entriesOfAllHoursAreRead_andBodiesThatEndInAnotherHourThanTheirRoom() throws SQLException {
        List<RoomSignal> signals = new ArrayList<>();
        List<LogEntry> all = new ArrayList<>();
        for (Duration life : List.of(Duration.ofHours(3), Duration.ofHours(6), Duration.ofHours(3))) {
            Membership room = speaking.room(life, 5);
            speaking.post(room, "text");
            speaking.service()
                    .as(room.room().id(), room.token())
                    .post(NewMessage.of("of a minute").withTtl(Duration.ofMinutes(1)));
            List<LogEntry> stored = stored(room);
            stored.forEach(entry -> signals.add(signal(room, entry)));
            all.addAll(stored);
        }

        read(signals);

        assertThat(signals)
                .extracting(signal -> ((EntryAppended) signal).entry())
                .isEqualTo(all)
                .extracting(LogEntry::body)
                .contains("text", "of a minute");
    }

    @Test
    void whatIsNotThereIsNotRead() throws SQLException {
        Membership room = speaking.room();
        speaking.post(room, "text");
        LogEntry stored = stored(room).get(1);
        EntryAppended right = signal(room, stored);
        List<RoomSignal> signals = new ArrayList<>(List.of(
                new EntryAppended(
                        right.room(),
                        new EntryId(stored.id().sequence(), stored.id().nonce() + 1),
                        right.previous(),
                        null),
                new EntryAppended(
                        new RoomIncarnation(room.room().id(), right.room().number() + 1),
                        right.position(),
                        right.previous(),
                        null)));
        List<RoomSignal> before = List.copyOf(signals);

        read(signals);
        assertThat(signals).isEqualTo(before);

        speaking.service().as(room.room().id(), room.token()).destroy();
        List<RoomSignal> destroyed = new ArrayList<>(List.of(right));
        read(destroyed);
        assertThat(destroyed).containsExactly(right);
    }

    @Test
    void whatCannotBeRead_isHeardWithoutItsEntry() throws SQLException {
        Membership room = speaking.room();
        Queue<RoomSignal> signals = signals(listening, room);
        speaking.post(room, "text");
        List<LogEntry> stored = stored(room);
        EntryAppended told = new EntryAppended(
                room.room().incarnation(), stored.get(1).id(), stored.get(0).id(), null);
        Connection closed = TestDatabase.shared().unpooled().getConnection();
        closed.close();

        assertThatThrownBy(() -> listening
                        .postgresql()
                        .broadcaster()
                        .received(List.of(SignalCodec.encode(told)), new SignalledEntries(closed)))
                .isInstanceOf(SQLException.class);

        Await.until(SOON, "it is heard", () -> signals.contains(told));
    }

    @Test
    void aConnectionThatFails_costsNoSignal() {
        Membership room = speaking.room();
        Queue<RoomSignal> signals = signals(listening, room);
        speaking.post(room, "before");
        Await.until(SOON, "it is heard", () -> texts(signals).contains("before"));
        TestDatabase.shared()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%entries_at%'"
                        + " AND pid <> pg_backend_pid()");
        Await.until(SOON, "listeners are told", () -> signals.stream().anyMatch(RoomSignal.Missed.class::isInstance));
        speaking.post(room, "after");
        Await.until(SOON, "it is heard", () -> texts(signals).contains("after"));
    }

    private List<LogEntry> stored(Membership room) {
        return speaking.postgresql()
                .store()
                .readAfter(room.room().incarnation(), EntryId.START, 500)
                .entries();
    }

    private static EntryAppended signal(Membership room, LogEntry entry) {
        return new EntryAppended(room.room().incarnation(), entry.id(), EntryId.START, null);
    }

    private static void read(List<RoomSignal> signals) throws SQLException {
        List<Integer> unread = IntStream.range(0, signals.size())
                .filter(i -> signals.get(i) instanceof EntryAppended)
                .boxed()
                .toList();
        try (Connection connection = TestDatabase.shared().unpooled().getConnection()) {
            new SignalledEntries(connection).read(signals, unread);
        }
    }
}
