package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.redis.IncompatibleRoomException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.Intercepted;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A room that another version has written, seen from the service and over HTTP. */
class OtherVersionTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final MemoryRoomStore rooms = MemoryRoomStore.create();
    private final AtomicInteger refusals = new AtomicInteger();
    private final Set<RoomId> incompatible = ConcurrentHashMap.newKeySet();
    private final RoomBroadcaster wire = RoomBroadcaster.local();
    private final EphemeralChatService service = EphemeralChatService.create(refusing(), wire);

    @AfterEach
    void close() {
        service.close();
    }

    /** The same rooms; those of the other version are refused. */
    private RoomStore refusing() {
        return Intercepted.of(RoomStore.class, rooms, call -> {
            Object first =
                    call.arguments().isEmpty() ? "none" : call.arguments().get(0);
            if (incompatible.contains(first instanceof RoomIncarnation key ? key.id() : first)) {
                refusals.incrementAndGet();
                throw new IncompatibleRoomException();
            }
            return call.proceed();
        });
    }

    private Membership newRoom() {
        return service.createRoom(RoomOptions.defaults(), Identity.anonymous());
    }

    /** Where a check of one room fails for that reason, the others are not held up, as they are where the store is away. */
    @Test
    void itDoesNotHoldUpTheChecksOfOthers() {
        Membership other = newRoom();
        Membership ours = newRoom();
        AtomicInteger heard = new AtomicInteger();
        service.subscribe(other.room().id(), Cursor.now(), event -> {});
        service.subscribe(ours.room().id(), Cursor.now(), event -> {
            if (event instanceof MessagePosted) {
                heard.incrementAndGet();
            }
        });
        incompatible.add(other.room().id());
        long begin = System.nanoTime();
        for (int i = 1; i <= 10; i++) {
            int round = i;
            wire.publish(new RoomSignal.Missed(other.room().id()));
            Await.until(TIMEOUT, "a refusal", () -> refusals.get() >= round);
            rooms.change(
                    ours.room().id(),
                    new Actor.ByToken(TokenHash.of(ours.token())),
                    new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k" + i, "no signal of it")));
            wire.publish(new RoomSignal.Missed(ours.room().id()));
            Await.until(TIMEOUT, "the message", () -> heard.get() == round);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    /** Not 401, which tells a page that the room is over: on a node of the other version it lives. */
    @Test
    void overHttpItIsUnavailableAndNotOver() {
        Membership other = newRoom();
        incompatible.add(other.room().id());
        try (Container jetty = Container.jetty(new EphemeralChatServlet(service, ChatHttpSettings.defaults()))) {
            Answer answer = ChatClient.of(jetty.base())
                    .send("GET", "/rooms/" + other.room().id().value(), other.token(), null);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("1");
            assertThat(answer.json().at("/code").asText()).isEqualTo("unavailable");
        }
    }
}
