package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** E1: many rooms end at the same moment, in a Redis that is full of other volatile keys. */
class ManyRoomsTest {

    private static final int FOREIGN = 300_000;
    static final String FILL =
            "for i = 1, tonumber(ARGV[1]) do redis.call('SET', 'other:' .. i, i, 'PX', 3600000 + i) end return 1";

    private record Subscribed(Heard heard, Instant deadline) {}

    @Test
    void roomsThatExpireTogetherAreToldInTimeAndLeaveNothing() {
        int rooms = Rounds.of(3_000, 10_000);
        try (RedisServer server = RedisServer.start();
                ChatNode node = ChatNode.open(server.uri());
                Crowd creating = new Crowd(8)) {
            RedisCommands<String, String> redis = TestNodes.look(server);
            redis.eval(FILL, ScriptOutputType.INTEGER, new String[0], Integer.toString(FOREIGN));
            Instant deadline = node.redis().store().now().plusMillis(rooms * 4L);

            List<Subscribed> all = creating
                    .all(i -> IntStream.range(0, rooms / 8)
                            .mapToObj(n -> subscribe(node, deadline.plusMillis(n % 1000)))
                            .toList())
                    .stream()
                    .flatMap(List::stream)
                    .toList();
            assertThat(node.redis().store().now()).as("all are there in time").isBefore(deadline);
            server.unwatch();
            long offset = System.nanoTime() - nanos(node.redis().store().now());

            Await.until(
                    Duration.between(node.redis().store().now(), deadline).plusSeconds(4),
                    "all are told",
                    () -> all.stream().allMatch(one -> one.heard().hasEnded()));
            List<Long> late = all.stream()
                    .map(one -> one.heard().endNanos() - offset - nanos(one.deadline()))
                    .sorted()
                    .toList();
            System.out.println("E1: " + late.size() + " rooms; told after ms: median "
                    + late.get(late.size() / 2) / 1_000_000 + ", last " + late.get(late.size() - 1) / 1_000_000);
            assertThat(late.get(0))
                    .as("the first")
                    .isGreaterThanOrEqualTo(-Duration.ofMillis(2).toNanos());
            assertThat(late.get(late.size() * 99 / 100))
                    .isLessThan(Duration.ofSeconds(1).toNanos());
            assertThat(late.get(late.size() - 1))
                    .isLessThan(Duration.ofSeconds(2).toNanos());
            assertThat(all).allMatch(one -> one.heard().ends().equals(List.of(EndReason.EXPIRED)));
            // DBSIZE only: a look at the keys would itself remove those that have expired.
            Duration left = Duration.between(node.redis().store().now(), deadline.plusSeconds(6));
            Await.until(left, "no key is left", () -> redis.dbsize() == FOREIGN);
        }
    }

    private static Subscribed subscribe(ChatNode node, Instant deadline) {
        Membership room = node.room(Duration.between(node.redis().store().now(), deadline), 5);
        // It is a key of its own, which ends with the room.
        node.service()
                .as(room.room().id(), room.token())
                .post(NewMessage.of("once").withClaims(1));
        return new Subscribed(node.listen(room), room.room().expiresAt());
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
