package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.after;
import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Subscribers that come back: what a feed loads for them, and what it does when their place is not in the history. */
class FeedResumeTest {

    private final TestNode node = new TestNode();
    private final Room room = node.newRoom();

    private void assertReads(int reads) {
        assertThat(node.store.calls(Call.READ)).isEqualTo(reads);
    }

    /** A feed whose log begins at the head, as for a host that began with what is new. */
    private Subscription feedFrom(long sequence) {
        node.appendUpTo(room, sequence);
        Subscription live = node.subscribe(room, Cursor.now());
        node.store.forgetCalls();
        return live;
    }

    private static List<String> messages(int from, int to) {
        List<String> all = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            all.add("m" + i);
        }
        return all;
    }

    @Nested
    class Loading {

        @Test
        void olderPlace_isLoadedOncePerPage() {
            feedFrom(1_200);
            Subscription resumed = node.subscribe(room, after(100));
            assertThat(poll(resumed)).isEqualTo(messages(101, 1_200));
            assertReads(3);
        }

        @Test
        void olderPlace_newEntriesFollow() {
            Subscription live = feedFrom(600);
            Subscription resumed = node.subscribe(room, after(550));
            node.posts(room, 601, 605);
            assertThat(poll(resumed)).isEqualTo(messages(551, 605));
            assertThat(poll(live)).isEqualTo(messages(601, 605));
        }

        @Test
        void secondResume_afterTheSamePlace_readsNothing() {
            feedFrom(600);
            node.subscribe(room, after(100));
            node.store.forgetCalls();
            assertThat(poll(node.subscribe(room, after(100)))).hasSize(500);
            assertThat(poll(node.subscribe(room, after(300)))).hasSize(300);
            assertReads(0);
        }

        @Test
        void startOfTheLog_isLoaded() {
            feedFrom(600);
            Subscription resumed = node.subscribe(room, Cursor.start());
            assertThat(resumed.startedAfter()).isEqualTo(EntryId.START);
            assertThat(poll(resumed)).hasSize(600).startsWith("owner joined", "m2");
        }

        @Test
        void startOfATrimmedLog_isTheOldestKept_withoutReset() {
            feedFrom(600);
            node.store.inside(room).keep(100);
            assertThat(poll(node.subscribe(room, Cursor.start()))).isEqualTo(messages(501, 600));
        }

        @Test
        void headOfTheFeed_isDeliveredToWhoResumesBeforeIt() {
            feedFrom(600);
            assertThat(poll(node.subscribe(room, after(599)))).containsExactly("m600");
        }

        @Test
        void loaded_isDroppedAtTheNextCheck() {
            feedFrom(1_000);
            node.subscribe(room, after(100));
            node.pass(Duration.ofSeconds(30));
            node.store.forgetCalls();
            assertThat(poll(node.subscribe(room, after(990)))).hasSize(10);
            assertReads(0);
            assertThat(poll(node.subscribe(room, after(100)))).hasSize(900);
            assertReads(2);
        }

        @Test
        void loaded_staysForACursorThatIsBehind() {
            feedFrom(1_000);
            Subscription resumed = node.subscribe(room, after(100));
            node.pass(Duration.ofSeconds(30));
            node.posts(room, 1_001, 1_300);
            assertThat(poll(resumed)).isEqualTo(messages(101, 1_300));
        }

        @Test
        void loading_checkMeanwhile_dropsNothing() {
            feedFrom(1_000);
            node.store.before(Call.READ, () -> node.pass(Duration.ofSeconds(30)));
            assertThat(poll(node.subscribe(room, after(500)))).isEqualTo(messages(501, 1_000));
        }

        @Test
        void loading_postsMeanwhile_areNotMissedNorDoubled() {
            feedFrom(900);
            node.store.after(Call.READ, () -> node.posts(room, 901, 1_300));
            assertThat(poll(node.subscribe(room, after(100)))).isEqualTo(messages(101, 1_300));
        }

        @Test
        void loading_roomDestroyedMeanwhile_startsAnewAndFails() {
            feedFrom(600);
            node.store.after(Call.READ, () -> node.feeds.destroy(room.incarnation(), ScriptedStore.HOST));
            assertThatThrownBy(() -> node.subscribe(room, after(10))).hasMessage("there is no such room");
            assertThat(node.broadcaster.openRegistrations()).isZero();
        }

        @Test
        void lastPage_roomDestroyedMeanwhile_fails() {
            feedFrom(600);
            node.store.after(Call.READ, () -> node.feeds.destroy(room.incarnation(), ScriptedStore.HOST));
            assertThatThrownBy(() -> node.subscribe(room, after(300))).hasMessage("there is no such room");
            assertThat(node.broadcaster.openRegistrations()).isZero();
        }

        @Test
        void loaded_staysUntilAWindowOfNewEntriesFollows() {
            feedFrom(600);
            node.subscribe(room, after(300)).close();
            node.posts(room, 601, 855);
            node.store.forgetCalls();
            assertThat(poll(node.subscribe(room, after(300)))).hasSize(555);
            assertReads(0);
            node.posts(room, 856, 857);
            assertThat(poll(node.subscribe(room, after(300)))).hasSize(557);
            assertReads(1);
        }

        @Test
        void loaded_staysUntilAWindowOfNewTextFollows() {
            String text = "x".repeat(4_096);
            for (int i = 0; i < 50; i++) {
                node.append(room, text);
            }
            node.subscribe(room, Cursor.now());
            node.subscribe(room, after(11)).close();
            for (int i = 0; i < 63; i++) {
                node.post(room, text);
            }
            node.store.forgetCalls();
            assertThat(poll(node.subscribe(room, after(11))).size()).isEqualTo(40 + 63);
            assertReads(0);
            node.post(room, text);
            node.post(room, text);
            assertThat(poll(node.subscribe(room, after(11))).size()).isEqualTo(40 + 65);
            assertReads(1);
        }

        @Test
        void loading_fails_leavesTheFeedUsable() {
            Subscription live = feedFrom(600);
            node.store.before(Call.READ, () -> {
                throw new ChatUnavailableException("no read");
            });
            assertThatThrownBy(() -> node.subscribe(room, after(10))).hasMessage("no read");
            assertThat(poll(node.subscribe(room, after(10)))).hasSize(590);
            node.post(room, "m601");
            assertThat(poll(live)).containsExactly("m601");
        }

        /** Many resume at once, each at a place of its own, and the feed's window moves. */
        @Tag("long")
        @Test
        void resumes_manyAtOnce_getEachEntryOnce() throws Exception {
            int threads = 8;
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            CyclicBarrier together = new CyclicBarrier(threads);
            try {
                for (int round = 0; round < 300; round++) {
                    TestNode other = new TestNode(node.store, node.broadcaster);
                    Room one = other.newRoom();
                    other.appendUpTo(one, 40);
                    other.subscribe(one, Cursor.now());
                    List<Future<?>> all = new ArrayList<>();
                    for (int i = 0; i < threads; i++) {
                        int place = 2 + 4 * i;
                        all.add(pool.submit(() -> {
                            together.await();
                            Subscription resumed = other.subscribe(one, after(place));
                            assertThat(poll(resumed)).isEqualTo(messages(place + 1, 40));
                            return null;
                        }));
                    }
                    for (Future<?> done : all) {
                        done.get(30, TimeUnit.SECONDS);
                    }
                }
            } finally {
                pool.shutdownNow();
            }
        }
    }

    /** Each reads by itself that its place is gone: so many that a fixed number of attempts would not do. */
    @Test
    void resumes_manyAtOnceFromTrimmedPlaces_areReset() throws Exception {
        int threads = 40;
        feedFrom(100);
        node.store.inside(room).keep(5);
        node.store.answerPages(page -> {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            return page;
        });
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier together = new CyclicBarrier(threads);
        try {
            List<Future<List<String>>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Cursor place = after(10 + i);
                all.add(pool.submit(() -> {
                    together.await();
                    return poll(node.subscribe(room, place));
                }));
            }
            for (Future<List<String>> each : all) {
                assertThat(each.get(30, TimeUnit.SECONDS))
                        .containsExactly("TRUNCATED from 96", "m96", "m97", "m98", "m99", "m100");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Nested
    class Hanging {

        @Test
        void otherResume_loadHangs_isReleasedByDeadline() {
            feedFrom(600);
            node.store.before(Call.READ, () -> {
                node.time.passPerLook(Duration.ofMillis(5_950));
                assertThatThrownBy(() -> node.subscribe(room, after(10)))
                        .isInstanceOf(ChatUnavailableException.class)
                        .hasMessage("the store needs too long for a room's history");
                node.time.passPerLook(Duration.ZERO);
            });
            assertThatThrownBy(() -> node.subscribe(room, after(10))).isInstanceOf(ChatUnavailableException.class);
            assertThat(poll(node.subscribe(room, after(10)))).hasSize(590);
        }

        @Test
        void otherResume_interrupted_isReleased() {
            feedFrom(600);
            node.store.before(Call.READ, () -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> node.subscribe(room, after(10)))
                        .isInstanceOf(ChatUnavailableException.class)
                        .hasMessage("interrupted while waiting for a room's history");
                assertThat(Thread.interrupted()).isTrue();
            });
            assertThat(poll(node.subscribe(room, after(10)))).hasSize(590);
        }

        @Test
        void load_slowPages_endsAtTheDeadline() {
            feedFrom(6_000);
            for (int page = 0; page < 3; page++) {
                node.store.before(Call.READ, () -> node.time.pass(Duration.ofMillis(2_400)));
            }
            assertThatThrownBy(() -> node.subscribe(room, after(10)))
                    .isInstanceOf(ChatUnavailableException.class)
                    .hasMessage("the store needs too long for a room's history");
            assertReads(3);
        }
    }

    @Nested
    class Resets {

        @Test
        void trimmedPlace_getsAResetThenTheRetainedHistory() {
            feedFrom(600);
            node.store.inside(room).keep(50);
            Subscription resumed = node.subscribe(room, after(100));
            assertThat(poll(resumed))
                    .startsWith("TRUNCATED from 551", "m551")
                    .endsWith("m600")
                    .hasSize(51);
        }

        @Test
        void trimmedPlace_firstStream_getsAResetThenTheRetainedHistory() {
            node.appendUpTo(room, 300);
            node.store.inside(room).keep(50);
            Subscription resumed = node.subscribe(room, after(100));
            assertThat(poll(resumed))
                    .startsWith("TRUNCATED from 251", "m251")
                    .endsWith("m300")
                    .hasSize(51);
        }

        @Test
        void forkedPlace_firstStream_getsAResetThenTheWholeHistory() {
            node.appendUpTo(room, 20);
            Cursor forked = Cursor.after(new EntryId(10, 77));
            Subscription resumed = node.subscribe(room, forked);
            assertThat(poll(resumed))
                    .startsWith("FORKED from 1", "owner joined", "m2")
                    .hasSize(21);
        }

        @Test
        void forkedPlace_inTheFeedsWindow_getsAReset() {
            node.appendUpTo(room, 20);
            node.subscribe(room, Cursor.start());
            assertThat(poll(node.subscribe(room, Cursor.after(new EntryId(10, 77)))))
                    .startsWith("FORKED from 1", "owner joined")
                    .hasSize(21);
        }

        @Test
        void placeAhead_signalWasLost_isFoundByOneCheck() {
            feedFrom(20);
            Appended unknown = node.append(room, "m21");
            node.append(room, "m22");
            assertThat(poll(node.subscribe(room, after(unknown)))).containsExactly("m22");
            assertReads(1);
        }

        @Test
        void placeAhead_ofTheLog_getsAReset() {
            feedFrom(20);
            assertThat(poll(node.subscribe(room, Cursor.after(new EntryId(50, 77)))))
                    .startsWith("FORKED from 1", "owner joined")
                    .hasSize(21);
        }

        @Test
        void reset_isNotRepeated() {
            feedFrom(20);
            Subscription resumed = node.subscribe(room, Cursor.after(new EntryId(50, 77)));
            assertThat(resumed.poll(1)).hasSize(1);
            assertThat(resumed.poll(3)).hasSize(3);
            assertThat(poll(resumed)).isEqualTo(messages(4, 20));
        }

        @Test
        void placeOfAnotherHistory_feedHasNotNoticedTheFailover_isServedFromTheNewOne() {
            node.appendUpTo(room, 20);
            Subscription live = node.subscribe(room, Cursor.now());
            node.subscribe(room, after(8));
            node.store.inside(room).fork(10);
            Appended inNew = node.append(room, "n11");
            node.appendUpTo(room, 15);
            Subscription resumed = node.subscribe(room, after(inNew));
            assertThat(poll(resumed)).containsExactly("m12", "m13", "m14", "m15");
            assertThat(poll(live)).startsWith("FORKED from 1", "owner joined").hasSize(16);
        }

        @Test
        void history_changesWithEveryRead_fails() {
            feedFrom(20);
            node.store.answerPages(page -> new LogPage(
                    Continuity.CONTINUOUS,
                    page.entries().stream().map(this::withAnotherNonce).toList(),
                    page.head()));
            assertThatThrownBy(() -> node.subscribe(room, after(10)))
                    .isInstanceOf(ChatUnavailableException.class)
                    .hasMessage("the room's history changes faster than it can be read");
            assertThat(node.feeds.subscriptions()).hasSize(1);
        }

        private LogEntry withAnotherNonce(LogEntry entry) {
            EntryId id = new EntryId(entry.id().sequence(), 5);
            return new LogEntry(id, entry.kind(), entry.sender(), entry.key(), entry.body(), entry.at());
        }
    }

    @Nested
    class Failover {

        @Test
        void cursors_meetTheResetInOrder() {
            node.appendUpTo(room, 10);
            Subscription behind = node.subscribe(room, Cursor.start());
            Subscription atEnd = node.subscribe(room, Cursor.now());
            node.posts(room, 11, 12);
            node.store.inside(room).fork(10);
            node.append(room, "n11");
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            node.run();
            assertThat(poll(behind)).hasSize(12 + 1 + 11).containsSubsequence("m12", "FORKED from 1", "m10", "n11");
            assertThat(poll(atEnd))
                    .startsWith("m11", "m12", "FORKED from 1", "owner joined")
                    .endsWith("n11");
        }

        @Test
        void signalOfTheNewHistory_leadsToTheReset() {
            Subscription live = feedFrom(10);
            node.posts(room, 11, 12);
            poll(live);
            node.store.inside(room).fork(10);
            Appended forked = node.append(room, "n11");
            node.broadcaster.deliver(forked.signal());
            node.run();
            assertThat(poll(live)).startsWith("FORKED from 1").endsWith("n11");
            node.post(room, "n12");
            assertThat(poll(live)).containsExactly("n12");
        }

        @Test
        void trimmedFeed_getsATruncatedReset() {
            Subscription live = feedFrom(10);
            node.appendUpTo(room, 40);
            node.store.inside(room).keep(5);
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            node.run();
            assertThat(poll(live)).containsExactly("TRUNCATED from 36", "m36", "m37", "m38", "m39", "m40");
        }

        @Test
        void longNewHistory_isReadPageByPage() {
            Subscription live = feedFrom(1_400);
            node.posts(room, 1_401, 1_410);
            poll(live);
            node.store.inside(room).fork(1_400);
            node.append(room, "n");
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            node.run();
            assertThat(poll(live)).hasSize(1_402).startsWith("FORKED from 1").endsWith("m1400", "n");
            assertReads(3);
        }

        @Test
        void post_betweenReadAndReset_isNotLost() {
            Subscription live = feedFrom(10);
            node.posts(room, 11, 12);
            poll(live);
            node.store.inside(room).fork(11);
            node.store.after(Call.READ, () -> node.broadcaster.deliver(lateSignalOfOldHistory()));
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            node.run();
            assertThat(poll(live)).containsSubsequence("late", "FORKED from 1", "m11");
            assertThat(poll(node.subscribe(room, Cursor.start()))).hasSize(11).endsWith("m11");
        }

        @Test
        void postOfTheOldHistory_linkedDuringTheRead_isFollowedByTheReset() {
            Subscription live = feedFrom(10);
            Appended old = node.append(room, "old");
            node.store.inside(room).fork(10);
            node.append(room, "n11");
            node.store.after(Call.READ, () -> node.broadcaster.deliver(old.signal()));
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            node.run();
            assertThat(poll(live)).startsWith("old", "FORKED from 1").endsWith("m10", "n11");
            assertReads(2);
        }

        private RoomSignal lateSignalOfOldHistory() {
            EntryId old = new EntryId(12, 1_000_012);
            EntryId id = new EntryId(13, 1_000_013);
            LogEntry sample = node.append(room, "n12").entry();
            LogEntry entry = new LogEntry(id, LogEntry.MESSAGE, sample.sender(), "late", "late", sample.at());
            node.store.inside(room).fork(11);
            return new RoomSignal.EntryAppended(room.incarnation(), id, old, entry);
        }
    }

    @Nested
    class BrokenPages {

        private void check() {
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            node.run();
        }

        private LogPage withoutFirst(LogPage page) {
            return new LogPage(
                    page.continuity(), page.entries().stream().skip(1).toList(), EntryId.at(1_000));
        }

        @Test
        void check_pagesWithAGap_ends() {
            Subscription live = feedFrom(10);
            node.appendUpTo(room, 13);
            node.store.answerPages(this::withoutFirst);
            check();
            assertReads(3);
            node.store.answerPages(page -> page);
            check();
            assertThat(poll(live)).containsExactly("m11", "m12", "m13");
        }

        @Test
        void check_pagesThatRepeatThemselves_ends() {
            feedFrom(10);
            node.store.answerPages(page -> new LogPage(Continuity.CONTINUOUS, page.entries(), EntryId.at(1_000)));
            node.append(room, "m11");
            check();
            assertThat(node.store.calls(Call.READ)).isBetween(2, 5);
        }

        @Test
        void check_everyPageForked_ends() {
            Subscription live = feedFrom(10);
            LogEntry first = node.append(room, "m11").entry();
            node.store.answerPages(page -> new LogPage(Continuity.FORKED, List.of(first), EntryId.at(1_000)));
            check();
            assertThat(node.store.calls(Call.READ)).isBetween(2, 6);
            node.store.answerPages(page -> page);
            assertThat(poll(live)).contains("m11");
        }

        @Test
        void load_pagesWithoutProgress_ends() {
            feedFrom(600);
            LogEntry always = node.append(room, "x").entry();
            LogEntry low = new LogEntry(new EntryId(2, 1), always.kind(), always.sender(), "k", "x", always.at());
            node.store.answerPages(page -> {
                node.time.pass(Duration.ofSeconds(1));
                return new LogPage(Continuity.CONTINUOUS, List.of(low), always.id());
            });
            assertThatThrownBy(() -> node.subscribe(room, after(10))).isInstanceOf(ChatUnavailableException.class);
            assertThat(node.store.calls(Call.READ)).isBetween(5, 7);
        }
    }
}
