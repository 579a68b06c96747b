package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A subscription in a member's name lasts as long as the member's seat. */
class SeatTest {

    private final TestNode node = new TestNode();
    private final Room room = node.newRoom();
    private final Member anna = node.join(room, "anna");
    private final Member ben = node.join(room, "ben");

    @Test
    void seatFreed_endsTheMembersSubscriptionOnly() {
        Subscription ofAnna = node.subscribe(room, anna, Cursor.now());
        Subscription ofBen = node.subscribe(room, ben, Cursor.now());
        Subscription ofHost = node.subscribe(room, Cursor.now());
        node.leave(room, "anna");
        node.post(room, "secret");
        assertThat(poll(ofAnna)).containsExactly("anna left");
        assertThat(ofAnna.isEnded()).isTrue();
        assertThat(poll(ofAnna)).isEmpty();
        assertThat(poll(ofBen)).containsExactly("anna left", "secret");
        assertThat(poll(ofHost)).containsExactly("anna left", "secret");
        assertThat(ofBen.isEnded() || ofHost.isEnded()).isFalse();
        assertThat(node.feeds.subscriptions()).hasSize(2);
    }

    @Test
    void identity_isTheMembersOrNull() {
        assertThat(node.subscribe(room, anna, Cursor.now()).identity()).isEqualTo(anna.identity());
        assertThat(node.subscribe(room, Cursor.now()).identity()).isNull();
    }

    @Test
    void seatFreedEarlier_takenAgain_isAnotherSeat() {
        node.leave(room, "anna");
        Member again = node.join(room, "anna");
        Subscription ofAnna = node.subscribe(room, again, Cursor.start());
        node.post(room, "m6");
        assertThat(poll(ofAnna))
                .containsExactly("owner joined", "anna joined", "ben joined", "anna left", "anna joined", "m6");
        assertThat(ofAnna.isEnded()).isFalse();
    }

    @Test
    void lastSubscription_seatFreed_endsTheFeed() {
        Subscription ofAnna = node.subscribe(room, anna, Cursor.now());
        node.leave(room, "anna");
        poll(ofAnna);
        assertThat(node.broadcaster.openRegistrations()).isZero();
        assertThat(node.feeds.size()).isZero();
    }

    @Test
    void lagging_seatFreed_getsNothingMore() {
        Subscription ofAnna = node.subscribe(room, anna, Cursor.now());
        node.leave(room, "anna");
        ((FeedSubscription) ofAnna).releaseLog();
        assertThat(poll(ofAnna)).isEmpty();
        assertThat(ofAnna.isEnded()).isTrue();
    }

    /** Frees a seat between the store's answer to the authentication and the subscription. */
    @Nested
    class FreedBeforeSubscribing {

        private final EntryId head = node.store.inside(room).head();

        private void assertRefused(Cursor cursor) {
            assertThatThrownBy(() -> node.feeds.subscribe(room, head, anna, cursor, () -> {}))
                    .isInstanceOf(NotAParticipantException.class);
        }

        private void assertNothingIsLeft() {
            assertThat(node.feeds.subscriptions()).isEmpty();
            assertThat(node.broadcaster.openRegistrations()).isZero();
        }

        @Test
        void firstStream_isRefused() {
            node.leave(room, "anna");
            assertRefused(Cursor.now());
            assertRefused(Cursor.start());
            assertNothingIsLeft();
        }

        @Test
        void entryInTheWindow_isRefusedWithoutAskingTheStore() {
            Subscription live = node.subscribe(room, Cursor.now());
            node.leave(room, "anna");
            node.posts(room, 5, 50);
            node.store.forgetCalls();
            assertRefused(Cursor.now());
            assertThat(node.store.calls(Call.FIND)).isZero();
            live.close();
            assertNothingIsLeft();
        }

        @Test
        void entryTrimmedFromTheWindow_isRefusedByTheStore() {
            Subscription live = node.subscribe(room, Cursor.now());
            node.leave(room, "anna");
            node.posts(room, 5, 400);
            assertRefused(Cursor.now());
            assertThat(node.store.calls(Call.FIND)).isEqualTo(1);
            live.close();
            assertNothingIsLeft();
        }

        @Test
        void anotherMembersEntry_isNoReason() {
            node.subscribe(room, Cursor.now());
            node.leave(room, "ben");
            assertThat(node.feeds
                            .subscribe(room, head, anna, Cursor.now(), () -> {})
                            .isEnded())
                    .isFalse();
        }

        @Test
        void newOwner_entryTrimmedFromTheWindow_keepsTheSeat() {
            node.subscribe(room, Cursor.now());
            node.appendUpTo(room, 4);
            node.free(room, "owner");
            node.join(room, "carl");
            for (int i = 0; i < 300; i++) {
                node.feeds.announce(node.store.inside(room).append("message", anna.identity(), "k" + i, "x"), null);
            }
            node.run();
            Subscription ofAnna = node.feeds.subscribe(room, head, anna, Cursor.now(), () -> {});
            assertThat(ofAnna.isEnded()).isFalse();
        }

        /** The entry that freed the seat has the number of one that both histories had. */
        @Test
        void firstStream_afterAFailoverToAShorterHistory_isEnded() {
            node.posts(room, 4, 5);
            EntryId lost = node.store.inside(room).head();
            failOverAndFree();
            Subscription ofAnna = node.feeds.subscribe(room, lost, anna, Cursor.now(), () -> {});
            node.run();
            assertThat(ofAnna.isEnded()).isTrue();
            assertNothingIsLeft();
        }

        @Test
        void laterStream_afterAFailoverToAShorterHistory_isEnded() {
            Subscription live = node.subscribe(room, Cursor.now());
            node.posts(room, 4, 5);
            EntryId lost = node.store.inside(room).head();
            failOverAndFree();
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            node.run();
            Subscription ofAnna = node.feeds.subscribe(room, lost, anna, Cursor.now(), () -> {});
            node.run();
            assertThat(ofAnna.isEnded()).isTrue();
            assertThat(live.isEnded()).isFalse();
        }

        private void failOverAndFree() {
            node.store.inside(room).fork(3);
            node.free(room, "anna");
        }

        @Test
        void storeFailsToSay_leavesNothing() {
            Subscription live = node.subscribe(room, Cursor.now());
            node.posts(room, 4, 400);
            node.store.before(Call.FIND, () -> {
                throw new ChatUnavailableException("no find");
            });
            assertThatThrownBy(() -> node.feeds.subscribe(room, head, anna, Cursor.now(), () -> {}))
                    .hasMessage("no find");
            assertThat(node.feeds.subscriptions()).hasSize(1);
            live.close();
            assertNothingIsLeft();
        }

        @Test
        void roomOfAnotherIncarnation_isNotAsked() {
            Subscription live = node.subscribe(room, Cursor.now());
            node.posts(room, 4, 400);
            node.store.lose(room);
            node.store.newRoom(room.id(), 2, TestNode.HOUR);
            assertThatThrownBy(() -> node.feeds.subscribe(room, head, anna, Cursor.now(), () -> {}))
                    .hasMessage("there is no such room");
            assertThat(live.isEnded()).isFalse();
        }
    }

    /** After a failover, the entry that freed a seat may be one that nobody will ever see. */
    @Nested
    class FreedInAFailover {

        private final AtomicInteger wakeUps = new AtomicInteger();
        private final Subscription ofAnna = node.subscribe(room, anna, Cursor.now(), wakeUps::incrementAndGet);
        private final Subscription ofBen = node.subscribe(room, ben, Cursor.now());
        private final Subscription ofHost = node.subscribe(room, Cursor.now());

        private void failover() {
            node.posts(room, 4, 5);
            poll(ofAnna);
            wakeUps.set(0);
            node.store.inside(room).fork(3);
            node.store.inside(room).freeSeat("anna");
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        }

        @Test
        void membersWithoutSeat_areCancelledAndWokenUp() {
            failover();
            node.run();
            assertThat(ofAnna.isEnded()).isTrue();
            assertThat(wakeUps).hasPositiveValue();
            assertThat(ofBen.isEnded() || ofHost.isEnded()).isFalse();
            assertThat(poll(ofBen)).contains("FORKED from 1");
        }

        /** The store's answer does not know of it. */
        @Test
        void whoComesWhileTheStoreIsAsked_stays() {
            failover();
            AtomicReference<Subscription> ofCarl = new AtomicReference<>();
            node.store.after(Call.FIND, () -> {
                if (ofCarl.get() == null) {
                    Member carl = node.join(room, "carl");
                    ofCarl.set(node.subscribe(room, carl, Cursor.now()));
                }
            });
            node.run();
            assertThat(ofAnna.isEnded()).isTrue();
            assertThat(ofCarl.get().isEnded()).isFalse();
        }

        @Test
        void seatTakenAgain_isAnotherOne() {
            failover();
            node.join(room, "anna");
            node.run();
            assertThat(ofAnna.isEnded()).isTrue();
        }

        @Test
        void storeFailsToSay_isAskedAgain() {
            failover();
            node.store.before(Call.FIND, () -> {
                throw new ChatUnavailableException("no find");
            });
            node.run();
            assertThat(ofAnna.isEnded()).isFalse();
            node.pass(Duration.ofSeconds(2));
            assertThat(ofAnna.isEnded()).isTrue();
            node.store.forgetCalls();
            node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
            node.run();
            assertThat(node.store.calls(Call.FIND)).isZero();
        }
    }
}
