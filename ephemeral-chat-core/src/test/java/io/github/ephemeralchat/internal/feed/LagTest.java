package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.metrics.ChatStats;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.scripted.LogRecords;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a subscription gets at each poll, and what becomes of one that does not poll. */
class LagTest {

    private final List<ResetReason> resets = new ArrayList<>();
    private final TestNode node = new TestNode(new ChatObserver() {
        @Override
        public void historyReset(ResetReason reason) {
            resets.add(reason);
        }
    });
    private final Room room = node.newRoom();

    @Test
    void poll_takesAtMostWhatWasAskedFor() {
        Subscription subscription = node.subscribe(room, Cursor.start());
        node.posts(room, 2, 5);
        assertThat(subscription.poll(2)).hasSize(2);
        assertThat(subscription.poll(2)).hasSize(2);
        assertThat(subscription.poll(2)).hasSize(1);
        assertThat(subscription.poll(2)).isEmpty();
    }

    @Test
    void startedAfter_isTheEntryBeforeTheFirst() {
        assertThat(node.subscribe(room, Cursor.now()).startedAfter())
                .isEqualTo(node.store.inside(room).head());
    }

    @Test
    void laggingByEntries_isResetIntoTheWindow() {
        Subscription slow = node.subscribe(room, Cursor.now());
        node.posts(room, 2, 20_001);
        assertThat(((FeedSubscription) slow).lag()).isEqualTo(20_000);
        node.post(room, "m20002");
        assertThat(((FeedSubscription) slow).lag()).isEqualTo(20_000);
        List<String> events = poll(slow);
        assertThat(events)
                .hasSize(257)
                .startsWith("TRUNCATED from 19747", "m19747")
                .endsWith("m20002");
        assertThat(resets).containsExactly(ResetReason.TRUNCATED);
        node.post(room, "m20003");
        assertThat(poll(slow)).containsExactly("m20003");
    }

    @Test
    void oneEntryLess_isNotReset() {
        Subscription slow = node.subscribe(room, Cursor.now());
        node.posts(room, 2, 20_001);
        assertThat(poll(slow)).hasSize(20_000).startsWith("m2");
        assertThat(resets).isEmpty();
    }

    @Test
    void laggingByBytes_isResetIntoTheWindow() {
        Subscription slow = node.subscribe(room, Cursor.now());
        String text = "x".repeat(4_096);
        long fits = (16L << 20) / text.length();
        for (long i = 0; i < fits; i++) {
            node.post(room, text);
        }
        node.subscribe(room, Cursor.now());
        assertThat(((FeedSubscription) slow).lag()).isEqualTo(fits);
        node.post(room, text);
        List<String> events = poll(slow);
        assertThat(events.get(0)).startsWith("TRUNCATED");
        assertThat(events.size()).isEqualTo(1 + 64); // 256 KiB of text.
    }

    @Test
    void lagging_roomEnds_getsTheEndOnly() {
        Subscription slow = node.subscribe(room, Cursor.now());
        node.posts(room, 2, 20_002);
        node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
        assertThat(poll(slow)).containsExactly("ended: DESTROYED");
    }

    @Test
    void lagging_nothingFollows_isResetToTheNextEntry() {
        Subscription slow = node.subscribe(room, Cursor.now());
        ((FeedSubscription) slow).releaseLog();
        assertThat(poll(slow)).containsExactly("TRUNCATED from 2");
        node.post(room, "m2");
        assertThat(poll(slow)).containsExactly("m2");
    }

    @Test
    void lagging_firstPollWithReset_getsOneReset() {
        node.appendUpTo(room, 10);
        Subscription slow = node.subscribe(room, Cursor.after(new EntryId(5, 77)));
        ((FeedSubscription) slow).releaseLog();
        assertThat(poll(slow)).startsWith("TRUNCATED from 1", "owner joined").hasSize(11);
    }

    @Test
    void wakeUp_onlyIfThereIsSomethingNew() {
        AtomicInteger wakeUps = new AtomicInteger();
        Subscription reading = node.subscribe(room, null, Cursor.now(), wakeUps::incrementAndGet);
        node.post(room, "m2");
        assertThat(wakeUps).hasValue(1);
        poll(reading);
        node.feeds.announce(node.append(room, "m3"), null);
        assertThat(wakeUps).hasValue(2);
        poll(reading);
        node.pass(Duration.ofSeconds(30));
        assertThat(wakeUps).hasValue(2);
        reading.close();
        node.post(room, "m4");
        assertThat(wakeUps).hasValue(2);
    }

    @Test
    void wakeUp_throws_othersAreWokenUpAndItIsLogged() {
        AtomicInteger wakeUps = new AtomicInteger();
        node.subscribe(room, null, Cursor.now(), () -> {
            throw new AssertionError("secret");
        });
        node.subscribe(room, null, Cursor.now(), wakeUps::incrementAndGet);
        try (LogRecords log = LogRecords.of(FeedSubscription.class)) {
            node.post(room, "m2");
            assertThat(log.warnings()).containsExactly("A subscriber's wake-up failed");
            assertThat(log.text()).contains("java.lang.AssertionError").doesNotContain("secret");
        }
        assertThat(wakeUps).hasValue(1);
    }

    @Test
    void closed_pollsNothing() {
        Subscription subscription = node.subscribe(room, Cursor.start());
        subscription.close();
        assertThat(subscription.isEnded()).isTrue();
        assertThat(poll(subscription)).isEmpty();
        assertThat(((FeedSubscription) subscription).lag()).isZero();
    }

    @Test
    void stats_countWhatIsThere() {
        ChatStats stats = node.feeds.stats();
        Room second = node.newRoom();
        Subscription subscription = node.subscribe(room, Cursor.start());
        node.subscribe(room, Cursor.now());
        node.subscribe(second, Cursor.now());
        node.posts(room, 2, 4);
        assertThat(stats.rooms()).isEqualTo(2);
        assertThat(stats.subscriptions()).isEqualTo(3);
        assertThat(stats.greatestLag()).isEqualTo(4);
        assertThat(stats.eventsDelivered()).isZero();
        poll(subscription);
        assertThat(stats.greatestLag()).isEqualTo(3);
        assertThat(stats.eventsDelivered()).isEqualTo(4);
        node.feeds.telemetry.streamOpened();
        node.feeds.telemetry.written(7);
        assertThat(stats.streams()).isEqualTo(1);
        assertThat(stats.bytesWritten()).isEqualTo(7);
    }

    @Test
    void lag_historyBeganAnewBelow_isNeverNegative() {
        node.appendUpTo(room, 30);
        Subscription slow = node.subscribe(room, Cursor.now());
        node.posts(room, 31, 32);
        node.store.inside(room).fork(5);
        node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        node.run();
        assertThat(((FeedSubscription) slow).lag()).isZero();
    }
}
