package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.time.Instant;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Redis has no more memory, and may throw nothing away. */
class FullServerTest {

    private static final int MORE_THAN_FIT = 5_000;

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
        return node.service().transport().post(room.room().id(), room.token(), "there was room for this", "first");
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
