package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary with a replica, and a Sentinel that makes the replica the primary when the other one is gone. */
class SentinelTest {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LIFE = Duration.ofSeconds(5);
    /** After this a node has looked at its rooms, whether it heard anything or not. */
    private static final Duration CHECK = Duration.ofSeconds(35);

    private final RedisClient client = RedisClient.create();
    private final RedisServer primary = RedisServer.start();
    private final RedisServer replica = RedisServer.start(
            "--replicaof", "127.0.0.1", Integer.toString(primary.port()), "--repl-diskless-sync-delay", "0");
    private final RedisServer sentinel = RedisServer.start("--sentinel");

    @BeforeEach
    void watch() {
        RedisCommands<String, String> follower =
                client.connect(replica.adminUri()).sync();
        Await.until(
                COMMAND_TIMEOUT,
                "it replicates",
                () -> follower.info("replication").contains("master_link_status:up"));
        try (var connection = client.connectSentinel(sentinel.adminUri())) {
            connection.sync().monitor("rooms", "127.0.0.1", primary.port(), 1);
            connection.sync().set("rooms", "down-after-milliseconds", "500");
            connection.sync().set("rooms", "failover-timeout", "3000");
        }
        Await.until(COMMAND_TIMEOUT, "the Sentinel knows the replica", () -> {
            try (var connection = client.connectSentinel(sentinel.adminUri())) {
                return connection.sync().replicas("rooms").size() == 1;
            }
        });
    }

    @AfterEach
    void closeAll() {
        client.shutdown();
        List.of(sentinel, replica, primary).forEach(RedisServer::close);
    }

    private RedisURI uri() {
        return RedisURI.Builder.sentinel("127.0.0.1", sentinel.port(), "rooms")
                .withAuthentication("chat", "secret")
                .build();
    }

    @Test
    void roomsGoOnOnTheReplica() {
        try (ChatNode here = ChatNode.open(uri());
                ChatNode there = ChatNode.open(uri())) {
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room));
            here.post(room, "before");
            Await.until(COMMAND_TIMEOUT, "it is replicated", this::isReplicated);
            primary.kill();
            there.postUntilStored(room, "after", "after");
            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.hasText("after")));
            assertThat(heard).allSatisfy(one -> {
                assertThat(one.messages()).isEqualTo(2);
                assertThat(one.resets()).isZero();
            });
        }
    }

    /** R4: what the old primary alone had is lost, and nobody is left to believe that it is not. */
    @Test
    void historyThatWasLostInTheFailoverIsToldByAReset() {
        try (ChatNode here = ChatNode.open(uri());
                ChatNode there = ChatNode.open(uri())) {
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room));
            loseHistory(here, room, heard);
            primary.kill();
            there.postUntilStored(room, "after", "after");
            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.hasText("after")));
            assertThat(heard)
                    .allSatisfy(
                            one -> assertThat(one.story()).containsExactly("kept", "lost", "(reset)", "kept", "after"));
            assertThat(there.service().history(room.room().id(), 0, 10).messages())
                    .extracting(message -> message.text())
                    .containsExactly("kept", "after");
        }
    }

    /** R4, of a change: a lock that the failover has lost locks nobody out, and everybody is told. */
    @Test
    void lockThatWasLostInTheFailoverIsToldByAReset() {
        try (ChatNode here = ChatNode.open(uri());
                ChatNode there = ChatNode.open(uri())) {
            Membership room = here.room();
            RoomId id = room.room().id();
            List<Heard> heard = List.of(here.listen(room), there.listen(room));
            here.post(room, "kept");
            Await.until(COMMAND_TIMEOUT, "it is replicated", this::isReplicated);
            cutReplication();
            here.service().as(id, room.token()).lock();
            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(Heard::isLocked));
            assertThatExceptionOfType(RoomLockedException.class)
                    .isThrownBy(() -> there.service().join(id, Identity.anonymous()));

            primary.kill();
            there.postUntilStored(room, "after", "after");

            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.hasText("after")));
            assertThat(heard)
                    .allSatisfy(one -> assertThat(one.story()).containsExactly("kept", "(reset)", "kept", "after"));
            assertThat(there.service().findRoom(id))
                    .hasValueSatisfying(now -> assertThat(now.locked()).isFalse());
            there.service().join(id, Identity.anonymous());
        }
    }

    /** A text that the replica has forgotten too does not come back with it. */
    @Test
    void forgottenTextsStayForgottenAfterTheFailover() {
        try (ChatNode here = ChatNode.open(uri());
                ChatNode there = ChatNode.open(uri())) {
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room));
            Message deleted = here.post(room, NewMessage.of("deleted"));
            Message claimable = here.post(room, NewMessage.of("claimed").withClaims(1));
            Membership guest = there.service().join(room.room().id(), Identity.anonymous());
            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.messages() == 2));
            there.as(guest).claim(claimable.sequence());
            here.as(room).forget(deleted.sequence());
            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.forgotten() == 2));
            Await.until(COMMAND_TIMEOUT, "it is replicated", this::isReplicated);

            primary.kill();
            there.postUntilStored(room, "after", "after");

            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.hasText("after")));
            assertThat(heard).allSatisfy(one -> assertThat(one.story()).containsExactly("deleted", "", "after"));
            assertThat(List.of(here, there))
                    .allSatisfy(
                            node -> assertThat(storyAfterFailover(node, room)).containsExactly("", "", "after"));
        }
    }

    /** A node hears again before all of its connections have found the new primary. */
    private static List<String> storyAfterFailover(ChatNode node, Membership room) {
        return ChatNode.untilAnswered(() -> node.storyOf(room));
    }

    /**
     * R4, of a deletion: where the failover has lost it the text is back, and everybody is told that this is another history.
     * An end of a text's own came with the text, and is not lost.
     */
    @Test
    void deletionThatWasLostInTheFailoverIsToldByAReset() {
        try (ChatNode here = ChatNode.open(uri());
                ChatNode there = ChatNode.open(uri())) {
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room));
            Message deleted = here.post(room, NewMessage.of("deleted"));
            here.post(room, NewMessage.of("ending").withTtl(LIFE));
            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.hasText("ending")));
            Await.until(COMMAND_TIMEOUT, "it is replicated", this::isReplicated);
            // A Sentinel chooses no replica that has been cut off for 5 s.
            RedisServer.sleep(LIFE.minusSeconds(2).toMillis());
            cutReplication();
            here.as(room).forget(deleted.sequence());
            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.forgotten() == 2));
            assertThat(there.storyOf(room)).containsExactly("", "");

            primary.kill();
            there.postUntilStored(room, "after", "after");

            Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.hasText("after")));
            assertThat(heard)
                    .allSatisfy(one -> assertThat(one.story())
                            .containsExactly("deleted", "ending", "(reset)", "deleted", "", "after"));
        }
    }

    /**
     * R4, worse: neither the first message after the failover nor that anything was missed is heard, so that nothing says
     * that the history is another one. The next message does, and where none comes, the next look at the store.
     */
    @Test
    void lostHistoryIsToldWhereTheFirstSignalAfterItIsLostToo() {
        try (ChatNode here = ChatNode.open(uri());
                RedisChat redis = RedisChat.connect(uri());
                RedisChat silent = RedisChat.connect(uri())) {
            DeafBroadcaster afterOne = new DeafBroadcaster(redis.broadcaster());
            DeafBroadcaster forEver = new DeafBroadcaster(silent.broadcaster());
            try (EphemeralChatService there = EphemeralChatService.create(redis.store(), afterOne);
                    EphemeralChatService lonely = EphemeralChatService.create(silent.store(), forEver)) {
                Membership room = here.room();
                Heard heard = listen(there, room);
                Heard heardLate = listen(lonely, room);
                loseHistory(here, room, List.of(heard, heardLate));
                afterOne.deafen();
                forEver.deafen();
                primary.kill();
                Await.until(
                        COMMAND_TIMEOUT, "both listen again", () -> afterOne.lostTheHint() && forEver.lostTheHint());
                here.postUntilStored(room, "instead", "instead");
                Await.until(
                        COMMAND_TIMEOUT, "its signal is lost", () -> afterOne.lostAnEntry() && forEver.lostAnEntry());
                afterOne.hear();
                here.postUntilStored(room, "after", "after");
                Await.until(COMMAND_TIMEOUT, "it is heard", () -> heard.hasText("after"));
                Await.until(CHECK, "it is seen", () -> heardLate.hasText("after"));
                assertNothingIsSkipped(heard);
                assertNothingIsSkipped(heardLate);
            }
        }
    }

    private static Heard listen(EphemeralChatService node, Membership room) {
        Heard heard = new Heard();
        node.subscribe(room.room().id(), Cursor.start(), heard);
        return heard;
    }

    private void loseHistory(ChatNode node, Membership room, List<Heard> heard) {
        node.post(room, "kept");
        Await.until(COMMAND_TIMEOUT, "it is replicated", this::isReplicated);
        cutReplication();
        node.post(room, "lost");
        Await.until(COMMAND_TIMEOUT, "all hear", () -> heard.stream().allMatch(one -> one.hasText("lost")));
    }

    private static void assertNothingIsSkipped(Heard heard) {
        assertThat(heard.story()).containsExactly("kept", "lost", "(reset)", "kept", "instead", "after");
    }

    private boolean isReplicated() {
        return client.connect(primary.adminUri()).sync().waitForReplication(1, 1000) == 1;
    }

    /** The primary's output to its replica goes nowhere any more; the Sentinel still counts on that replica. */
    private void cutReplication() {
        RedisCommands<String, String> follower =
                client.connect(replica.adminUri()).sync();
        follower.configSet("masterauth", "wrong");
        follower.configSet("masteruser", "nobody");
        client.connect(primary.adminUri()).sync().clientKill(io.lettuce.core.KillArgs.Builder.typeSlave());
        Await.until(
                COMMAND_TIMEOUT, "it is cut", () -> follower.info("replication").contains("master_link_status:down"));
    }
}
