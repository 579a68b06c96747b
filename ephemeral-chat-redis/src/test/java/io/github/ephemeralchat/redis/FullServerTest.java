package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Redis has no more memory, and may throw nothing away. */
class FullServerTest {

    private static final int MORE_THAN_FIT = 5_000;
    private static final Duration LIFE = Duration.ofMinutes(5);

    @Test
    void newRoomsAndPostsAreRefusedAndWhatIsThereCanBeReadAndDestroyed() {
        try (RedisServer server = RedisServer.start("--maxmemory", "6mb", "--maxmemory-policy", "noeviction");
                ChatNode node = ChatNode.open(server.uri())) {
            Membership room = node.room();
            postFirst(node, room);
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> fill(node))
                    .withMessage("Redis's memory is full");
            fillCompletely(node);
            int fitted = postUntilRefused(node, room);
            assertThat(postFirst(node, room).stored()).as("asked again").isFalse();
            assertThat(node.service().history(room.room().id(), 0, 500).messages())
                    .hasSize(1 + fitted);
            assertThat(node.service().asHost(room.room().id()).destroy()).isTrue();
            assertThat(node.service().findRoom(room.room().id())).isEmpty();
        }
    }

    /** It says so in other words. */
    @Test
    void oldestServerThatIsFullRefusesInTheSameWay() {
        try (RedisServer server = RedisServer.start(
                        RedisServer.oldest(), "--maxmemory", "6mb", "--maxmemory-policy", "noeviction");
                ChatNode node = ChatNode.open(server.uri())) {
            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> fill(node))
                    .withMessage("Redis's memory is full");
        }
    }

    /** What is refused for want of memory has changed nothing; whoever wants to leave always may. */
    @Test
    void changeOfARoomIsWholeOrNotAtAll() {
        try (RedisServer server = RedisServer.start("--maxmemory", "6mb", "--maxmemory-policy", "noeviction");
                ChatNode node = ChatNode.open(server.uri())) {
            RoomStore store = node.redis().store();
            SharedRoom room = SharedRoom.create(store);
            Seat member = room.join();
            assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> fill(node));
            fillCompletely(node);
            Instant later = room.room().expiresAt().plusSeconds(60);

            assertThat(changeUntilRefused(room, i -> new RoomChange.Admission(i % 2 == 0, new ProofChange.Keep())))
                    .isEqualTo(room.state());
            assertThat(changeUntilRefused(room, i -> new RoomChange.Deadline(later.plusSeconds(i))))
                    .isEqualTo(room.state());
            assertThat(changeUntilRefused(room, i -> new RoomChange.Property("topic", "x" + i)))
                    .isEqualTo(room.state());
            assertThat(changeUntilRefused(
                            room,
                            i -> new RoomChange.Assign(member.identity().id(), i % 2 == 0 ? Role.READER : Role.MEMBER)))
                    .isEqualTo(room.state());

            assertThat(room.change(member.actor(), new RoomChange.Leave(null))).isPresent();
            assertThat(room.steer(new RoomChange.Leave(null))).isPresent();
            assertThat(room.state().members()).isEmpty();
        }
    }

    /** A text is posted or claimed as a whole or not at all; it always can be forgotten. */
    @Test
    void textWithALifeOfItsOwnIsWholeOrNotThere() {
        try (RedisServer server = RedisServer.start("--maxmemory", "6mb", "--maxmemory-policy", "noeviction");
                ChatNode node = ChatNode.open(server.uri())) {
            RoomStore store = node.redis().store();
            SharedRoom room = SharedRoom.create(store);
            Seat member = room.join();
            List<LogEntry> claimable = IntStream.range(0, 200)
                    .mapToObj(i -> room.post("claimable " + i + " ", LIFE, 1))
                    .toList();
            LogEntry plain = room.post("plain text", null, null);
            assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> fill(node));
            fillCompletely(node);

            LogEntry refused = claimUntilRefused(room, member, claimable);
            assertThat(room.now(refused)).isEqualTo(refused);
            String text = "claimable " + claimable.indexOf(refused) + " ";
            long length = room.state().head().sequence();
            assertThatExceptionOfType(LimitExceededException.class).isThrownBy(() -> room.post("text", LIFE, null));
            assertThat(room.state().head().sequence()).isEqualTo(length);

            assertThat(room.forget(refused)).isPresent();
            assertThat(room.forget(plain)).isPresent();
            assertThat(TestNodes.holds(TestNodes.look(server), text)).isFalse();
            assertThat(TestNodes.holds(TestNodes.look(server), "plain text")).isFalse();
        }
    }

    private static LogEntry claimUntilRefused(SharedRoom room, Seat member, List<LogEntry> claimable) {
        for (LogEntry entry : claimable) {
            try {
                room.claim(member, entry);
            } catch (LimitExceededException e) {
                return entry;
            }
        }
        throw new AssertionError("Redis takes claims without an end");
    }

    /** Returns the room as it was before the change that was refused. */
    private static RoomState changeUntilRefused(SharedRoom room, IntFunction<RoomChange> change) {
        for (int i = 0; i < 400; i++) {
            RoomState before = room.state();
            try {
                room.steer(change.apply(i));
            } catch (LimitExceededException e) {
                return before;
            }
        }
        throw new AssertionError("Redis takes changes without an end");
    }

    private static PostResult postFirst(ChatNode node, Membership room) {
        return node.service()
                .transport()
                .post(
                        room.room().id(),
                        room.token(),
                        NewMessage.of("there was room for this").withId("first"));
    }

    /** A buffer that is freed just now leaves room for a few: returns for how many. */
    private static int postUntilRefused(ChatNode node, Membership room) {
        for (int posted = 0; posted < 400; posted++) {
            try {
                node.post(room, "and not for this");
            } catch (LimitExceededException e) {
                assertThat(e).hasMessage("Redis's memory is full");
                return posted;
            }
        }
        throw new AssertionError("Redis takes posts without an end");
    }

    private static void fill(ChatNode node) {
        for (int i = 0; i < MORE_THAN_FIT; i++) {
            node.room();
        }
    }

    /** The first refusal may come of a buffer that is freed a moment later: then there is room for a few more. */
    private static void fillCompletely(ChatNode node) {
        int refusedInARow = 0;
        for (int i = 0; i < MORE_THAN_FIT && refusedInARow < 100; i++) {
            try {
                node.room();
                refusedInARow = 0;
            } catch (LimitExceededException e) {
                refusedInARow++;
            }
        }
    }
}
