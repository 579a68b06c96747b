package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.TICK;
import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.scripted.LogRecords;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How a room ends on a node: destroyed, expired, lost, or only not served any more. */
class FeedEndTest {

    private final List<EndReason> observed = new ArrayList<>();
    private final TestNode node = new TestNode(new ChatObserver() {
        @Override
        public void roomEnded(EndReason reason) {
            observed.add(reason);
        }
    });
    private final Room room = node.newRoom();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private final Subscription subscription = node.subscribe(room, null, Cursor.start(), wakeUps::incrementAndGet);

    private void assertEnded(EndReason reason) {
        assertThat(wakeUps).hasPositiveValue();
        assertThat(subscription.hasRoomEnded()).isTrue();
        assertThat(subscription.isEnded()).isFalse();
        assertThat(poll(subscription)).containsExactly("ended: " + reason);
        assertThat(subscription.isEnded()).isTrue();
        assertThat(poll(subscription)).isEmpty();
        assertThat(node.feeds.size()).isZero();
        assertThat(node.broadcaster.openRegistrations()).isZero();
        assertThat(observed).containsExactly(reason);
    }

    private void missed() {
        node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        node.run();
    }

    @Nested
    class Destroyed {

        @Test
        void destroy_endsAtOnceAndIsPublished() {
            assertThat(node.feeds.destroy(room.incarnation(), ScriptedStore.HOST))
                    .isTrue();
            node.run();
            assertEnded(EndReason.DESTROYED);
            assertThat(node.broadcaster.published()).containsExactly(new RoomSignal.Destroyed(room.incarnation()));
        }

        @Test
        void destroy_again_isFalse() {
            node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
            assertThat(node.feeds.destroy(room.incarnation(), ScriptedStore.HOST))
                    .isFalse();
            node.run();
            assertEnded(EndReason.DESTROYED);
        }

        @Test
        void destroy_roomWithoutFeed_isObservedOnce() {
            Room other = node.newRoom();
            assertThat(node.feeds.destroy(other.incarnation(), ScriptedStore.HOST))
                    .isTrue();
            assertThat(node.feeds.destroy(other.incarnation(), ScriptedStore.HOST))
                    .isFalse();
            node.run();
            assertThat(observed).containsExactly(EndReason.DESTROYED);
        }

        @Test
        void destroy_broadcasterFails_endsAllTheSame() {
            node.broadcaster.whilePublishing(() -> {
                throw new IllegalStateException("a broken broadcaster");
            });
            assertThat(node.feeds.destroy(room.incarnation(), ScriptedStore.HOST))
                    .isTrue();
            node.run();
            assertEnded(EndReason.DESTROYED);
        }

        @Test
        void destroy_roomThatSomebodyElseHasDestroyed_ends() {
            node.store.destroy(room.incarnation(), ScriptedStore.HOST);
            assertThat(node.feeds.destroy(room.incarnation(), ScriptedStore.HOST))
                    .isFalse();
            node.run();
            assertEnded(EndReason.DESTROYED);
        }

        @Test
        void signal_endsOnThisNode() {
            node.broadcaster.deliver(new RoomSignal.Destroyed(room.incarnation()));
            assertThat(wakeUps).hasValue(0);
            node.run();
            assertEnded(EndReason.DESTROYED);
        }

        /** A check that misses the room before the destroying call has its answer. */
        @Test
        void destroy_checkedMeanwhile_isDestroyed() {
            node.store.after(Call.DESTROY, FeedEndTest.this::missed);
            node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
            assertEnded(EndReason.DESTROYED);
        }

        @Test
        void content_afterTheEnd_isGone() {
            node.post(room, "secret");
            node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
            assertThat(poll(subscription)).containsExactly("ended: DESTROYED");
        }

        @Test
        void destroy_feedStartsMeanwhile_ends() {
            Room other = node.newRoom();
            Subscription[] late = new Subscription[1];
            node.broadcaster.hold();
            node.store.before(Call.DESTROY, () -> late[0] = node.subscribe(other, Cursor.now()));
            assertThat(node.feeds.destroy(other.incarnation(), ScriptedStore.HOST))
                    .isTrue();
            node.run();
            assertThat(poll(late[0])).containsExactly("ended: DESTROYED");
            assertThat(observed).containsExactly(EndReason.DESTROYED);
        }

        @Test
        void destroy_duringARead_ends() {
            node.append(room, "m2");
            node.store.after(Call.READ, () -> node.feeds.destroy(room.incarnation(), ScriptedStore.HOST));
            missed();
            assertEnded(EndReason.DESTROYED);
        }

        /** A subscriber that does not poll, such as a stalled stream, keeps nothing of an ended room. */
        @Test
        void content_ofAnEndedRoom_isKeptByNobody() {
            WeakReference<SharedEvent> content = postAndForget();
            assertThat(content.refersTo(null)).isFalse();
            node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
            for (int i = 0; i < 100 && !content.refersTo(null); i++) {
                System.gc();
            }
            assertThat(content.refersTo(null)).isTrue();
            assertThat(poll(subscription)).containsExactly("ended: DESTROYED");
        }

        private WeakReference<SharedEvent> postAndForget() {
            Appended appended = node.append(room, "secret");
            SharedEvent event = EventCodec.posted(appended.entry());
            node.feeds.announce(appended, event);
            return new WeakReference<>(event);
        }

        @Test
        void destroy_lastSubscriberGoesMeanwhile_isObserved() {
            node.store.before(Call.DESTROY, subscription::close);
            node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
            node.run();
            assertThat(observed).containsExactly(EndReason.DESTROYED);
        }
    }

    @Nested
    class DestroyThatFails {

        private void destroyFails() {
            assertThatThrownBy(() -> node.feeds.destroy(room.incarnation(), ScriptedStore.HOST))
                    .isInstanceOf(ChatUnavailableException.class);
            assertThat(node.broadcaster.published()).isEmpty();
        }

        private void fail() {
            throw new ChatUnavailableException("no destroy");
        }

        @Test
        void notCarriedOut_roomLostLater_isLost() {
            node.store.before(Call.DESTROY, this::fail);
            destroyFails();
            node.run();
            node.post(room, "we go on");
            assertThat(poll(subscription)).containsExactly("owner joined", "we go on");
            node.store.lose(room);
            missed();
            node.pass(Duration.ofMillis(500));
            assertEnded(EndReason.LOST);
        }

        @Test
        void carriedOut_isDestroyedAtTheNextCheck() {
            node.store.after(Call.DESTROY, this::fail);
            destroyFails();
            node.run();
            assertEnded(EndReason.DESTROYED);
        }

        @Test
        void carriedOut_storeSilentForAWhile_isDestroyed() {
            node.store.after(Call.DESTROY, () -> {
                node.store.setUnavailable(true);
                fail();
            });
            destroyFails();
            node.run();
            node.pass(Duration.ofSeconds(2));
            assertThat(subscription.hasRoomEnded()).isFalse();
            node.store.setUnavailable(false);
            node.pass(Duration.ofSeconds(2));
            assertEnded(EndReason.DESTROYED);
        }

        /** The check has read the room before the call that fails: it knows nothing of it. */
        @Test
        void carriedOut_whileACheckReads_isDestroyed() {
            node.store.after(Call.READ, () -> {
                node.store.after(Call.DESTROY, this::fail);
                destroyFails();
            });
            missed();
            assertEnded(EndReason.DESTROYED);
        }
    }

    @Nested
    class Registrations {

        @Test
        void close_throws_destroyIsNormalAndEverybodyLearns() {
            TestNode other = new TestNode(node.store, node.broadcaster);
            Subscription elsewhere = other.subscribe(room, Cursor.now());
            node.broadcaster.failCloseWith(new IllegalStateException("a broken broadcaster"));
            try (LogRecords log = LogRecords.of(RoomFeed.class)) {
                assertThat(node.feeds.destroy(room.incarnation(), ScriptedStore.HOST))
                        .isTrue();
                assertThat(log.warnings()).containsOnly("A registration was not closed");
            }
            node.run();
            other.run();
            assertEnded(EndReason.DESTROYED);
            assertThat(poll(elsewhere)).containsExactly("ended: DESTROYED");
        }

        @Test
        void close_throws_serviceClosesAll() {
            Room second = node.newRoom();
            Subscription other = node.subscribe(second, Cursor.now());
            node.broadcaster.failCloseWith(new IllegalStateException("a broken broadcaster"));
            try (LogRecords log = LogRecords.of(RoomFeed.class)) {
                node.feeds.close();
                assertThat(log.warnings()).hasSize(2);
            }
            assertThat(subscription.isEnded() && other.isEnded()).isTrue();
        }

        @Test
        void lastSubscription_closed_closesTheRegistration() {
            Subscription other = node.subscribe(room, Cursor.now());
            subscription.close();
            subscription.close();
            assertThat(node.broadcaster.openRegistrations()).isEqualTo(1);
            other.close();
            assertThat(node.broadcaster.openRegistrations()).isZero();
            assertThat(node.feeds.size()).isZero();
            assertThat(observed).isEmpty();
            assertThat(poll(node.subscribe(room, Cursor.start()))).containsExactly("owner joined");
        }
    }

    @Nested
    class Expired {

        @Test
        void deadline_byTheStoresTime_ends() {
            node.store.pass(TestNode.HOUR.minusMillis(1));
            node.tick();
            assertThat(subscription.hasRoomEnded()).isFalse();
            node.store.pass(Duration.ofMillis(1));
            node.tick();
            assertEnded(EndReason.EXPIRED);
        }

        @Test
        void deadline_storeAndClockSilent_ends() {
            node.tick();
            node.store.setUnavailable(true);
            node.store.failClockWith(new ChatUnavailableException("no clock"));
            node.time.pass(TestNode.HOUR.minusMillis(1));
            node.tick();
            assertThat(subscription.hasRoomEnded()).isFalse();
            node.time.pass(Duration.ofMillis(1));
            node.tick();
            assertEnded(EndReason.EXPIRED);
        }

        @Test
        void deadlines_onlyThoseThatHavePassed_end() {
            Subscription longer = node.subscribe(node.store.newRoom(TestNode.HOUR.plusSeconds(1)), Cursor.now());
            Subscription shorter = node.subscribe(node.store.newRoom(Duration.ofMinutes(5)), Cursor.now());
            Subscription same = node.subscribe(node.newRoom(), Cursor.now());
            node.pass(TestNode.HOUR);
            assertThat(poll(subscription)).containsExactly("ended: EXPIRED");
            assertThat(poll(shorter)).containsExactly("ended: EXPIRED");
            assertThat(poll(same)).containsExactly("ended: EXPIRED");
            assertThat(longer.hasRoomEnded()).isFalse();
        }

        @Test
        void roomAbsentShortlyBeforeItsDeadline_isExpired() {
            node.store.pass(TestNode.HOUR.minusMillis(900));
            node.store.lose(room);
            missed();
            assertEnded(EndReason.EXPIRED);
        }

        @Test
        void room_isClearedFromTheStoreOnceTheToleranceHasPassed() {
            node.store.forgetCalls();
            node.pass(TestNode.HOUR);
            node.pass(Duration.ofSeconds(1));
            assertThat(node.store.calls(Call.FIND)).isZero();
            node.pass(Duration.ofMillis(1));
            assertThat(node.store.calls(Call.FIND)).isEqualTo(1);
            node.pass(Duration.ofSeconds(5));
            assertThat(node.store.calls(Call.FIND)).isEqualTo(1);
        }

        @Test
        void twoIncarnationsWithTheSameDeadline_bothEnd() {
            Room next = node.store.newRoom(room.id(), 2, TestNode.HOUR);
            node.store.lose(room);
            node.store.newRoom(room.id(), 2, TestNode.HOUR);
            Subscription second = node.subscribe(next, Cursor.now());
            node.pass(TestNode.HOUR);
            assertThat(subscription.hasRoomEnded() && second.hasRoomEnded()).isTrue();
        }
    }

    @Nested
    class Lost {

        /** The signal that says why may be on its way: a second look at once would not wait for it. */
        @Test
        void absentRoom_missedTwiceAtOnce_isNotLostYet() {
            node.store.lose(room);
            missed();
            missed();
            assertThat(subscription.hasRoomEnded()).isFalse();
        }

        @Test
        void absentRoom_isLostAtTheSecondLookHalfASecondLater() {
            node.store.lose(room);
            missed();
            node.pass(Duration.ofMillis(499));
            assertThat(subscription.hasRoomEnded()).isFalse();
            node.pass(Duration.ofMillis(1));
            assertEnded(EndReason.LOST);
        }

        @Test
        void absentRoom_destroyedSignalComesMeanwhile_isDestroyed() {
            node.store.lose(room);
            missed();
            node.broadcaster.deliver(new RoomSignal.Destroyed(room.incarnation()));
            node.pass(Duration.ofMillis(500));
            assertEnded(EndReason.DESTROYED);
        }

        @Test
        void roomThere_afterAllAtTheSecondLook_isNotLostAtTheNextMiss() {
            node.store.before(Call.READ, () -> {
                throw new RoomNotFoundException();
            });
            missed();
            node.pass(Duration.ofMillis(500));
            node.store.lose(room);
            missed();
            assertThat(subscription.hasRoomEnded()).isFalse();
            node.pass(Duration.ofMillis(500));
            assertEnded(EndReason.LOST);
        }
    }

    @Nested
    class Closed {

        @Test
        void close_endsEverything() {
            Room second = node.newRoom();
            Subscription other = node.subscribe(second, Cursor.start());
            node.feeds.close();
            assertThat(wakeUps).hasValue(1);
            assertThat(subscription.isEnded() && other.isEnded()).isTrue();
            assertThat(subscription.hasRoomEnded()).isFalse();
            assertThat(poll(subscription)).isEmpty();
            assertThat(node.broadcaster.openRegistrations()).isZero();
            assertThat(node.feeds.size()).isZero();
            assertThat(node.dispatches.isShutdown() && node.checks.isShutdown()).isTrue();
            assertThat(observed).isEmpty();
            node.feeds.close();
        }

        @Test
        void tick_afterClose_doesNothing() {
            node.feeds.close();
            node.store.forgetCalls();
            node.pass(TestNode.HOUR);
            assertThat(node.store.calls(Call.READ)).isZero();
        }

        @Test
        void check_queuedBeforeClose_isNotMade() {
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            List<Runnable> queued = node.checks.shutdownNow();
            node.store.forgetCalls();
            node.feeds.close();
            queued.forEach(Runnable::run);
            assertThat(queued).hasSize(1);
            assertThat(node.store.calls(Call.READ)).isZero();
        }

        @Test
        void post_afterClose_isStoredAndPublished() {
            node.feeds.close();
            node.post(room, "m2");
            assertThat(node.broadcaster.published()).hasSize(1);
        }

        @Test
        void destroy_afterClose_isCarriedOut() {
            node.feeds.close();
            assertThat(node.feeds.destroy(room.incarnation(), ScriptedStore.HOST))
                    .isTrue();
            assertThat(observed).containsExactly(EndReason.DESTROYED);
        }
    }

    @Test
    void tick_nothingDue_asksTheStoreForNothing() {
        node.store.forgetCalls();
        for (int i = 0; i < 50; i++) {
            node.pass(TICK);
        }
        assertThat(node.store.calls(Call.READ) + node.store.calls(Call.FIND)).isZero();
    }
}
