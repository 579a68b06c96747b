package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.Identity;
import io.github.ephemeralchat.Membership;
import io.github.ephemeralchat.Posted;
import io.github.ephemeralchat.RoomEvent.EndReason;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The server dies and comes back, with what it had or without. */
class LostServerTest {

    private static final Duration BACK = Duration.ofSeconds(5);
    private static final Duration CLOSED = Duration.ofMillis(2500);

    /** D4: nothing comes back by itself, and everybody is told. */
    @Test
    void whereTheServerComesBackEmptyEverySubscriberIsToldThatTheRoomIsLost() {
        try (RedisServer server = RedisServer.start();
                ChatNode here = ChatNode.open(server.uri());
                ChatNode there = ChatNode.open(server.uri())) {
            List<Membership> rooms = new ArrayList<>();
            List<Heard> heard = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Membership room = here.room();
                rooms.add(room);
                heard.add(here.listen(room));
                heard.add(there.listen(room));
                there.post(room, "hello");
            }
            server.kill();
            assertThat(here.failToPost(rooms.get(0), "into nothing")).isLessThan(CLOSED);
            server.restart();
            Await.until(BACK, "everybody is told", () -> heard.stream().allMatch(Heard::hasEnded));
            assertThat(heard).allSatisfy(one -> assertThat(one.ends()).containsExactly(EndReason.LOST));
            assertThat(keys(server)).isZero();
        }
    }

    private static long keys(RedisServer server) {
        RedisClient client = RedisClient.create(server.adminUri());
        try (client) {
            return client.connect().sync().dbsize();
        }
    }

    /** D2: kill -9 in the middle of things; the append-only file has all that was acknowledged. */
    @Test
    void whatWasAcknowledgedSurvivesAKillAndNothingIsDoubled() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "everysec");
                ChatNode here = ChatNode.open(server.uri());
                ChatNode there = ChatNode.open(server.uri())) {
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room), there.listen(room));
            HistoryChecker checker = new HistoryChecker();
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> writers = List.of(writer(here, room, checker, stop), writer(there, room, checker, stop));
            for (int round = 0; round < Rounds.of(4, 20); round++) {
                RedisServer.sleep(300);
                server.kill();
                assertThat(there.failToPost(room, "while away " + round)).isLessThan(CLOSED);
                server.restart();
                assertDeliveredSoon(here, room, heard, "back " + round, checker);
            }
            stop.set(true);
            writers.forEach(LostServerTest::join);
            assertDeliveredSoon(here, room, heard, "last", checker);
            for (int i = 0; i < heard.size(); i++) {
                heard.get(i).tell(checker, "subscriber " + i);
            }
            assertThat(checker.findings()).isEmpty();
            assertThat(heard).allSatisfy(one -> assertThat(one.resets()).isZero());
        }
    }

    private static void assertDeliveredSoon(
            ChatNode node, Membership room, List<Heard> heard, String text, HistoryChecker checker) {
        long back = System.nanoTime();
        post(node, room, text, text.replace(' ', '-'), checker);
        Duration left = BACK.minusNanos(System.nanoTime() - back);
        Await.until(left, "all hear again", () -> heard.stream().allMatch(one -> one.hasText(text)));
    }

    private static Thread writer(ChatNode node, Membership owner, HistoryChecker checker, AtomicBoolean stop) {
        Membership guest = node.service().join(owner.room().id(), Identity.anonymous());
        Thread thread = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                post(node, guest, guest.participant().identity().id() + " says " + i, "m" + i, checker);
            }
        });
        thread.start();
        return thread;
    }

    private static void post(ChatNode node, Membership as, String text, String id, HistoryChecker checker) {
        Posted posted = node.postUntilStored(as, text, id);
        checker.acknowledged(posted.message().sequence(), text);
    }

    private static void join(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).as("a writer is still at it").isFalse();
    }
}
