package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Many rooms at once, with the server's default settings. */
@EnabledIfSystemProperty(named = "test.rounds", matches = "full", disabledReason = "long rounds: -Pfull")
class ManyRoomsTest {

    private static final int ENDING = Integer.getInteger("ending.rooms", 10_000);
    private static final int OTHERS = Integer.getInteger("other.rooms", 300_000);
    private static final Duration SET_UP = Duration.ofSeconds(Long.getLong("setup.seconds", 240));
    private static final Duration CHURN = Duration.ofSeconds(Long.getLong("churn.seconds", 600));

    private static final Duration TOLD = Duration.ofSeconds(2);
    private static final Duration REMOVED = Duration.ofSeconds(15);
    private static final Duration DROPPED = Duration.ofSeconds(65);
    private static final Duration DAY = Duration.ofHours(20);
    private static final int WRITERS = 4;
    private static final int SAMPLES = 20;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final TestDatabase database = TestDatabase.start();
    private final ChatNode here = ChatNode.open(database);
    private final ChatNode there = ChatNode.open(database);

    @AfterEach
    void closeAll() {
        here.close();
        there.close();
        database.close();
    }

    @Test
    void roomsThatEndTogetherAreToldRemovedAndDroppedInTime() {
        fillWithOthers();
        Instant end = Instant.now().plus(SET_UP);
        Told told = new Told();
        List<Membership> ending = endingAt(end, told);
        assertThat(Instant.now()).as("the set-up was in time").isBefore(end);
        try (Poster poster = new Poster(here)) {
            Await.until(SET_UP.plus(TOLD), "all are told", () -> told.count.get() == ENDING);
            Duration toldAfter = Duration.between(end, told.last.get());
            assertThat(toldAfter).isLessThan(TOLD);
            assertThat(ending)
                    .allMatch(room -> here.service().findRoom(room.room().id()).isEmpty());
            Await.until(REMOVED, "no row is left", () -> count("room", hour(end)) + count("body", hour(end)) == 0);
            Duration removedAfter = Duration.between(end, Instant.now());
            Instant setForth = setForth(end);
            Await.until(
                    DROPPED,
                    "the partition is dropped",
                    () -> database.ask("SELECT to_regclass('ephemeral_chat.claim_" + hour(end) + "')") == null);
            System.out.printf(
                    "%n%d rooms beside %d: told within %d ms, rows gone after %d ms, partition dropped %d ms after its time;"
                            + " posts meanwhile: %s%n",
                    ENDING,
                    OTHERS,
                    toldAfter.toMillis(),
                    removedAfter.toMillis(),
                    Duration.between(setForth, Instant.now()).toMillis(),
                    poster);
            assertThat(poster.slowest()).isLessThan(Duration.ofMillis(2500));
        }
        assertThat(database.ask("SELECT count(*) FROM ephemeral_chat.room")).isEqualTo(String.valueOf(OTHERS + 1));
    }

    /** By the database itself, since the service would take an hour. */
    private void fillWithOthers() {
        long latest = Instant.now().plus(DAY).toEpochMilli();
        String hour = String.valueOf(latest / HOUR);
        database.execute("SET search_path = ephemeral_chat; SELECT need_hour(" + hour + ");"
                + " INSERT INTO room (code, format, hour, incarnation, created, deadline, latest, seats, owner_only, encrypted,"
                + " typing, presence, locked, wrong, wait_until, taken, head, nonce, first, bytes)"
                + " SELECT 'other-' || i, 1, " + hour + ", i, micros() / 1000, " + latest + ", " + latest
                + ", 5, false, false, false, false, false, 0, 0, 1, 2, i, 1, 100 FROM generate_series(1, " + OTHERS
                + ") i;"
                + " INSERT INTO seat SELECT hour, no, 'a', 'Ada', 1, 'owner', '' FROM room;"
                + " INSERT INTO token SELECT hour, no, repeat('0', 64), 'a', 1 FROM room;"
                + " INSERT INTO entry SELECT hour, no, 2, 1, created, 'message', 'a', 'Ada', 'k', 100, NULL, NULL, NULL, hour,"
                + " NULL FROM room;"
                + " INSERT INTO body SELECT hour, no, 2, NULL, convert_to(repeat('x', 100), 'UTF8') FROM room;");
    }

    private List<Membership> endingAt(Instant end, Told told) {
        try (Crowd crowd = new Crowd(WRITERS * 2)) {
            List<Membership> all = new ArrayList<>();
            crowd.all(thread -> IntStream.range(0, ENDING)
                            .filter(i -> i % (WRITERS * 2) == thread)
                            .mapToObj(i -> begin(i % 2 == 0 ? here : there, end, told))
                            .toList())
                    .forEach(all::addAll);
            return all;
        }
    }

    private static Membership begin(ChatNode node, Instant end, Told told) {
        Membership room = node.room(end, 5);
        node.post(room, "hello");
        node.service().subscribe(room.room().id(), Cursor.start(), told);
        return room;
    }

    private static long hour(Instant end) {
        return end.toEpochMilli() / HOUR;
    }

    private long count(String table, long hour) {
        return Long.parseLong(database.ask("SELECT count(*) FROM ephemeral_chat." + table + " WHERE hour = " + hour));
    }

    /** The hour of an end is over for a minute, by the server's clock. */
    private Instant setForth(Instant end) {
        Instant now = Instant.now();
        long micros = 1_000 * ((hour(end) + 1) * HOUR + Duration.ofMinutes(1).toMillis() - now.toEpochMilli());
        database.execute("CREATE OR REPLACE FUNCTION ephemeral_chat.micros() RETURNS bigint LANGUAGE sql VOLATILE AS"
                + " 'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + " + micros + "'");
        return now;
    }

    /** Rooms come, talk and go; all are of one or two hours, whose tables are not dropped meanwhile. */
    @Test
    void sizeIsFlatWhileRoomsComeAndGo() {
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger rooms = new AtomicInteger();
        List<CompletableFuture<Void>> writers = IntStream.range(0, WRITERS)
                .mapToObj(i -> CompletableFuture.runAsync(() -> churn(i % 2 == 0 ? here : there, enough, rooms)))
                .toList();
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            Duration until = CHURN.multipliedBy(i + 1)
                    .dividedBy(SAMPLES)
                    .minus(CHURN.multipliedBy(i).dividedBy(SAMPLES));
            long start = System.nanoTime();
            Await.until(until.plusSeconds(1), "the next sample", () -> System.nanoTime() - start > until.toNanos());
            sizes.add(size());
        }
        enough.set(true);
        writers.forEach(CompletableFuture::join);
        System.out.printf(
                "%nchurn of %d s: %d rooms of 20 messages, KiB of all tables at each twentieth: %s%n",
                CHURN.toSeconds(),
                rooms.get(),
                sizes.stream().map(bytes -> bytes >> 10).toList());
        long early = max(sizes.subList(SAMPLES / 4, SAMPLES / 2));
        long late = max(sizes.subList(SAMPLES / 2, SAMPLES));
        assertThat(late).as("bytes at most, in the second half").isLessThan(early + early / 4);
    }

    private static long max(List<Long> some) {
        return some.stream().mapToLong(Long::longValue).max().orElseThrow();
    }

    private static void churn(ChatNode node, AtomicBoolean enough, AtomicInteger rooms) {
        while (!enough.get()) {
            Membership room = node.room(Duration.ofSeconds(30), 5);
            for (int i = 0; i < 20; i++) {
                node.post(room, "x".repeat(200));
            }
            if (rooms.incrementAndGet() % 2 == 0) {
                node.service().asHost(room.room().id()).destroy();
            }
        }
    }

    private long size() {
        return Long.parseLong(database.ask("SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c"
                + " WHERE c.relnamespace = 'ephemeral_chat'::regnamespace AND c.relkind = 'r'"));
    }

    /** A subscriber of all rooms that end. */
    private static final class Told implements Consumer<RoomEvent> {

        private final AtomicInteger count = new AtomicInteger();
        private final AtomicReference<Instant> last = new AtomicReference<>(Instant.MIN);

        @Override
        public void accept(RoomEvent event) {
            if (event instanceof RoomDestroyed end && end.reason() == EndReason.EXPIRED) {
                Instant now = Instant.now();
                last.accumulateAndGet(now, (a, b) -> a.isAfter(b) ? a : b);
                count.incrementAndGet();
            }
        }
    }

    /** Somebody in another room, who posts ten times a second. */
    private static final class Poster implements AutoCloseable {

        private final List<Duration> took = new ArrayList<>();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final CompletableFuture<Void> posting;

        Poster(ChatNode node) {
            Membership room = node.room(DAY, 5);
            posting = CompletableFuture.runAsync(() -> {
                while (!closed.get()) {
                    long start = System.nanoTime();
                    node.postUntilStored(room, "beside", "k" + start);
                    add(Duration.ofNanos(System.nanoTime() - start));
                    CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS))
                            .join();
                }
            });
        }

        private synchronized void add(Duration one) {
            took.add(one);
        }

        synchronized Duration slowest() {
            return took.stream().max(Duration::compareTo).orElse(Duration.ZERO);
        }

        @Override
        public synchronized String toString() {
            return took.size() + ", the slowest " + slowest().toMillis() + " ms";
        }

        @Override
        public void close() {
            closed.set(true);
            posting.join();
        }
    }
}
