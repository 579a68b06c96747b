package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.TICK;
import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A feed that listens, and the signals that come in order, early, twice, late or never. */
class FeedSignalTest {

    private static final Duration LONGEST_UNTIL_CHECK = Duration.ofSeconds(30);

    private final TestNode node = new TestNode();
    private final Room room = node.newRoom();
    private final AtomicInteger wakeUps = new AtomicInteger();
    private Subscription subscription;

    @BeforeEach
    void listen() {
        subscription = node.subscribe(room, null, Cursor.now(), wakeUps::incrementAndGet);
        node.broadcaster.hold();
        node.store.forgetCalls();
    }

    private void deliver(Appended appended) {
        node.broadcaster.deliver(appended.signal());
    }

    private void assertReads(int reads) {
        assertThat(node.store.calls(Call.READ)).isEqualTo(reads);
    }

    @Test
    void post_onThisNode_wakesUpOnTheCallingThread() {
        node.post(room, "m2");
        assertThat(wakeUps).hasValue(1);
        assertThat(poll(subscription)).containsExactly("m2");
        assertThat(node.broadcaster.published()).hasSize(1);
        node.run();
        assertThat(wakeUps).hasValue(1);
        assertReads(0);
    }

    @Test
    void post_ownSignal_isNoNews() {
        Appended appended = node.post(room, "m2");
        deliver(appended);
        node.run();
        assertThat(poll(subscription)).containsExactly("m2");
        assertThat(wakeUps).hasValue(1);
        assertReads(0);
    }

    @Test
    void post_broadcasterFails_isStillDelivered() {
        node.broadcaster.whilePublishing(() -> {
            throw new ChatUnavailableException("not sent");
        });
        node.post(room, "m2");
        assertThat(poll(subscription)).containsExactly("m2");
    }

    private static Appended answer(Appended to, boolean stored, boolean announced) {
        return new Appended(to.room(), to.entry(), to.previous(), stored, announced, to.logBytes(), to.expiresAt());
    }

    /** Whoever has stored it may have failed before it could announce it. */
    @Test
    void announcement_repeatedPost_isSentWithItsPlaceAloneAndReadHere() {
        Appended first = node.append(room, "m2");
        node.feeds.announce(answer(first, false, false), null);
        assertThat(node.broadcaster.published())
                .containsExactly(
                        new RoomSignal.EntryAppended(first.room(), first.entry().id(), EntryId.START, null));
        node.run();
        assertThat(poll(subscription)).containsExactly("m2");
        assertReads(1);
    }

    @Test
    void announcement_repeatedPostThatIsKnown_isNotRead() {
        Appended first = node.post(room, "m2");
        node.feeds.announce(answer(first, false, false), null);
        deliver(answer(first, false, false));
        node.run();
        assertThat(poll(subscription)).containsExactly("m2");
        assertReads(0);
    }

    @Test
    void announcement_repeatedPostThatTheStoreHasAnnounced_isNothing() {
        Appended first = node.append(room, "m2");
        node.feeds.announce(answer(first, false, true), null);
        node.run();
        assertThat(node.broadcaster.published()).isEmpty();
        assertThat(poll(subscription)).isEmpty();
    }

    @Test
    void announcement_storeHasSentTheSignal_isNotSentAgain() {
        Appended first = node.append(room, "m2");
        node.feeds.announce(answer(first, true, true), null);
        assertThat(node.broadcaster.published()).isEmpty();
        assertThat(poll(subscription)).containsExactly("m2");
    }

    @Test
    void announcement_withItsEvent_deliversThatVeryEvent() {
        Appended appended = node.append(room, "m2");
        SharedEvent event = EventCodec.posted(appended.entry());
        node.feeds.announce(appended, event);
        assertThat(subscription.poll(10)).hasSize(1).first().isSameAs(event);
    }

    @Test
    void announcement_roomWithoutFeed_isOnlySent() {
        Room other = node.newRoom();
        node.post(other, "m2");
        assertThat(node.broadcaster.published()).hasSize(1);
        assertThat(node.feeds.size()).isEqualTo(1);
    }

    @Test
    void signal_continuesTheLog_isLinkedWithoutARead() {
        deliver(node.append(room, "m2"));
        assertThat(wakeUps).hasValue(0);
        node.run();
        assertThat(wakeUps).hasValue(1);
        assertThat(poll(subscription)).containsExactly("m2");
        assertReads(0);
    }

    @Test
    void signal_twice_isLinkedOnce() {
        Appended appended = node.append(room, "m2");
        deliver(appended);
        deliver(appended);
        node.run();
        assertThat(poll(subscription)).containsExactly("m2");
        assertReads(0);
    }

    @Test
    void signal_ofAnOlderEntry_isKnown() {
        Appended first = node.post(room, "m2");
        node.posts(room, 3, 5);
        deliver(first);
        node.run();
        assertThat(poll(subscription)).hasSize(4);
        assertReads(0);
    }

    @Test
    void signal_withoutEntry_isRead() {
        Appended appended = node.append(room, "m2");
        RoomSignal.EntryAppended signal = appended.signal();
        node.broadcaster.deliver(
                new RoomSignal.EntryAppended(signal.room(), signal.position(), signal.previous(), null));
        node.run();
        assertThat(poll(subscription)).containsExactly("m2");
        assertReads(1);
    }

    @Test
    void signals_reversed_areLinkedInOrderWithoutARead() {
        List<Appended> all = new ArrayList<>();
        for (int i = 2; i <= 20; i++) {
            all.add(0, node.append(room, "m" + i));
        }
        all.forEach(this::deliver);
        node.run();
        node.pass(TICK);
        assertThat(poll(subscription)).hasSize(19).startsWith("m2", "m3").endsWith("m20");
        assertReads(0);
    }

    @Test
    void signal_early_isLinkedAfterAPageThatEndsBeforeIt() {
        node.append(room, "m2");
        Appended third = node.append(room, "m3");
        node.store.after(Call.READ, () -> deliver(third));
        node.store.answerPages(page -> new LogPage(
                page.continuity(),
                page.entries().stream()
                        .filter(entry -> entry.id().sequence() < 3)
                        .toList(),
                page.entries().get(0).id()));
        node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        node.run();
        assertThat(poll(subscription)).containsExactly("m2", "m3");
        assertReads(1);
    }

    @Test
    void signal_lostBeforeAnother_isReadAtTheNextTick() {
        node.append(room, "m2");
        deliver(node.append(room, "m3"));
        node.run();
        assertThat(poll(subscription)).isEmpty();
        assertReads(0);
        node.pass(TICK);
        assertThat(poll(subscription)).containsExactly("m2", "m3");
        assertReads(1);
        node.pass(TICK);
        assertReads(1);
    }

    @Test
    void gap_closedByALateSignal_isNotRead() {
        Appended second = node.append(room, "m2");
        deliver(node.append(room, "m3"));
        deliver(second);
        node.pass(TICK);
        assertThat(poll(subscription)).containsExactly("m2", "m3");
        assertReads(0);
    }

    @Test
    void gap_closedByARead_isNotReadAgain() {
        node.append(room, "m2");
        node.append(room, "m3");
        deliver(node.append(room, "m4"));
        node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        node.run();
        assertReads(1);
        node.pass(TICK);
        assertThat(poll(subscription)).containsExactly("m2", "m3", "m4");
        assertReads(1);
    }

    @Test
    void earlySignals_moreThan64_areRead() {
        node.append(room, "m2");
        for (int i = 3; i <= 66; i++) {
            deliver(node.append(room, "m" + i));
        }
        node.run();
        assertReads(0);
        deliver(node.append(room, "m67"));
        node.run();
        assertReads(1);
        assertThat(poll(subscription)).hasSize(66);
    }

    @Test
    void lastSignal_lost_isFoundByTheNextPositionCheck() {
        node.append(room, "m2");
        node.pass(Duration.ofSeconds(14));
        assertThat(poll(subscription)).isEmpty();
        assertReads(0);
        node.pass(LONGEST_UNTIL_CHECK);
        assertThat(poll(subscription)).containsExactly("m2");
        assertThat(wakeUps).hasValue(1);
        assertReads(1);
    }

    @Test
    void positionCheck_isRepeated() {
        for (int i = 1; i <= 5; i++) {
            node.pass(LONGEST_UNTIL_CHECK);
            node.pass(TICK);
            assertReads(i);
        }
    }

    @Test
    void missed_isFollowedByARead() {
        node.append(room, "m2");
        node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        assertReads(0);
        node.run();
        assertThat(poll(subscription)).containsExactly("m2");
        assertReads(1);
    }

    @Test
    void missed_manyTimes_isFollowedByOneRead() {
        for (int i = 0; i < 100; i++) {
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        }
        node.run();
        assertReads(1);
    }

    @Test
    void missed_duringARead_isFollowedByAnother() {
        node.store.before(Call.READ, () -> node.broadcaster.deliver(new RoomSignal.Missed(room.id())));
        node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        node.run();
        assertReads(2);
    }

    @Test
    void signal_ofAnEntryWithAnotherNonce_isRead() {
        Appended appended = node.post(room, "m2");
        LogEntry other = new LogEntry(
                new EntryId(2, 77),
                LogEntry.MESSAGE,
                appended.entry().sender(),
                "k",
                "x",
                appended.entry().at());
        node.broadcaster.deliver(
                new RoomSignal.EntryAppended(room.incarnation(), other.id(), appended.previous(), other));
        node.run();
        assertReads(1);
        assertThat(poll(subscription)).containsExactly("m2");
    }

    @Nested
    class AnotherIncarnation {

        private final RoomIncarnation other = new RoomIncarnation(room.id(), 2);

        @Test
        void entry_isNotLinkedButRead() {
            Identity sender = new Identity("x", "x");
            LogEntry entry = new LogEntry(new EntryId(2, 5), LogEntry.MESSAGE, sender, "k", "alien", node.store.now());
            EntryId head = node.store.inside(room).head();
            node.broadcaster.deliver(new RoomSignal.EntryAppended(other, entry.id(), head, entry));
            node.run();
            assertThat(poll(subscription)).isEmpty();
            assertReads(1);
        }

        @Test
        void destroyed_livingRoom_isNotEnded() {
            node.broadcaster.deliver(new RoomSignal.Destroyed(other));
            node.run();
            assertThat(subscription.hasRoomEnded()).isFalse();
            assertReads(1);
        }

        @Test
        void entry_roomIsOver_endsAtTheSecondLook() {
            node.store.lose(room);
            Room next = node.store.newRoom(room.id(), 2, TestNode.HOUR);
            deliver(node.append(next, "m2"));
            node.run();
            node.pass(Duration.ofMillis(500));
            assertThat(poll(subscription)).containsExactly("ended: LOST");
        }
    }

    @Nested
    class UnknownKind {

        @Test
        void entry_isSkippedAndCountsAsAPlace() {
            Appended unknown = node.store.inside(room).append("poll", new Identity("x", "x"), "k", "?");
            deliver(unknown);
            deliver(node.append(room, "m3"));
            node.run();
            assertThat(poll(subscription)).containsExactly("m3");
            assertThat(poll(node.subscribe(room, TestNode.after(unknown)))).containsExactly("m3");
            assertReads(0);
        }

        @Test
        void message_withoutKey_isSkipped() {
            deliver(node.store.inside(room).append(LogEntry.MESSAGE, new Identity("x", "x"), null, "?"));
            node.run();
            assertThat(poll(subscription)).isEmpty();
        }
    }
}
