package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** S12 and B6: a server that takes everything and answers nothing. */
class SilentServerTest {

    private static final Duration CLOSED = Duration.ofMillis(2500);
    private static final RedisServer SERVER = RedisServer.start();
    private static final TokenHash TOKEN = TokenHash.of("a token for tests");
    private static final Actor MEMBER = new Actor.ByToken(TOKEN);
    private static final Actor HOST = new Actor.Host("Host");

    @AfterEach
    void thaw() {
        SERVER.thaw();
    }

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    @Test
    void everyCallFailsInTime() {
        try (ChatNode node = ChatNode.open(SERVER.uri())) {
            assertFailsInTime(node.redis());
        }
    }

    /** The host's own settings let Lettuce wait for a minute, and queue. */
    @Test
    void everyCallFailsInTimeWithAPatientClientOfTheHost() {
        try (RedisClient client = RedisClient.create();
                RedisChat redis =
                        RedisChat.builder().client(client, SERVER.uri()).connect()) {
            assertFailsInTime(redis);
        }
    }

    private static void assertFailsInTime(RedisChat redis) {
        RoomStore store = redis.store();
        RoomBroadcaster broadcaster = redis.broadcaster();
        RoomIncarnation key = new RoomIncarnation(RoomId.random(), 1);
        Room room = new Room(key, store.now(), store.now().plusSeconds(60), 5, false);
        RoomBroadcaster.Registration registration = broadcaster.subscribe(key.id(), signal -> {});
        SERVER.freeze();
        List<Runnable> calls = List.of(
                () -> store.create(room, Identity.anonymous(), TOKEN),
                () -> store.find(key.id()),
                () -> store.authenticate(key.id(), TOKEN),
                () -> store.join(key.id(), JoinRequest.anonymous(Identity.anonymous(), TOKEN)),
                () -> store.change(key.id(), HOST, new RoomChange.Leave("p_somebody")),
                () -> store.change(key.id(), MEMBER, new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k", "text"))),
                () -> store.readAfter(key, EntryId.START, 10),
                () -> store.destroy(key, HOST),
                () -> broadcaster.publish(new RoomSignal.Missed(key.id())),
                () -> broadcaster.subscribe(RoomId.random(), signal -> {}));
        try (Crowd callers = new Crowd(calls.size())) {
            List<Duration> took = callers.all(i -> failing(calls.get(i)));
            assertThat(took).allMatch(one -> one.compareTo(CLOSED) < 0);
        }
        long start = System.nanoTime();
        store.now();
        registration.close();
        assertThat(System.nanoTime() - start)
                .as("what never waits")
                .isLessThan(Duration.ofMillis(100).toNanos());
        SERVER.thaw();
        Await.until(Duration.ofSeconds(5), "it answers again", () -> answers(store));
        assertThat(store.find(key.id()))
                .as("what was given up is not done later")
                .isEmpty();
    }

    private static boolean answers(RoomStore store) {
        try {
            return store.find(RoomId.random()).isEmpty();
        } catch (ChatUnavailableException e) {
            return false;
        }
    }

    private static Duration failing(Runnable call) {
        long start = System.nanoTime();
        try {
            call.run();
        } catch (ChatUnavailableException e) {
            return Duration.ofNanos(System.nanoTime() - start);
        }
        throw new AssertionError("a call was answered by a silent server");
    }

    /** A subscriber hears again after a silence in which its connection was given up. */
    @Test
    void subscribersHearAgainAfterALongSilence() {
        try (ChatNode node = ChatNode.open(SERVER.uri())) {
            Membership room = node.room();
            Heard heard = node.listen(room);
            SERVER.freeze();
            node.failToPost(room, "lost");
            RedisServer.sleep(Rounds.of(5_000, 60_000));
            SERVER.thaw();
            node.postUntilStored(room, "after", "after");
            Await.until(Duration.ofSeconds(5), "it is heard", () -> heard.hasText("after"));
            assertThat(heard.messages()).isEqualTo(1);
        }
    }
}
