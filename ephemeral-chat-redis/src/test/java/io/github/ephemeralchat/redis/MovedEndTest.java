package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.TooLateException;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import io.github.ephemeralchat.testsupport.TcpProxy;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Deadlines that are moved in the last moment in which that is allowed, in real seconds. Two nodes hear no signal of it,
 * and find out by looking at the store; a third one does not even reach the store.
 */
@Execution(ExecutionMode.CONCURRENT) // It waits for real time: others may run meanwhile.
@Tag("S16")
class MovedEndTest {

    private static final int ROOMS = Rounds.of(60, 1000);
    /** Long enough to create all rooms and to listen to them before the first try, beside whatever else runs. */
    private static final Duration LIFE = Duration.ofSeconds(75);

    private static final Duration FIRST_TRY = Duration.ofSeconds(61);
    private static final Duration LAST_TRY = Duration.ofSeconds(59);
    private static final Duration LATER = Duration.ofMinutes(10);
    private static final Duration TOLD = Duration.ofSeconds(2);

    private final TestNodes nodes = new TestNodes(RedisServer.shared().uri());
    private final TcpProxy wire = new TcpProxy(RedisServer.shared().port());
    private final ChatNode cutOff = ChatNode.open(RedisServer.uri(wire.port()));
    private final List<RoomStore> stores = new ArrayList<>();
    private final List<EphemeralChatService> deaf = new ArrayList<>();
    private final Crowd crowd = new Crowd(2);

    MovedEndTest() {
        for (int i = 0; i < 2; i++) {
            RedisChat redis = nodes.light(LogLimits.DEFAULT);
            stores.add(redis.store());
            deaf.add(EphemeralChatService.create(redis.store(), new Silent()));
        }
    }

    @AfterEach
    void closeNodes() {
        crowd.close();
        deaf.forEach(EphemeralChatService::close);
        cutOff.close();
        nodes.close();
        wire.close();
    }

    /** Carries nothing. */
    private static final class Silent implements RoomBroadcaster {
        @Override
        public void publish(RoomSignal signal) {}

        @Override
        public void publishToAll(NodeSignal signal) {}

        @Override
        public Registration subscribeToAll(Consumer<NodeSignal> listener) {
            return () -> {};
        }

        @Override
        public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
            return () -> {};
        }
    }

    /** A room, what two deaf nodes hear of it, and whether its end was moved. */
    private record Tried(SharedRoom room, List<Heard> heard, boolean moved) {}

    @Test
    void everyNodeObeysTheEndThatWasMovedInTheLastMoment() {
        SharedRoom away = room();
        Heard heardAway = new Heard();
        cutOff.service().subscribe(away.id(), Cursor.start(), heardAway);
        List<SharedRoom> rooms = IntStream.range(0, ROOMS).mapToObj(i -> room()).toList();
        List<List<Heard>> heard = rooms.stream().map(this::listen).toList();
        wire.cut();
        assertThat(move(away.on(stores.get(0)))).isTrue();

        List<Tried> tried = IntStream.range(0, ROOMS)
                .mapToObj(i -> tryLate(rooms.get(i), heard.get(i), i))
                .toList();
        assertThat(tried).extracting(Tried::moved).contains(true, false);

        Instant last = rooms.get(ROOMS - 1).room().expiresAt();
        Await.until(
                Duration.between(stores.get(0).now(), last).plus(TOLD),
                "the ends that were not moved",
                () -> tried.stream()
                        .filter(one -> !one.moved())
                        .flatMap(one -> one.heard().stream())
                        .allMatch(Heard::hasEnded));
        pauseUntil(last.plus(TOLD));
        tried.forEach(this::assertObeyed);
        assertGoesOn(away, heardAway);
    }

    private SharedRoom room() {
        RoomStore store = stores.get(0);
        return SharedRoom.create(store, SharedRoom.plan(store, LIFE, 50), null);
    }

    private List<Heard> listen(SharedRoom room) {
        return deaf.stream()
                .map(node -> {
                    Heard heard = new Heard();
                    node.subscribe(room.id(), Cursor.start(), heard);
                    return heard;
                })
                .toList();
    }

    /** Both nodes try at once, later with each room: from a second before the last moment to a second after it. */
    private Tried tryLate(SharedRoom room, List<Heard> heard, int i) {
        Duration left =
                FIRST_TRY.minus(FIRST_TRY.minus(LAST_TRY).multipliedBy(i).dividedBy(ROOMS));
        pauseUntil(room.room().expiresAt().minus(left));
        List<Boolean> moved = crowd.all(node -> move(room.on(stores.get(node))));
        return new Tried(room, heard, moved.contains(true));
    }

    private void pauseUntil(Instant moment) {
        RedisServer.sleep(
                Math.max(0, Duration.between(stores.get(0).now(), moment).toMillis()));
    }

    private static boolean move(SharedRoom room) {
        try {
            Instant later = room.store().now().plus(LATER).truncatedTo(ChronoUnit.MILLIS);
            return room.steer(new RoomChange.Deadline(later)).isPresent();
        } catch (TooLateException e) {
            return false;
        }
    }

    private void assertObeyed(Tried one) {
        long left = Duration.between(stores.get(0).now(), one.room().room().expiresAt())
                .toMillis();
        assertThat(left).as("it is after the first end").isNegative();
        if (one.moved()) {
            assertThat(one.heard()).noneMatch(Heard::hasEnded);
            assertThat(keys(one.room()))
                    .isNotEmpty()
                    .allSatisfy(key -> assertThat(look().pttl(key))
                            .isGreaterThan(LATER.minus(LIFE).minusSeconds(10).toMillis()));
            one.room().on(stores.get(1)).post(one.room().owner().actor(), "after the first end");
        } else {
            assertThat(one.heard()).allSatisfy(heard -> assertThat(heard.ends()).containsExactly(EndReason.EXPIRED));
            assertThat(stores.get(1).find(one.room().id())).isEmpty();
            assertThat(keys(one.room())).isEmpty();
        }
    }

    /** By its own clock the room has ended; once it reaches the store it finds that the room has not. */
    private void assertGoesOn(SharedRoom room, Heard before) {
        wire.mend();
        Heard again = new Heard();
        ChatNode.untilAnswered(() -> cutOff.service().subscribe(room.id(), before.place(), again));
        room.on(stores.get(1)).post(room.owner().actor(), "the room lives on");

        Await.until(Duration.ofSeconds(10), "it is heard", () -> again.hasText("text of the room lives on"));
        assertThat(again.ends()).isEmpty();
        assertThat(again.resets()).isZero();
        ChatNode.untilAnswered(() -> cutOff.redis()
                .store()
                .change(room.id(), room.owner().actor(), new RoomChange.Property("said", "after it")));
        Seat late = room.join();
        assertThat(room.state().members())
                .hasSize(2)
                .anyMatch(one -> one.identity().equals(late.identity()));
    }

    private static RedisCommands<String, String> look() {
        return TestNodes.look(RedisServer.shared());
    }

    private static List<String> keys(SharedRoom room) {
        List<String> keys = new ArrayList<>();
        ScanArgs like = ScanArgs.Builder.matches("*" + room.id().value() + "*").limit(1000);
        KeyScanCursor<String> found = look().scan(like);
        keys.addAll(found.getKeys());
        while (!found.isFinished()) {
            found = look().scan(ScanCursor.of(found.getCursor()), like);
            keys.addAll(found.getKeys());
        }
        return keys;
    }
}
