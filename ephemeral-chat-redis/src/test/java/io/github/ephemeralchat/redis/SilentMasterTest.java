package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One master of a cluster takes everything and answers nothing, and nobody takes over: the rooms of the others go on. */
class SilentMasterTest {

    private static final int CALLERS = 80;
    private static final Duration CLOSED = Duration.ofMillis(2500);
    private static final Duration AT_ONCE = Duration.ofMillis(1500);
    private static final KeyNames NAMES = new KeyNames("ec");

    private static TestCluster cluster;
    private static ChatNode node;
    /** It has asked no master yet. */
    private static RedisChat another;

    private static RoomId roomOfSilent;
    private static RoomId roomOfAnother;

    private final AtomicBoolean stop = new AtomicBoolean();
    private int silent;

    @BeforeAll
    static void start() {
        cluster = new TestCluster("--cluster-node-timeout", "60000");
        node = ChatNode.open(cluster.uris());
        another = RedisChat.builder().cluster(cluster.uris()).plainSignals().connect();
        roomOfSilent = room(slot -> slot < SlotHash.SLOT_COUNT / 3);
        roomOfAnother = room(slot -> slot > 2 * SlotHash.SLOT_COUNT / 3);
    }

    @AfterAll
    static void stopAll() {
        another.close();
        node.close();
        cluster.close();
    }

    private static RoomId room(Predicate<Integer> isWanted) {
        return Stream.generate(() -> ChatNode.untilAnswered(node::room).room().id())
                .filter(id -> isWanted.test(SlotHash.getSlot(NAMES.channel(id))))
                .findFirst()
                .orElseThrow();
    }

    @BeforeEach
    void silence() {
        silent = cluster.silenceMasterOf(NAMES.channel(roomOfSilent));
    }

    @AfterEach
    void isAnsweredSoonAfterTheSilence() {
        stop.set(true);
        cluster.thaw(silent);
        Await.until(Duration.ofSeconds(5), "it answers again", () -> isFound(roomOfSilent));
    }

    private static boolean isFound(RoomId room) {
        try {
            return node.redis().store().find(room).isPresent();
        } catch (ChatUnavailableException e) {
            return false;
        }
    }

    @Test
    void callsThatWaitForItHoldUpNoCallForAnother() {
        try (Crowd callers = new Crowd(CALLERS)) {
            Thread asking = new Thread(() -> callers.all(i -> askInVain()));
            asking.start();
            RedisServer.sleep(1000);
            for (int i = 0; i < 20; i++) {
                assertIsFoundAtOnce(roomOfAnother);
                RedisServer.sleep(100);
            }
            stop.set(true);
            join(asking);
        }
    }

    private boolean askInVain() {
        while (!stop.get()) {
            assertThat(isFound(roomOfSilent)).isFalse();
            RedisServer.sleep(5);
        }
        return true;
    }

    private static void assertIsFoundAtOnce(RoomId room) {
        long start = System.nanoTime();
        assertThat(node.redis().store().find(room)).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
    }

    private static void join(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).isFalse();
    }

    /** A caller that is told so after 2 s each time would be held up by each of its rooms. */
    @Test
    void callsFailAtOnceOnceItIsKnownToBeSilent() {
        Await.until(
                Duration.ofSeconds(5),
                "it is known",
                () -> failing(roomOfSilent).compareTo(AT_ONCE) < 0);
        for (int i = 0; i < 20; i++) {
            assertThat(failing(roomOfSilent)).isLessThan(AT_ONCE);
            RedisServer.sleep(100);
        }
    }

    private static Duration failing(RoomId room) {
        long start = System.nanoTime();
        assertThat(isFound(room)).isFalse();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void postsThatWaitForItTakeNoPlaceOfThoseForAnother() throws Exception {
        List<CompletableFuture<Optional<Appended>>> lost = IntStream.range(0, AsyncRedisCalls.MAX_UNDER_WAY + 100)
                .mapToObj(i -> post(node.redis(), roomOfSilent, "lost " + i))
                .toList();
        assertThat(post(node.redis(), roomOfAnother, "stored").get(AT_ONCE.toMillis(), TimeUnit.MILLISECONDS))
                .isPresent();
        for (CompletableFuture<Optional<Appended>> one : lost) {
            assertIsRefused(one);
        }
    }

    /** The connection to it that the post needs first does not come. */
    @Test
    void postThatNeedsANewConnectionToItFailsInTime() throws Exception {
        long start = System.nanoTime();
        assertIsRefused(post(another, roomOfSilent, "lost"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CLOSED);
    }

    private static CompletableFuture<Optional<Appended>> post(RedisChat redis, RoomId room, String text) {
        Draft draft = new Draft(LogEntry.NOTICE, text.replace(' ', '-'), text);
        return redis.store()
                .changeAsync(room, SharedRoom.HOST, new RoomChange.Post(draft))
                .toCompletableFuture();
    }

    private static void assertIsRefused(CompletableFuture<Optional<Appended>> posted)
            throws InterruptedException, TimeoutException {
        try {
            posted.get(10, TimeUnit.SECONDS);
            throw new AssertionError("a silent master has answered");
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(ChatUnavailableException.class);
        }
    }

    /** Each would read its room anew. One time may be: the client may have to look for another node to ask. */
    @Test
    void listenersOfOtherMastersAreNotToldAgainAndAgain() {
        Queue<RoomSignal> signals = new ConcurrentLinkedQueue<>();
        try (Crowd callers = new Crowd(8);
                Registration registration = node.redis().broadcaster().subscribe(roomOfAnother, signals::add)) {
            Thread asking = new Thread(() -> callers.all(i -> askInVain()));
            asking.start();
            RedisServer.sleep(8000);
            stop.set(true);
            join(asking);
            assertThat(registration).isNotNull();
            assertThat(signals).hasSizeLessThan(2);
        }
    }
}
