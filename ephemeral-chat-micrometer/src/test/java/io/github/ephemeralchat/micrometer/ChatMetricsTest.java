package io.github.ephemeralchat.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.metrics.ChatObserver.StoreOperation;
import io.github.ephemeralchat.metrics.ChatObserver.StoreOutcome;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.SettableTime;
import io.github.ephemeralchat.transport.Subscription;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatMetricsTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final SettableTime time = new SettableTime();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RoomStore store = MemoryRoomStore.builder()
            .timeSource(time)
            .logLimits(new LogLimits(5, 1 << 20))
            .build();
    private final RoomBroadcaster broadcaster = RoomBroadcaster.local();
    private final EphemeralChatService chat = create(store);

    private EphemeralChatService create(RoomStore rooms) {
        return EphemeralChatService.builder(rooms)
                .broadcaster(broadcaster)
                .listenerExecutor(Runnable::run)
                .observer(new ChatMetrics(registry))
                .build();
    }

    @AfterEach
    void close() {
        chat.close();
    }

    private Membership newRoom() {
        return chat.createRoom(RoomOptions.defaults().withMaxParticipants(2), Identity.anonymous());
    }

    private double count(String name, String... tags) {
        return registry.get("ephemeral.chat." + name).tags(tags).counter().count();
    }

    private double gauge(String name) {
        return registry.get("ephemeral.chat." + name).gauge().value();
    }

    private double total(String name) {
        return registry.get("ephemeral.chat." + name).functionCounter().count();
    }

    private Timer store(String operation, String outcome) {
        return registry.get("ephemeral.chat.store")
                .tags("operation", operation, "outcome", outcome)
                .timer();
    }

    private void awaitCount(double expected, String name, String... tags) {
        Await.until(LIMIT, name, () -> count(name, tags) == expected);
    }

    @Test
    void writes_areCountedAsTheyHappen() {
        Membership anna = newRoom();
        Membership ben = chat.join(anna.room().id(), Identity.anonymous());
        chat.join(anna.room().id(), ben.identity()); // The same seat.
        chat.as(anna.room().id(), anna.token()).post("hello", "once");
        chat.as(anna.room().id(), anna.token()).post("hello", "once");
        chat.as(anna.room().id(), ben.token()).leave();
        newRoom();

        assertThat(count("rooms.opened")).isEqualTo(2);
        assertThat(count("participants.joined")).isEqualTo(3);
        assertThat(count("participants.left")).isEqualTo(1);
        assertThat(count("messages.posted")).isEqualTo(1);
    }

    @Test
    void destroyedRoom_endsOnce_withOrWithoutSubscription() {
        Membership alone = newRoom();
        Membership observed = newRoom();
        chat.subscribe(observed.room().id(), Cursor.start(), event -> {});

        chat.asHost(alone.room().id()).destroy();
        chat.asHost(observed.room().id()).destroy();
        chat.asHost(observed.room().id()).destroy();

        awaitCount(2, "rooms.ended", "reason", "destroyed");
        assertThat(count("rooms.ended", "reason", "expired")).isZero();
    }

    @Test
    void expiredAndLostRooms_areCounted_withSubscription() {
        Membership expiring = newRoom();
        Membership losing = newRoom();
        chat.subscribe(expiring.room().id(), Cursor.start(), event -> {});
        chat.subscribe(losing.room().id(), Cursor.start(), event -> {});
        newRoom(); // Nobody listens to this one.

        store.destroy(losing.room().incarnation(), new Actor.Host("Host"));
        broadcaster.publish(new RoomSignal.Missed(losing.room().id()));
        awaitCount(1, "rooms.ended", "reason", "lost");

        time.advance(Duration.ofMinutes(10));
        awaitCount(1, "rooms.ended", "reason", "expired");
        assertThat(gauge("rooms.active")).isZero();
    }

    @Test
    void stats_arePulledFromTheService() {
        Membership anna = newRoom();
        RoomId code = anna.room().id();
        chat.subscribe(code, Cursor.start(), event -> {});
        Subscription slow = chat.transport().subscribe(code, anna.token(), Cursor.start(), () -> {});
        chat.as(code, anna.token()).post("one");
        chat.as(code, anna.token()).post("two");

        assertThat(gauge("rooms.active")).isEqualTo(1);
        assertThat(gauge("subscriptions.active")).isEqualTo(2);
        assertThat(gauge("subscriptions.lag.max")).isEqualTo(3);
        assertThat(total("events.delivered")).isEqualTo(3);

        slow.poll(2);
        assertThat(gauge("subscriptions.lag.max")).isEqualTo(1);
        assertThat(total("events.delivered")).isEqualTo(5);

        slow.close();
        assertThat(gauge("subscriptions.lag.max")).isZero();
        assertThat(gauge("subscriptions.active")).isEqualTo(1);
    }

    @Test
    void reset_isCountedForEachReader_byItsReason() {
        Membership anna = newRoom();
        RoomId code = anna.room().id();
        for (int i = 0; i < 10; i++) {
            chat.as(code, anna.token()).post("text");
        }
        chat.subscribe(code, Cursor.after(new EntryId(2, 7)), event -> {});
        chat.subscribe(code, Cursor.after(new EntryId(2, 7)), event -> {});
        chat.subscribe(code, Cursor.after(new EntryId(99, 7)), event -> {});

        assertThat(count("resets", "reason", "truncated")).isEqualTo(2);
        assertThat(count("resets", "reason", "forked")).isEqualTo(1);
    }

    @Test
    void storeCalls_areTimedByOperationAndOutcome() {
        Membership anna = newRoom();
        chat.join(anna.room().id(), Identity.anonymous());
        assertThatExceptionOfType(RoomFullException.class)
                .isThrownBy(() -> chat.join(anna.room().id(), Identity.anonymous()));

        assertThat(store("create", "answered").count()).isEqualTo(1);
        assertThat(store("create", "answered").totalTime(TimeUnit.NANOSECONDS)).isPositive();
        assertThat(store("join", "answered").count()).isEqualTo(1);
        assertThat(store("join", "refused").count()).isEqualTo(1);
    }

    @Test
    void unavailableStore_isToldFromAFailingOne() {
        RuntimeException[] failure = {new ChatUnavailableException("gone")};
        RoomStore broken = (RoomStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RoomStore.class}, (proxy, method, arguments) -> {
                    throw failure[0];
                });
        chat.close();
        try (EphemeralChatService failing = create(broken)) {
            assertThatExceptionOfType(ChatUnavailableException.class)
                    .isThrownBy(() -> failing.findRoom(RoomId.random()));
            failure[0] = new IllegalStateException("a bug");
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> failing.findRoom(RoomId.random()));
        }
        assertThat(store("find", "unavailable").count()).isEqualTo(1);
        assertThat(store("find", "failed").count()).isEqualTo(1);
    }

    @Test
    void meters_haveUnits_andPulledOnesGoWithTheService() {
        List<Meter> meters = registry.getMeters();
        int tagged = EndReason.values().length
                + ResetReason.values().length
                + StoreOperation.values().length * StoreOutcome.values().length;
        int untagged = 12;
        assertThat(meters).hasSize(tagged + untagged).allSatisfy(meter -> {
            assertThat(meter.getId().getName()).startsWith("ephemeral.chat.");
            assertThat(meter.getId().getBaseUnit()).isNotBlank();
            assertThat(meter.getId().getDescription()).isNotBlank();
        });
        assertThat(meters).filteredOn(FunctionCounter.class::isInstance).hasSize(2);

        chat.close();
        chat.close();

        assertThat(registry.find("ephemeral.chat.rooms.active").meter()).isNull();
        assertThat(registry.find("ephemeral.chat.events.delivered").meter()).isNull();
        assertThat(registry.find("ephemeral.chat.rooms.opened").meter()).isNotNull();
    }

    @Test
    void document_listsEachMeter() throws IOException {
        new ChatMetrics(registry).refused("rate_limited");
        String document = Files.readString(Path.of(System.getProperty("project.root"), "docs/METRICS.md"));
        List<String> listed = Pattern.compile("^\\| `(ephemeral\\.chat\\.[a-z.]+)`", Pattern.MULTILINE)
                .matcher(document)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .containsAll(listed)
                .allMatch(listed::contains);
    }
}
