package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first stream of a room on a node: registration, first read, and what may come between. */
class FeedStartTest {

    private final TestNode node = new TestNode();
    private final Room room = node.newRoom();

    private void assertNothingIsLeft() {
        assertThat(node.broadcaster.openRegistrations()).isZero();
        assertThat(node.feeds.size()).isZero();
    }

    @Nested
    class RoomThatEnds {

        @Test
        void registration_roomDestroyedMeanwhile_isClosed() {
            node.broadcaster.whileSubscribing(() -> node.feeds.destroy(room.incarnation(), ScriptedStore.HOST));
            assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).isInstanceOf(RoomNotFoundException.class);
            assertThat(node.broadcaster.openedRegistrations()).isPositive();
            assertNothingIsLeft();
        }

        @Test
        void registration_roomDestroyedBeforeFirstRead_isClosed() {
            node.store.before(Call.READ, () -> node.feeds.destroy(room.incarnation(), ScriptedStore.HOST));
            assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).isInstanceOf(RoomNotFoundException.class);
            assertNothingIsLeft();
        }

        @Test
        void registration_roomDestroyedAfterFirstRead_isClosed() {
            node.store.after(Call.READ, () -> node.feeds.destroy(room.incarnation(), ScriptedStore.HOST));
            assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).isInstanceOf(RoomNotFoundException.class);
            assertNothingIsLeft();
        }

        @Test
        void registration_destroyedSignalMeanwhile_isClosed() {
            node.broadcaster.whileSubscribing(
                    () -> node.broadcaster.deliver(new RoomSignal.Destroyed(room.incarnation())));
            assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).isInstanceOf(RoomNotFoundException.class);
            assertNothingIsLeft();
        }

        @Test
        void registration_roomIsAbsent_isClosed() {
            EntryId head = node.store.inside(room).head();
            node.store.lose(room);
            assertThatThrownBy(() -> node.feeds.subscribe(room, head, null, Cursor.start(), () -> {}))
                    .isInstanceOf(RoomNotFoundException.class);
            assertNothingIsLeft();
        }

        @Test
        void otherSubscribers_sharedStart_getTheSameException() throws Exception {
            shareStart(() -> node.feeds.destroy(room.incarnation(), ScriptedStore.HOST), RoomNotFoundException.class);
        }

        /** Real threads: one subscribes, the other destroys, at about the same time. */
        @Tag("long")
        @Test
        void registrations_raceWithDestroy_areAllClosed() throws Exception {
            race(10_000, other -> node.feeds.destroy(other.incarnation(), ScriptedStore.HOST));
            assertNothingIsLeft();
        }
    }

    @Nested
    class ServiceThatCloses {

        @Test
        void registration_closedMeanwhile_isClosed() {
            node.broadcaster.whileSubscribing(node.feeds::close);
            assertThatIllegalStateException().isThrownBy(() -> node.subscribe(room, Cursor.start()));
            assertNothingIsLeft();
        }

        @Test
        void registration_closedBeforeFirstRead_isClosed() {
            node.store.before(Call.READ, node.feeds::close);
            assertThatIllegalStateException().isThrownBy(() -> node.subscribe(room, Cursor.start()));
            assertNothingIsLeft();
        }

        @Test
        void subscribe_closedBefore_registersNothing() {
            node.feeds.close();
            assertThatIllegalStateException()
                    .isThrownBy(() -> node.subscribe(room, Cursor.start()))
                    .withMessage("the service is closed");
            assertThat(node.broadcaster.openedRegistrations()).isZero();
        }

        @Test
        void otherSubscribers_sharedStart_getAnAnswer() throws Exception {
            shareStart(node.feeds::close, ChatUnavailableException.class);
        }

        @Tag("long")
        @Test
        void registrations_raceWithClose_areAllClosed() throws Exception {
            for (int i = 0; i < 500; i++) {
                TestNode other = new TestNode(node.store, node.broadcaster);
                race(1, other, any -> other.feeds.close());
            }
            assertNothingIsLeft();
        }
    }

    private void race(int rounds, Consumer<Room> rival) throws Exception {
        race(rounds, node, rival);
    }

    private void race(int rounds, TestNode on, Consumer<Room> rival) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < rounds; i++) {
                Room one = on.newRoom();
                CountDownLatch begin = new CountDownLatch(1);
                Future<?> done = thread.submit(() -> {
                    begin.countDown();
                    rival.accept(one);
                });
                begin.await();
                try {
                    on.subscribe(one, Cursor.start());
                } catch (RuntimeException e) {
                    assertThat(e).isInstanceOfAny(RoomNotFoundException.class, IllegalStateException.class);
                }
                done.get(10, TimeUnit.SECONDS);
                on.dispatches.shutdownNow().clear();
            }
        } finally {
            thread.shutdownNow();
        }
    }

    /** Two subscribe; the first is in the middle of the start when something ends it. */
    private void shareStart(Runnable end, Class<? extends Throwable> expected) throws Exception {
        CompletableFuture<Subscription> second = new CompletableFuture<>();
        EntryId head = node.store.inside(room).head();
        Thread waiting = new Thread(() -> {
            try {
                second.complete(node.feeds.subscribe(room, head, null, Cursor.start(), () -> {}));
            } catch (Throwable e) {
                second.completeExceptionally(e);
            }
        });
        node.broadcaster.whileSubscribing(() -> {
            waiting.start();
            awaitBlocked(waiting);
            end.run();
        });
        assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> second.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(expected);
        assertNothingIsLeft();
    }

    private static void awaitBlocked(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Nested
    class Failure {

        @Test
        void registration_refused_leavesNothing() {
            node.broadcaster.whileSubscribing(() -> {
                throw new ChatUnavailableException("no subscribe");
            });
            assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).hasMessage("no subscribe");
            assertNothingIsLeft();
            assertThat(poll(node.subscribe(room, Cursor.start()))).containsExactly("owner joined");
        }

        @Test
        void registration_firstReadFails_isClosed() {
            node.store.before(Call.READ, () -> {
                throw new ChatUnavailableException("no read");
            });
            assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).hasMessage("no read");
            assertNothingIsLeft();
        }

        @Test
        void registration_errorIsThrown_isClosed() {
            node.store.before(Call.READ, () -> {
                throw new AssertionError("a broken store");
            });
            assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).isInstanceOf(AssertionError.class);
            assertNothingIsLeft();
        }

        @Test
        void registration_resumeFails_isClosed() {
            node.appendUpTo(room, 700);
            node.store.after(Call.READ, () -> node.store.setUnavailable(true));
            assertThatThrownBy(() -> node.subscribe(room, Cursor.start())).isInstanceOf(ChatUnavailableException.class);
            assertNothingIsLeft();
        }

        /** Each time a feed has started, its only other subscriber closes before this one is added. */
        @Test
        void subscribe_everyFeedEndsAtOnce_fails() {
            AtomicBoolean nested = new AtomicBoolean();
            node.time.onLook(() -> {
                if (nested.compareAndSet(false, true)) {
                    node.subscribe(room, Cursor.now()).close();
                    nested.set(false);
                }
            });
            assertThatThrownBy(() -> node.subscribe(room, Cursor.now()))
                    .isInstanceOf(ChatUnavailableException.class)
                    .hasMessage("the room's feed ends as soon as it starts");
            assertNothingIsLeft();
        }
    }

    @Nested
    class Waiting {

        @Test
        void otherSubscriber_startHangs_isReleasedByDeadline() {
            node.broadcaster.whileSubscribing(() -> {
                node.time.passPerLook(Duration.ofMillis(5_950));
                assertThatThrownBy(() -> node.subscribe(room, Cursor.start()))
                        .isInstanceOf(ChatUnavailableException.class)
                        .hasMessage("the store needs too long for a room's history");
                node.time.passPerLook(Duration.ZERO);
            });
            assertThat(poll(node.subscribe(room, Cursor.start()))).containsExactly("owner joined");
        }

        @Test
        void otherSubscriber_interrupted_isReleasedAndStaysInterrupted() {
            node.broadcaster.whileSubscribing(() -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> node.subscribe(room, Cursor.start()))
                        .isInstanceOf(ChatUnavailableException.class)
                        .hasMessage("interrupted while waiting for a room's history");
                assertThat(Thread.interrupted()).isTrue();
            });
            assertThat(poll(node.subscribe(room, Cursor.start()))).containsExactly("owner joined");
        }

        @Test
        void otherSubscriber_startSucceeds_usesTheSameFeed() throws Exception {
            CompletableFuture<Subscription> second = new CompletableFuture<>();
            Thread waiting = new Thread(() -> second.complete(node.subscribe(room, Cursor.start())));
            node.store.before(Call.READ, () -> {
                waiting.start();
                awaitBlocked(waiting);
            });
            node.subscribe(room, Cursor.start());
            assertThat(poll(second.get(5, TimeUnit.SECONDS))).containsExactly("owner joined");
            assertThat(node.broadcaster.openedRegistrations()).isEqualTo(1);
            assertThat(node.store.calls(Call.READ)).isEqualTo(1);
        }
    }

    @Nested
    class Cost {

        @Test
        void firstStream_cursorAtStart_readsOnce() {
            node.appendUpTo(room, 50);
            assertThat(poll(node.subscribe(room, Cursor.start()))).hasSize(50);
            assertReads(1);
        }

        @Test
        void firstStream_resumesAfterEntry_readsOnce() {
            node.appendUpTo(room, 50);
            EntryId place = node.append(room, "m51").entry().id();
            node.appendUpTo(room, 60);
            assertThat(poll(node.subscribe(room, Cursor.after(place))))
                    .hasSize(9)
                    .startsWith("m52");
            assertReads(1);
        }

        @Test
        void firstStream_resumesAfterTheHead_readsOnce() {
            node.appendUpTo(room, 700);
            assertThat(poll(node.subscribe(
                            room, Cursor.after(node.store.inside(room).head()))))
                    .isEmpty();
            assertReads(1);
        }

        @Test
        void firstStream_cursorNow_readsOnce() {
            node.appendUpTo(room, 50);
            assertThat(poll(node.subscribe(room, Cursor.now()))).isEmpty();
            assertReads(1);
        }

        @Test
        void firstStream_placeFarFromTheHead_beginsAtTheHead() {
            node.appendUpTo(room, 701);
            assertThat(poll(node.subscribe(room, TestNode.after(201)))).hasSize(500);
            assertReads(1);
            node.feeds.subscriptions().toList().forEach(Subscription::close);
            node.store.forgetCalls();
            assertThat(poll(node.subscribe(room, TestNode.after(200)))).hasSize(501);
            assertReads(3);
        }

        @Test
        void firstStream_placeAfterTheHeadOfItsRequest_beginsAtThatHead() {
            EntryId head = node.store.inside(room).head();
            node.appendUpTo(room, 10);
            Subscription subscription = node.feeds.subscribe(room, head, null, TestNode.after(5), () -> {});
            assertThat(poll(subscription)).hasSize(5);
            assertThat(poll(node.subscribe(room, TestNode.after(2)))).hasSize(8);
            assertReads(1);
        }

        @Test
        void secondStream_placeAtHand_readsNothing() {
            node.appendUpTo(room, 50);
            node.subscribe(room, Cursor.start());
            node.store.forgetCalls();
            assertThat(poll(node.subscribe(room, Cursor.start()))).hasSize(50);
            assertThat(poll(node.subscribe(room, TestNode.after(40)))).hasSize(10);
            assertThat(poll(node.subscribe(room, Cursor.now()))).isEmpty();
            assertReads(0);
        }

        private void assertReads(int reads) {
            assertThat(node.store.calls(Call.READ)).isEqualTo(reads);
            assertThat(node.store.calls(Call.FIND)).isZero();
            assertThat(node.store.calls(Call.AUTHENTICATE)).isZero();
        }
    }

    @Nested
    class FirstRead {

        @Test
        void entry_appendedAfterAuthentication_isNotMissed() {
            EntryId head = node.store.inside(room).head();
            node.append(room, "early");
            Subscription subscription = node.feeds.subscribe(room, head, null, Cursor.start(), () -> {});
            assertThat(poll(subscription)).containsExactly("owner joined", "early");
        }

        @Test
        void signal_beforeFirstRead_isFollowedByACheck() {
            node.broadcaster.whileSubscribing(() -> {
                node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
                assertThat(node.checks.size()).isZero();
            });
            Subscription subscription = node.subscribe(room, Cursor.now());
            node.append(room, "m2");
            node.run();
            assertThat(poll(subscription)).containsExactly("m2");
        }

        @Test
        void signal_afterFirstReadBeforeUse_isFollowedByACheck() {
            node.store.after(Call.READ, () -> node.post(room, "m2"));
            Subscription subscription = node.subscribe(room, Cursor.start());
            assertThat(poll(subscription)).containsExactly("owner joined");
            node.run();
            assertThat(poll(subscription)).containsExactly("m2");
        }

        @Test
        void longHistory_smallPages_isReadToTheEnd() {
            node.appendUpTo(room, 10);
            node.store.answerPages(page -> first(3, page));
            assertThat(poll(node.subscribe(room, Cursor.start()))).hasSize(10);
        }

        /** A start is bounded; what it could not read is read right after it. */
        @Test
        void longHistory_onePagePerEntry_isCompletedByACheck() {
            node.appendUpTo(room, 40);
            node.store.answerPages(page -> first(1, page));
            Subscription subscription = node.subscribe(room, Cursor.start());
            assertThat(poll(subscription)).hasSize(16);
            node.run();
            assertThat(poll(subscription)).hasSize(24).endsWith("m40");
        }

        @Test
        void headTrimmedMeanwhile_beginsAtTheOldestKept() {
            EntryId head = node.store.inside(room).head();
            node.appendUpTo(room, 20);
            node.store.inside(room).keep(5);
            Subscription subscription = node.feeds.subscribe(room, head, null, Cursor.now(), () -> {});
            assertThat(poll(subscription)).isEmpty();
            assertThat(subscription.startedAfter().sequence()).isEqualTo(20);
            node.post(room, "m21");
            assertThat(poll(subscription)).containsExactly("m21");
        }

        @Test
        void anotherIncarnation_sameCode_isAnotherFeed() {
            Subscription first = node.subscribe(room, Cursor.start());
            node.store.lose(room);
            Room next = node.store.newRoom(room.id(), 2, TestNode.HOUR);
            Subscription second = node.subscribe(next, Cursor.start());
            assertThat(second.room().incarnation()).isEqualTo(new RoomIncarnation(room.id(), 2));
            assertThat(first.room()).isEqualTo(room);
            assertThat(node.feeds.size()).isEqualTo(2);
        }

        private LogPage first(int count, LogPage page) {
            List<LogEntry> entries = page.entries().stream().limit(count).toList();
            return new LogPage(page.continuity(), entries, page.head());
        }
    }
}
