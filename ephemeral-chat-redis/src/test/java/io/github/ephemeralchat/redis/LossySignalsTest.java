package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.Cursor;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.Membership;
import io.github.ephemeralchat.RoomId;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * D6: signals get lost on their way to a node. They are sent by Redis itself, inside the append, so that they have to be
 * lost where they are heard.
 */
class LossySignalsTest {

    private static final int POSTS = 300;

    @ParameterizedTest
    @ValueSource(ints = {10, 50, 100})
    void everySubscriberConverges(int percent) {
        try (ChatNode writer = ChatNode.open(RedisServer.shared().uri());
                RedisChat redis = RedisChat.connect(RedisServer.shared().uri());
                EphemeralChatService deaf = EphemeralChatService.over(
                        redis.store(), new Lossy(redis.broadcaster(), percent, new Random(percent)))) {
            Membership room = writer.room();
            List<Heard> heard = Stream.generate(Heard::new).limit(3).toList();
            heard.forEach(one -> deaf.subscribe(room.room().id(), Cursor.start(), one));
            for (int i = 0; i < POSTS; i++) {
                writer.post(room, "message " + i);
            }
            redis.broadcaster().publish(new RoomSignal.Missed(room.room().id()));
            HistoryChecker checker = new HistoryChecker();
            for (int i = 0; i < heard.size(); i++) {
                Heard one = heard.get(i);
                Await.until(Duration.ofSeconds(10), "all messages", () -> one.messages() == POSTS);
                one.tell(checker, "subscriber " + i);
            }
            assertThat(checker.findings()).isEmpty();
        }
    }

    /** Loses signals of entries, and no other. */
    private record Lossy(RoomBroadcaster target, int percent, Random random) implements RoomBroadcaster {

        @Override
        public void publish(RoomSignal signal) {
            target.publish(signal);
        }

        @Override
        public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
            return target.subscribe(room, signal -> {
                if (!(signal instanceof RoomSignal.EntryAppended) || random.nextInt(100) >= percent) {
                    listener.accept(signal);
                }
            });
        }
    }
}
