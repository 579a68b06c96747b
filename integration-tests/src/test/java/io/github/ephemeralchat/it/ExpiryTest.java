package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Promises 7 and 10 at scale: many rooms end in the same moment. */
@Isolated("it counts the objects of the whole JVM, and times")
class ExpiryTest {

    private static final int ROOMS = 10_000;
    private static final String TOKEN = "a token for tests";

    /** What one subscriber was told, and when by the store's time. */
    private record Told(Instant at, EndReason reason) {}

    @Test
    void tenThousandRoomsThatExpireTogetherAreAllToldInTimeAndLeaveNothing() throws Exception {
        MemoryRoomStore store = MemoryRoomStore.builder().maxRooms(ROOMS).build();
        try (EphemeralChatService service = EphemeralChatService.create(store)) {
            Instant deadline = store.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(8);
            Queue<Told> told = new ConcurrentLinkedQueue<>();
            fill(store, service, deadline, told);
            assertThat(store.now())
                    .as("all rooms are ready before the deadline")
                    .isBefore(deadline);
            assertThat(instances().get("io.github.ephemeralchat.internal.feed.RoomFeed"))
                    .isBetween(ROOMS, ROOMS + 99);
            assertThat(told).isEmpty();

            Await.until(Duration.ofSeconds(20), "all are told", () -> told.size() == ROOMS);
            assertThat(told).allSatisfy(one -> {
                assertThat(one.reason()).isEqualTo(EndReason.EXPIRED);
                assertThat(one.at()).isBetween(deadline, deadline.plusSeconds(2));
            });
            Thread.sleep(Math.max(
                    0, Duration.between(store.now(), deadline.plusSeconds(5)).toMillis()));
            assertThat(instances())
                    .as("what is left of ten thousand rooms")
                    .allSatisfy((type, count) -> assertThat(count).as(type).isLessThan(100));
            assertThat(told).hasSize(ROOMS);
        }
    }

    private static void fill(RoomStore store, EphemeralChatService service, Instant deadline, Queue<Told> told) {
        for (int i = 0; i < ROOMS; i++) {
            RoomIncarnation key = new RoomIncarnation(RoomId.random(), i);
            Room room = new Room(key, deadline.minusSeconds(60), deadline, 10, false);
            assertThat(store.create(room, Identity.anonymous(), TokenHash.of(TOKEN)))
                    .isTrue();
            listen(store, service, key.id(), told);
            service.as(key.id(), TOKEN).post("to be forgotten");
        }
    }

    private static void listen(RoomStore store, EphemeralChatService service, RoomId id, Queue<Told> told) {
        Subscription[] holder = new Subscription[1];
        Runnable wakeUp = () -> {
            for (SharedEvent delivery : holder[0].poll(16)) {
                if (delivery.event() instanceof RoomDestroyed destroyed) {
                    told.add(new Told(store.now(), destroyed.reason()));
                }
            }
        };
        holder[0] = service.transport().subscribe(id, TOKEN, Cursor.now(), wakeUp);
    }

    /** How many reachable objects of each of our classes there are, by a class histogram, which collects first. */
    private static Map<String, Integer> instances() throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Matcher lines = Pattern.compile("(\\d+)\\s+\\d+\\s+(io\\.github\\.ephemeralchat\\.\\S+)")
                .matcher(histogram);
        Map<String, Integer> instances = new TreeMap<>();
        while (lines.find()) {
            if (!lines.group(2).startsWith("io.github.ephemeralchat.it.")) {
                instances.put(lines.group(2), Integer.parseInt(lines.group(1)));
            }
        }
        return instances;
    }
}
