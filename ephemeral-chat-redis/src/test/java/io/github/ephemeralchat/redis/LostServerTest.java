package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** The server dies and comes back, with what it had or without. */
class LostServerTest {

    private static final Duration BACK = Duration.ofSeconds(5);
    private static final Duration LIFE = Duration.ofSeconds(5);
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
            for (Membership room : rooms) {
                assertThatExceptionOfType(EphemeralChatException.class)
                        .isThrownBy(() -> there.post(room, "too late"))
                        .isNotInstanceOf(ChatUnavailableException.class);
            }
            assertThat(keys(server)).as("keys that came back").isZero();
        }
    }

    private static long keys(RedisServer server) {
        RedisClient client = RedisClient.create(server.adminUri());
        try (client) {
            return client.connect().sync().dbsize();
        }
    }

    /** What somebody does to get a text acknowledged, and to tell a checker of it. */
    private interface Poster {
        void post(ChatNode node, Membership as, String text, String id);
    }

    /** D2: kill -9 in the middle of things; the append-only file has all that was acknowledged. */
    @Test
    void whatWasAcknowledgedSurvivesAKillAndNothingIsDoubled() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                ChatNode here = ChatNode.open(server.uri());
                ChatNode there = ChatNode.open(server.uri())) {
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room), there.listen(room));
            HistoryChecker checker = new HistoryChecker();
            Poster poster = (node, as, text, id) -> checker.acknowledged(
                    node.postUntilStored(as, text, id).message().sequence(), text);
            killAgainAndAgain(server, here, there, room, heard, poster, round -> {});
            for (int i = 0; i < heard.size(); i++) {
                heard.get(i).tell(checker, "subscriber " + i);
            }
            assertThat(checker.findings()).isEmpty();
            assertThat(heard).allSatisfy(one -> assertThat(one.resets()).isZero());
        }
    }

    /**
     * D2, where the file is synced every second only: after a kill of the process the end of the file may be missing,
     * after a power cut it is, which every other round plays. What was acknowledged and is lost is told by a reset.
     */
    @Test
    void whatWasAcknowledgedIsNotSilentlyLostWhereTheDiskLagsBehind() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "everysec");
                ChatNode here = ChatNode.open(server.uri());
                ChatNode there = ChatNode.open(server.uri())) {
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room), there.listen(room));
            SurvivalChecker checker = new SurvivalChecker(heard);
            Poster poster = (node, as, text, id) -> {
                RedisServer.sleep(8); // So that all that is posted fits into the log.
                checker.post(node, as, text, id);
            };
            killAgainAndAgain(server, here, there, room, heard, poster, round -> {
                if (round % 2 == 1) {
                    server.file().loseEnd(2048);
                }
            });
            List<String> survived = here.texts(room);
            System.out.println("D2: " + checker.lost(survived) + " acknowledged messages lost with the disk, "
                    + survived.size() + " kept, resets " + checker.resets());
            assertThat(checker.findings(survived)).isEmpty();
            assertThat(checker.lost(survived)).as("it is put to the test").isPositive();
        }
    }

    /** Promise 15: what was deleted, claimed or has ended is not in what comes back from the disk. */
    @Test
    void forgottenTextsDoNotComeBackWithAKilledServer() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                ChatNode here = ChatNode.open(server.uri());
                ChatNode there = ChatNode.open(server.uri())) {
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room));
            Membership guest = there.service().join(room.room().id(), Identity.anonymous());
            for (int round = 1; round <= Rounds.of(1, 5); round++) {
                int before = heard.get(0).forgotten();
                Message deleted = here.post(room, NewMessage.of("was deleted"));
                Message claimable = here.post(room, NewMessage.of("was claimed").withClaims(1));
                Message ended = here.post(room, NewMessage.of("has ended").withTtl(LIFE));
                there.as(guest).claim(claimable.sequence());
                there.as(room).forget(deleted.sequence());
                RedisServer.sleep(1000);
                Message endsMeanwhile =
                        here.post(room, NewMessage.of("ends meanwhile").withTtl(LIFE));
                passes(ended);
                Await.until(BACK, "all hear", () -> heard.stream().allMatch(one -> one.forgotten() == before + 3));

                server.kill();
                passes(endsMeanwhile);
                server.restart();

                assertDeliveredSoon(
                        here, room, heard, "back " + round, (node, as, text, id) -> node.postUntilStored(as, text, id));
                Await.until(BACK, "all hear", () -> heard.stream().allMatch(one -> one.forgotten() == before + 4));
                for (ChatNode node : List.of(here, there)) {
                    assertThat(ChatNode.untilAnswered(() -> node.storyOf(room)).stream()
                                    .filter(text -> !text.isEmpty()))
                            .hasSize(round)
                            .allMatch(text -> text.startsWith("back"));
                }
            }
            assertThat(heard).allSatisfy(one -> assertThat(one.resets()).isZero());
            RedisCommands<String, String> look = TestNodes.look(server);
            assertThat(List.of("was deleted", "has ended", "meanwhile")).noneMatch(text -> TestNodes.holds(look, text));
        }
    }

    /** By this machine's clock, since the server may be away. */
    private static void passes(Message message) {
        Duration left = Duration.between(Instant.now(), message.life().expiresAt());
        RedisServer.sleep(Math.max(0, left.toMillis()) + 1);
    }

    private static void killAgainAndAgain(
            RedisServer server,
            ChatNode here,
            ChatNode there,
            Membership room,
            List<Heard> heard,
            Poster poster,
            IntConsumer whileDead) {
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> writers = List.of(writer(here, room, poster, stop), writer(there, room, poster, stop));
        for (int round = 0; round < Rounds.of(4, 20); round++) {
            int before = heard.get(0).messages();
            Await.until(BACK, "they talk", () -> heard.get(0).messages() > before + 20);
            RedisServer.sleep(300);
            server.kill();
            whileDead.accept(round);
            assertThat(there.failToPost(room, "while away " + round)).isLessThan(CLOSED);
            server.restart();
            assertDeliveredSoon(here, room, heard, "back " + round, poster);
        }
        stop.set(true);
        writers.forEach(LostServerTest::join);
        assertDeliveredSoon(here, room, heard, "last", poster);
    }

    private static void assertDeliveredSoon(
            ChatNode node, Membership room, List<Heard> heard, String text, Poster poster) {
        long back = System.nanoTime();
        poster.post(node, room, text, text.replace(' ', '-'));
        Duration left = BACK.minusNanos(System.nanoTime() - back);
        Await.until(left, "all hear again", () -> heard.stream().allMatch(one -> one.hasText(text)));
    }

    private static Thread writer(ChatNode node, Membership owner, Poster poster, AtomicBoolean stop) {
        Membership guest = node.service().join(owner.room().id(), Identity.anonymous());
        Thread thread = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                poster.post(node, guest, guest.participant().identity().id() + " says " + i, "m" + i);
            }
        });
        thread.start();
        return thread;
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
