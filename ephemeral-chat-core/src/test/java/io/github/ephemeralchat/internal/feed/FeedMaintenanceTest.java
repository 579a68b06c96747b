package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.scripted.LogRecords;
import io.github.ephemeralchat.scripted.ManualExecutor;
import io.github.ephemeralchat.scripted.ManualTime;
import io.github.ephemeralchat.scripted.ScriptedBroadcaster;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.transport.Subscription;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When the store is asked, and when it is left alone. */
class FeedMaintenanceTest {

    private final TestNode node = new TestNode();
    private final List<Room> rooms = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();

    private void listenTo(int count) {
        for (int i = 0; i < count; i++) {
            Room room = node.newRoom();
            rooms.add(room);
            subscriptions.add(node.subscribe(room, Cursor.now()));
        }
        node.store.forgetCalls();
    }

    private void missedForAll() {
        rooms.forEach(room -> node.broadcaster.deliver(new RoomSignal.Missed(room.id())));
    }

    private int reads() {
        return node.store.calls(Call.READ);
    }

    @Test
    void outage_checksEachFeedOnce_thenOneEachSecond_andAllAfterIt() {
        listenTo(100);
        rooms.forEach(room -> node.append(room, "m2"));
        node.store.setUnavailable(true);
        missedForAll();
        node.run();
        assertThat(reads()).isEqualTo(100);
        node.pass(Duration.ofMillis(900));
        assertThat(reads()).isEqualTo(100);
        node.pass(Duration.ofMillis(100));
        assertThat(reads()).isEqualTo(101);
        node.pass(Duration.ofSeconds(1));
        assertThat(reads()).isEqualTo(102);
        node.store.setUnavailable(false);
        node.pass(Duration.ofSeconds(1));
        assertThat(reads()).isEqualTo(103);
        node.tick();
        assertThat(reads()).isEqualTo(202);
        subscriptions.forEach(subscription -> assertThat(poll(subscription)).containsExactly("m2"));
    }

    /** As those of a master of a cluster that is silent. */
    @Test
    void roomsThatCannotBeRead_pauseNoOther() {
        listenTo(4);
        rooms.subList(0, 3).forEach(node.store::cutOff);
        Room other = rooms.get(3);
        for (int i = 2; i < 6; i++) {
            String text = "m" + i;
            rooms.forEach(room -> node.append(room, text));
            missedForAll();
            node.run();
            assertThat(poll(subscriptions.get(3))).containsExactly(text);
            node.append(other, text + " later");
            node.broadcaster.deliver(new RoomSignal.Missed(other.id()));
            node.run();
            assertThat(poll(subscriptions.get(3))).containsExactly(text + " later");
            node.pass(Duration.ofMillis(1500));
        }
        node.store.mend();
        node.pass(Duration.ofSeconds(1));
        node.tick();
        subscriptions
                .subList(0, 3)
                .forEach(subscription -> assertThat(poll(subscription)).containsExactly("m2", "m3", "m4", "m5"));
    }

    @Test
    void roomsThatCannotBeRead_areLoggedOnceWhileOthersAnswer() {
        listenTo(4);
        rooms.subList(0, 2).forEach(node.store::cutOff);
        try (LogRecords log = LogRecords.of(FeedMaintenance.class)) {
            for (int i = 0; i < 5; i++) {
                missedForAll();
                node.pass(Duration.ofSeconds(1));
            }
            assertThat(log.warnings()).hasSize(1);
            subscriptions.subList(0, 2).forEach(Subscription::close);
            node.store.forgetCalls();
            node.pass(Duration.ofSeconds(5));
            assertThat(reads()).as("nobody needs them any more").isZero();
        }
    }

    /** An outage that ends at that moment has all feeds checked at once: another thread sets the time of the second look. */
    @Test
    void lostRoom_isToldSoon_alsoIfItsSecondLookIsTooEarly() {
        listenTo(1);
        node.store.lose(rooms.get(0));
        missedForAll();
        node.run();
        long later = node.time.getAsLong() + Duration.ofSeconds(15).toNanos();
        node.feeds.feed(rooms.get(0).incarnation()).checkSchedule.dueAt(later);
        missedForAll();
        node.run();
        node.pass(Duration.ofMillis(600));
        node.pass(Duration.ofMillis(100));
        assertThat(poll(subscriptions.get(0))).containsExactly("ended: LOST");
    }

    @Test
    void outage_isLoggedOnceUntilTheStoreAnswers() {
        listenTo(10);
        try (LogRecords log = LogRecords.of(FeedMaintenance.class)) {
            for (int outage = 1; outage <= 2; outage++) {
                node.store.setUnavailable(true);
                missedForAll();
                for (int second = 0; second < 5; second++) {
                    node.pass(Duration.ofSeconds(1));
                }
                node.store.setUnavailable(false);
                node.pass(Duration.ofSeconds(1));
                assertThat(log.warnings()).hasSize(outage);
            }
            assertThat(log.warnings()).allMatch(message -> message.startsWith("The store cannot be reached"));
        }
    }

    @Test
    void refusal_ofOneRoom_pausesNothing() {
        listenTo(3);
        node.store.before(Call.READ, () -> {
            throw new EphemeralChatException("a room of another version");
        });
        try (LogRecords log = LogRecords.of(FeedMaintenance.class)) {
            missedForAll();
            node.run();
            assertThat(log.warnings()).isEmpty();
        }
        assertThat(reads()).isEqualTo(3);
    }

    @Test
    void failure_ofOneCheck_pausesNothingAndIsLoggedWithoutItsMessage() {
        listenTo(3);
        node.store.before(Call.READ, () -> {
            throw new IllegalStateException("secret");
        });
        try (LogRecords log = LogRecords.of(FeedMaintenance.class)) {
            missedForAll();
            node.run();
            assertThat(log.warnings()).containsExactly("A check failed");
            assertThat(log.text())
                    .contains("java.lang.IllegalStateException", "FeedMaintenance")
                    .doesNotContain("secret");
        }
        assertThat(reads()).isEqualTo(3);
    }

    @Test
    void endedFeed_isNotCheckedAnyMore() {
        listenTo(1);
        node.broadcaster.deliver(new RoomSignal.Missed(rooms.get(0).id()));
        subscriptions.get(0).close();
        node.run();
        assertThat(reads()).isZero();
    }

    @Test
    void checks_manyFeeds_areSpreadOverTime() {
        listenTo(200);
        node.pass(Duration.ofSeconds(20));
        assertThat(reads()).isBetween(20, 130);
        node.pass(Duration.ofSeconds(10));
        assertThat(reads()).isGreaterThanOrEqualTo(200);
    }

    /** What a tick puts back for the next one is not met again by the same. */
    @Test
    void tick_manyFeedsWithBodiesThatEnd_looksAtEachOnce() {
        listenTo(100);
        rooms.forEach(room -> node.post(room, "short", Duration.ofMinutes(1)));
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            node.pass(Duration.ofSeconds(1));
            node.pass(Duration.ofMinutes(1));
        });
        subscriptions.forEach(subscription -> assertThat(poll(subscription)).containsExactly("(expired)", "2 is over"));
    }

    @Test
    void check_thatGetsNoThread_isMadeByALaterTick() {
        listenTo(1);
        node.append(rooms.get(0), "m2");
        node.checks.failOnce();
        assertThatThrownBy(this::missedForAll).isExactlyInstanceOf(Error.class);
        node.pass(Duration.ofSeconds(1));
        assertThat(poll(subscriptions.get(0))).containsExactly("m2");
    }

    @Test
    void wakeUp_thatGetsNoThread_isDoneByTheTick() {
        listenTo(1);
        List<String> woken = new ArrayList<>();
        subscriptions.add(node.subscribe(rooms.get(0), null, Cursor.now(), () -> woken.add("woken")));
        node.post(rooms.get(0), "short", Duration.ofMinutes(1));
        node.run();
        woken.clear();
        node.dispatches.failOnce();
        node.pass(Duration.ofMinutes(1));
        assertThat(woken).isNotEmpty();
        assertThat(poll(subscriptions.get(0))).containsExactly("(expired)", "2 is over");
    }

    @Test
    void tick_whoseFirstFeedFails_looksAtAllNextTime() {
        listenTo(3);
        rooms.forEach(room -> {
            node.append(room, "m2"); // Whose signal is lost.
            node.feeds.announce(node.append(room, "m3"), null);
        });
        node.run();
        node.checks.failOnce();
        assertThatThrownBy(node::tick).isExactlyInstanceOf(Error.class);
        node.tick();
        assertThat(subscriptions)
                .allSatisfy(subscription -> assertThat(poll(subscription)).containsExactly("m2", "m3"));
    }

    @Test
    void start_ticksOnAThreadOfItsOwn() throws Exception {
        CountDownLatch ticked = new CountDownLatch(3);
        AtomicReference<Thread> thread = new AtomicReference<>();
        node.time.onLook(() -> {
            if (Thread.currentThread().getName().startsWith("ephemeral-chat-maintenance")) {
                thread.set(Thread.currentThread());
                ticked.countDown();
            }
        });
        node.feeds.maintenance.start(Duration.ofMillis(1));
        assertThat(ticked.await(10, TimeUnit.SECONDS)).isTrue();
        node.feeds.close();
        thread.get().join(20_000);
        assertThat(thread.get().isAlive()).isFalse();
    }

    /** As after a reconnect: each feed is queued once, and the work grows with the feeds, not with their square. */
    @Tag("long")
    @Test
    void manyFeeds_missedForAll_areCheckedInLinearTime() {
        int count = 200_000;
        AtomicInteger reads = new AtomicInteger();
        ManualExecutor checks = new ManualExecutor();
        ScriptedBroadcaster broadcaster = new ScriptedBroadcaster();
        FeedRegistry feeds = new FeedRegistry(
                emptyPages(reads),
                broadcaster,
                new Telemetry(List.of()),
                null,
                new Engine(new ManualTime(), new ManualExecutor(), checks, EventCodec::decode, Long.MAX_VALUE));
        List<RoomSignal> missed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RoomId id = roomId(i);
            Room room = new Room(new RoomIncarnation(id, i), Instant.EPOCH, Instant.MAX, 2, false);
            feeds.subscribe(room, EntryId.START, null, Cursor.now(), () -> {});
            missed.add(new RoomSignal.Missed(id));
        }
        reads.set(0);
        long begin = threadCpuNanos();
        missed.forEach(broadcaster::deliver);
        missed.forEach(broadcaster::deliver);
        assertThat(checks.size()).isEqualTo(count);
        checks.runAll();
        long nanos = threadCpuNanos() - begin;
        assertThat(reads).hasValue(count);
        assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofSeconds(2));
    }

    private static RoomId roomId(int number) {
        StringBuilder code = new StringBuilder("aaaa");
        for (int rest = number, i = 0; i < 4; i++, rest /= 30) {
            code.append("123456789ABCDEFGHJKLMNPQRSTUVW".charAt(rest % 30));
        }
        return new RoomId(code.toString());
    }

    private static RoomStore emptyPages(AtomicInteger reads) {
        return (RoomStore) Proxy.newProxyInstance(
                RoomStore.class.getClassLoader(), new Class<?>[] {RoomStore.class}, (proxy, method, args) -> {
                    if (method.getName().equals("now")) {
                        return Instant.EPOCH;
                    }
                    reads.incrementAndGet();
                    return new LogPage(Continuity.CONTINUOUS, List.of(), (EntryId) args[1]);
                });
    }

    private static long threadCpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
