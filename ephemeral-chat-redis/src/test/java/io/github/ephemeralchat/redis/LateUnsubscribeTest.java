package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The answer to UNSUBSCRIBE comes after its time, when somebody listens again. */
class LateUnsubscribeTest {

    private static final Duration SOON = Duration.ofSeconds(2);

    @Test
    void roomIsHeardAgain() throws Exception {
        RoomId room = RoomId.random();
        RoomSignal signal = new RoomSignal.Destroyed(new RoomIncarnation(room, 1));
        Queue<RoomSignal> heard = new ConcurrentLinkedQueue<>();
        try (TcpProxy wire = new TcpProxy(RedisServer.shared().port());
                RedisChat slow = RedisChat.connect(RedisServer.uri(wire.port()));
                RedisChat other = RedisChat.connect(RedisServer.shared().uri())) {
            Registration first = slow.broadcaster().subscribe(room, ignored -> {});
            wire.freeze();
            first.close();
            RedisServer.sleep(500); // The next one waits longer than the first one's command.
            Registration second = CompletableFuture.supplyAsync(
                            () -> slow.broadcaster().subscribe(room, heard::add))
                    .get(5, TimeUnit.SECONDS);
            wire.mend();
            Await.until(SOON, "a signal is heard", () -> {
                other.broadcaster().publish(signal);
                return heard.contains(signal);
            });
            assertThat(second).isNotNull();
        }
    }
}
