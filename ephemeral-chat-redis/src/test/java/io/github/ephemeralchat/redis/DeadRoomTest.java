package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Crowd;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A room that is over stays over, and nothing of it is left. */
class DeadRoomTest {

    private static final RedisServer SERVER = RedisServer.start();
    private static final RedisCommands<String, String> LOOK = TestNodes.look(SERVER);
    private static final TokenHash TOKEN = TokenHash.of("a token for tests");
    private static final Actor MEMBER = new Actor.ByToken(TOKEN);
    private static final Actor HOST = new Actor.Host("Host");

    private final ChatNode node = ChatNode.open(SERVER.uri());

    @AfterEach
    void closeNode() {
        node.close();
        LOOK.flushall();
    }

    @AfterAll
    static void stopServer() {
        SERVER.close();
    }

    /** E10: no call but create makes a key, whether the room never was, was destroyed or has expired. */
    @Test
    void noCallOnADeadRoomMakesAKey() {
        Membership destroyed = node.room();
        node.service().asHost(destroyed.room().id()).destroy();
        Membership expired = node.room(Duration.ofMillis(100), 5);
        RedisServer.sleep(150);
        RoomIncarnation never = new RoomIncarnation(RoomId.random(), 1);
        for (RoomIncarnation room :
                List.of(expired.room().incarnation(), destroyed.room().incarnation(), never)) {
            callEverything(node.redis().store(), room);
            assertThat(LOOK.dbsize()).isZero();
        }
    }

    private static void callEverything(RoomStore store, RoomIncarnation room) {
        Instant over = store.now().minusMillis(1);
        store.create(new Room(room, over.minusSeconds(1), over, 5, false), Identity.anonymous(), TOKEN);
        List<Runnable> calls = List.of(
                () -> store.find(room.id()),
                () -> store.authenticate(room.id(), TOKEN),
                () -> store.join(room.id(), JoinRequest.anonymous(Identity.anonymous(), TOKEN)),
                () -> store.change(room.id(), HOST, new RoomChange.Leave("p_somebody")),
                () -> store.change(room.id(), MEMBER, new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k", "late"))),
                () -> store.readAfter(room, EntryId.START, 10),
                () -> store.destroy(room, HOST));
        calls.forEach(DeadRoomTest::ignoringRefusal);
    }

    private static void ignoringRefusal(Runnable call) {
        try {
            call.run();
        } catch (EphemeralChatException e) {
            assertThat(e).isInstanceOfAny(RoomNotFoundException.class, NotAParticipantException.class);
        }
    }

    /** S9: a room of which a part was evicted is over as a whole; what is left of it gets no second life. */
    @Test
    void roomOfWhichAPartWasEvictedIsOver() {
        for (String part : List.of("", ":log")) {
            Membership room = node.room();
            node.post(room, "text");
            LOOK.del("ec:{" + room.room().id().value() + "}" + part);
            callEverything(node.redis().store(), room.room().incarnation());
            assertThat(node.redis().store().find(room.room().id())).isEmpty();
            assertThat(LOOK.dbsize()).as("keys").isZero();
        }
    }

    /** The same where a post is what meets it first: it looks at no part for itself, and begins none. */
    @Test
    void postToARoomOfWhichAPartWasEvictedBeginsNothing() {
        for (String part : List.of("", ":log")) {
            for (String key : List.of("known", "new")) {
                Membership room = node.room();
                node.service().as(room.room().id(), room.token()).post("text", "known");
                LOOK.del("ec:{" + room.room().id().value() + "}" + part);
                TokenHash token = TokenHash.of(room.token());
                Draft draft = new Draft(LogEntry.MESSAGE, key, "late");
                assertThatExceptionOfType(RoomNotFoundException.class)
                        .isThrownBy(() -> node.redis()
                                .store()
                                .change(room.room().id(), new Actor.ByToken(token), new RoomChange.Post(draft)));
                assertThat(LOOK.dbsize()).as("keys").isZero();
            }
        }
    }

    /** E10: a script that fails halfway, here where its user may not publish, leaves no key without an end. */
    @Test
    void roomThatCouldNotBeMadeLeavesNothingForEver() {
        LOOK.aclSetuser(
                "mute",
                AclSetuserArgs.Builder.on()
                        .addPassword("secret")
                        .allKeys()
                        .allCommands()
                        .resetChannels());
        RedisURI mute = RedisURI.builder(SERVER.uri())
                .withAuthentication("mute", "secret")
                .build();
        try (RedisChat chat = RedisChat.connect(mute)) {
            Instant now = chat.store().now();
            Room room = new Room(new RoomIncarnation(RoomId.random(), 1), now, now.plusSeconds(60), 5, false);
            assertThatExceptionOfType(ChatUnavailableException.class)
                    .isThrownBy(() -> chat.store().create(room, Identity.anonymous(), TOKEN));
        }
        assertThat(LOOK.keys("*"))
                .isNotEmpty()
                .allSatisfy(key -> assertThat(LOOK.pttl(key)).as(key).isPositive());
    }

    /** E3: posts that race the deadline. */
    @Test
    void nothingIsStoredAtOrAfterTheDeadline() {
        try (Crowd posting = new Crowd(4)) {
            for (int part = 0; part < Rounds.of(1, 42); part++) {
                List<Integer> stored = posting.all(
                        i -> IntStream.range(0, 60).map(n -> raceTheDeadline()).sum());
                assertThat(stored).as("some posts came through").allMatch(count -> count > 0);
            }
        }
        assertThat(LOOK.dbsize()).isZero();
    }

    /** From some 12 ms before the deadline to 10 ms after it. Returns how many posts came through. */
    private int raceTheDeadline() {
        Membership room = shortLivedRoom();
        Instant deadline = room.room().expiresAt();
        RedisServer.sleep(18);
        int stored = 0;
        boolean over = false;
        while (!over || node.redis().store().now().isBefore(deadline.plusMillis(10))) {
            try {
                PostResult posted = node.post(room, "text", "m" + stored);
                assertThat(over).as("it was over already").isFalse();
                assertThat(posted.message().sentAt()).isBefore(deadline);
                stored++;
            } catch (NotAParticipantException | RoomNotFoundException e) {
                // By Redis's clock; what the node knows of that is a little behind.
                assertThat(node.redis().store().now().plusMillis(20)).isAfterOrEqualTo(deadline);
                over = true;
            }
        }
        assertThat(LOOK.exists(new KeyNames("ec").keys(room.room().id()))).isZero();
        return stored;
    }

    /** On a machine that is busy a deadline may have passed before the room is made: then another one. */
    private Membership shortLivedRoom() {
        Optional<Membership> room = Optional.empty();
        while (room.isEmpty()) {
            room = node.tryRoom(Duration.ofMillis(30), 2);
        }
        return room.get();
    }

    /** E6: what was written is in no key, and in no line of our log. */
    @Test
    void whatWasWrittenIsNowhereAfterTheRoomIsDestroyed() {
        String marker = "marker-of-a-text";
        try (LogLines lines = new LogLines()) {
            Membership room = node.room();
            node.listen(room);
            node.post(room, marker);
            assertThat(contentOfAllKeys()).contains(marker);
            assertThat(contentOfAllKeys()).doesNotContain(room.token());
            node.service().asHost(room.room().id()).destroy();
            assertThat(LOOK.dbsize()).isZero();
            SERVER.freeze();
            node.failToPost(room, marker);
            SERVER.thaw();
            assertThat(lines.all()).as("something is logged").contains("Redis does not answer");
            assertThat(lines.all())
                    .doesNotContain(marker)
                    .doesNotContain(room.token())
                    .doesNotContain(room.room().id().value());
        }
    }

    private static String contentOfAllKeys() {
        return LOOK.keys("*").stream().map(DeadRoomTest::contentOf).collect(Collectors.joining("\n"));
    }

    private static String contentOf(String key) {
        return LOOK.hgetall(key).toString();
    }

    /** S10, in Redis's own numbers: what a trimmed log has forgotten takes no place. */
    @Test
    void trimmedLogForgetsTheIdsToo() {
        try (TestNodes nodes = new TestNodes(SERVER.uri())) {
            RoomStore store = nodes.light(new LogLimits(10, 1 << 20)).store();
            Membership room = node.room();
            TokenHash token = TokenHash.of(room.token());
            for (int i = 0; i < 100; i++) {
                Draft draft = new Draft(LogEntry.MESSAGE, "k" + i, "text");
                store.change(room.room().id(), new Actor.ByToken(token), new RoomChange.Post(draft));
            }
            List<String> fields = LOOK.hkeys("ec:{" + room.room().id().value() + "}:log");
            assertThat(fields)
                    .as("sequences")
                    .filteredOn(each -> each.matches("\\d+"))
                    .hasSize(10);
            assertThat(fields)
                    .as("keys")
                    .filteredOn(each -> each.indexOf('\0') >= 0)
                    .hasSize(10);
            assertThat(fields).hasSize(10 + 10 + 3);
        }
    }
}
