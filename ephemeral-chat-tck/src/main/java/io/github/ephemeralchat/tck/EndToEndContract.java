package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What users are promised, over a store and a broadcaster together: two nodes that share both. A backend extends this
 * and names what it is made of.
 */
public abstract class EndToEndContract {

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MESSAGES = 300;

    private final List<AutoCloseable> open = new ArrayList<>();
    private RoomStore store;
    private RoomBroadcaster wire;
    private EphemeralChatService here;
    private EphemeralChatService there;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // Set before each test.
    protected EndToEndContract() {}

    /**
     * Makes or names the store that both nodes use.
     *
     * @param limits how much of a log it keeps
     * @return a store; it is not closed by the tests
     */
    protected abstract RoomStore store(LogLimits limits);

    /**
     * Makes or names the broadcaster that both nodes use.
     *
     * @return a broadcaster; it is not closed by the tests
     */
    protected RoomBroadcaster broadcaster() {
        return RoomBroadcaster.local();
    }

    @BeforeEach
    final void startTwoNodes() {
        start(LogLimits.DEFAULT, broadcaster());
    }

    private void start(LogLimits limits, RoomBroadcaster between) {
        store = store(limits);
        wire = between;
        here = node();
        there = node();
    }

    private EphemeralChatService node() {
        EphemeralChatService node = EphemeralChatService.create(store, wire);
        open.add(node);
        return node;
    }

    @AfterEach
    final void stopNodes() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private Membership newRoom() {
        return here.createRoom(RoomOptions.defaults(), Identity.anonymous());
    }

    /** A room that ends sooner than the service would let it. */
    private Membership newRoom(Duration life) {
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        RoomIncarnation key =
                new RoomIncarnation(RoomId.random(), ThreadLocalRandom.current().nextLong());
        Room room = new Room(key, now, now.plus(life), 10, false);
        Identity owner = Identity.anonymous();
        assertThat(store.create(room, owner, TokenHash.of("a token for tests"))).isTrue();
        return new Membership(room, new Participant(owner, true), "a token for tests");
    }

    private Listener listen(EphemeralChatService node, Membership in, Cursor cursor) {
        Listener listener = new Listener();
        open.add(node.subscribe(in.room().id(), cursor, listener));
        return listener;
    }

    private static EntryId postMany(EphemeralChatService node, Membership as, int from, int to) {
        EntryId last = EntryId.START;
        for (int i = from; i < to; i++) {
            last = EntryId.at(
                    node.post(as.room().id(), as.token(), "message " + i).sequence());
        }
        return last;
    }

    /** Every message once and in order, whatever happens to the signals. */
    @Nested
    class SharedEvent {

        @Test
        void everySubscriberGetsEachMessageOnceAndInOrder() {
            converge(0, 0, 0);
        }

        @Test
        void lostSignalsLoseNothing() {
            converge(10, 0, 0);
            converge(50, 0, 0);
            converge(100, 0, 0);
        }

        @Test
        void doubledAndReorderedSignalsChangeNothing() {
            converge(0, 50, 0);
            converge(0, 0, 50);
            converge(20, 30, 40);
        }

        private void converge(int drop, int twice, int reorder) {
            UnreliableBroadcaster unreliable = new UnreliableBroadcaster(
                    broadcaster(), drop * 10_000L + twice * 100L + reorder, drop, twice, reorder);
            start(LogLimits.DEFAULT, unreliable);
            Membership room = newRoom();
            List<Listener> listeners = List.of(
                    listen(here, room, Cursor.start()),
                    listen(here, room, Cursor.now()),
                    listen(there, room, Cursor.start()),
                    listen(there, room, Cursor.now()));
            Membership guest = there.join(room.room().id(), Identity.anonymous());
            try (Crowd writers = new Crowd(4)) {
                writers.all(i -> postMany(
                        i % 2 == 0 ? here : there,
                        i % 2 == 0 ? room : guest,
                        i * MESSAGES / 4,
                        (i + 1) * MESSAGES / 4));
            }
            unreliable.recover(room.room().id());
            HistoryChecker checker = new HistoryChecker();
            for (int i = 0; i < listeners.size(); i++) {
                Listener listener = listeners.get(i);
                Await.until(PATIENCE, "all messages", () -> listener.messages().size() >= MESSAGES);
                listener.tell(checker, "subscriber " + i);
            }
            assertThat(checker.findings()).isEmpty();
            assertThat(listeners).allSatisfy(one -> assertThat(one.messages()).hasSize(MESSAGES));
        }

        @Test
        void whoResumesMissesNothingAndSeesNothingTwice() {
            Membership room = newRoom();
            postMany(here, room, 0, 1000);
            Listener all = listen(there, room, Cursor.start());
            Await.until(PATIENCE, "the whole history", () -> all.messages().size() == 1000);
            for (int after : new int[] {0, 1, 499, 500, 501, 998, 999}) {
                Listener resumed = listen(
                        there, room, Cursor.after(all.messages().get(after).entryId()));
                Await.until(PATIENCE, "the rest", () -> resumed.messages().size() == 999 - after);
                assertThat(resumed.events())
                        .isEqualTo(all.events().subList(after + 2, all.events().size()));
            }
        }

        @Test
        void whoBeginsNowHearsOnlyWhatIsNew() {
            Membership room = newRoom();
            postMany(here, room, 0, 3);
            Listener listener = listen(there, room, Cursor.now());
            postMany(here, room, 3, 5);
            Await.until(PATIENCE, "what is new", () -> listener.messages().size() == 2);
            assertThat(listener.texts()).containsExactly("message 3", "message 4");
        }

        @Test
        void aListenerThatStopsDelaysNobodyAndIsReset() throws InterruptedException {
            Membership room = newRoom();
            CountDownLatch go = new CountDownLatch(1);
            Listener slow = new Listener(go);
            open.add(here.subscribe(room.room().id(), Cursor.now(), slow));
            Listener quick = listen(here, room, Cursor.now());
            postMany(here, room, 0, 21_000);
            Await.until(PATIENCE, "the quick one", () -> quick.messages().size() == 21_000);
            assertThat(slow.events()).as("what the slow one has taken").hasSizeLessThan(100);
            go.countDown();
            Await.until(PATIENCE, "the slow one's reset", () -> slow.last("message 20999"));
            assertThat(slow.resets()).containsExactly(ResetReason.TRUNCATED);
            assertThat(slow.sequencesAfterReset()).isSorted().doesNotHaveDuplicates();
        }
    }

    /** Where the past is not what it was. */
    @Nested
    class Resets {

        @Test
        void whoResumesBelowWhatIsKeptIsToldSo() {
            start(new LogLimits(10, 1 << 20), broadcaster());
            Membership room = newRoom();
            Listener before = listen(here, room, Cursor.start());
            postMany(here, room, 0, 30);
            Await.until(PATIENCE, "all", () -> before.messages().size() == 30);
            Listener resumed =
                    listen(there, room, Cursor.after(before.messages().get(3).entryId()));
            Await.until(PATIENCE, "what is kept", () -> resumed.last("message 29"));
            assertThat(resumed.resets()).containsExactly(ResetReason.TRUNCATED);
            assertThat(resumed.events().get(0)).isInstanceOf(RoomEvent.HistoryReset.class);
            assertThat(resumed.messages()).hasSize(10);
        }

        @Test
        void whoResumesFromAnotherHistoryIsToldSo() {
            Membership room = newRoom();
            Listener before = listen(here, room, Cursor.start());
            postMany(here, room, 0, 5);
            Await.until(PATIENCE, "all", () -> before.messages().size() == 5);
            EntryId known = before.messages().get(2).entryId();
            for (EntryId foreign : List.of(
                    new EntryId(known.sequence(), known.nonce() == 1 ? 2 : known.nonce() - 1),
                    new EntryId(1_000, 77))) {
                Listener resumed = listen(here, room, Cursor.after(foreign));
                Await.until(PATIENCE, "all of it anew", () -> resumed.last("message 4"));
                assertThat(resumed.resets()).containsExactly(ResetReason.FORKED);
                assertThat(resumed.messages()).hasSize(5);
            }
        }
    }

    /** The end, told once to everybody, with nothing after it. */
    @Nested
    class Ends {

        @Test
        void aRoomDestroyedOnOneNodeEndsOnTheOther() {
            Membership room = newRoom();
            Listener near = listen(here, room, Cursor.start());
            Listener far = listen(there, room, Cursor.start());
            postMany(here, room, 0, 3);
            assertThat(here.destroyRoom(room.room().id())).isTrue();
            assertThat(there.findRoom(room.room().id())).isEmpty();
            assertThatExceptionOfType(RoomNotFoundException.class)
                    .isThrownBy(() -> there.post(room.room().id(), room.token(), "too late"));
            assertEnded(near, EndReason.DESTROYED);
            assertEnded(far, EndReason.DESTROYED);
            assertThat(here.destroyRoom(room.room().id())).isFalse();
        }

        @Test
        void whatWasNotTakenBeforeTheEndIsNotGivenOutAfterIt() {
            Membership room = newRoom();
            // On the node that destroys it: another one hears of it a moment later.
            PolledStream late = new PolledStream(here, room);
            here.post(room.room().id(), room.token(), "taken by nobody");
            here.destroyRoom(room.room().id());
            Await.until(PATIENCE, "the end", late::isOver);
            assertThat(late.events()).singleElement().isInstanceOf(RoomEvent.RoomDestroyed.class);
        }

        @Test
        void aRoomEndsAtItsDeadlineAndNotBefore() {
            Membership room = newRoom(Duration.ofMillis(1500));
            Listener near = listen(here, room, Cursor.start());
            Listener far = listen(there, room, Cursor.start());
            assertEnded(near, EndReason.EXPIRED);
            assertThat(store.now()).isAfterOrEqualTo(room.room().expiresAt());
            assertEnded(far, EndReason.EXPIRED);
            assertThat(store.now()).isBefore(room.room().expiresAt().plus(SOON));
            assertThat(here.findRoom(room.room().id())).isEmpty();
        }

        @Test
        void aRoomThatTheStoreLostEndsWithThatReason() {
            Membership room = newRoom();
            Listener far = listen(there, room, Cursor.start());
            Await.until(PATIENCE, "it listens", () -> !far.events().isEmpty());
            store.destroy(room.room().incarnation());
            wire.publish(new RoomSignal.Missed(room.room().id()));
            assertEnded(far, EndReason.LOST);
        }

        @Test
        void aServiceThatClosesEndsItsSubscriptionsAndNoRoom() {
            Membership room = newRoom();
            Listener near = new Listener();
            var subscription = here.subscribe(room.room().id(), Cursor.start(), near);
            here.close();
            assertThat(subscription.isEnded()).isTrue();
            assertThat(near.ends()).isEmpty();
            assertThat(there.findRoom(room.room().id())).isPresent();
        }

        private void assertEnded(Listener listener, EndReason reason) {
            Await.until(SOON.plusSeconds(1), "the end", () -> !listener.ends().isEmpty());
            assertThat(listener.ends()).containsExactly(reason);
            assertThat(listener.events().get(listener.events().size() - 1)).isInstanceOf(RoomEvent.RoomDestroyed.class);
        }
    }

    /** Seats and the streams that hang on them. */
    @Nested
    class Seats {

        @Test
        void leavingEndsThatParticipantsSubscriptionsOnEveryNodeAndNoOther() {
            Membership owner = newRoom();
            Membership guest = there.join(owner.room().id(), Identity.anonymous());
            PolledStream ownerStream = new PolledStream(there, owner);
            PolledStream guestNear = new PolledStream(here, guest);
            PolledStream guestFar = new PolledStream(there, guest);
            here.removeParticipant(
                    owner.room().id(), owner.token(), guest.identity().id());
            Await.until(PATIENCE, "the guest's streams end", () -> guestNear.isOver() && guestFar.isOver());
            here.post(owner.room().id(), owner.token(), "among us");
            Await.until(
                    PATIENCE, "the owner's goes on", () -> ownerStream.texts().contains("among us"));
            assertThat(guestNear.texts()).isEmpty();
            assertThat(guestFar.texts()).isEmpty();
            assertThat(ownerStream.isOver()).isFalse();
            assertThatExceptionOfType(NotAParticipantException.class)
                    .isThrownBy(() -> there.post(owner.room().id(), guest.token(), "not any more"));
            assertThatExceptionOfType(NotAParticipantException.class).isThrownBy(() -> new PolledStream(here, guest));
            ownerStream.close();
        }

        @Test
        void whoComesBackAfterLeavingIsNotEndedByThatOldLeave() {
            Membership owner = newRoom();
            Identity known = new Identity("host-user-7", "Somebody");
            Membership first = here.join(owner.room().id(), known);
            here.leave(owner.room().id(), first.token());
            Membership again = here.join(owner.room().id(), known);
            PolledStream stream = new PolledStream(there, again);
            here.post(owner.room().id(), owner.token(), "welcome back");
            Await.until(PATIENCE, "the stream lives", () -> stream.texts().contains("welcome back"));
            stream.close();
        }

        @Test
        void whenTheOwnerLeavesTheOldestParticipantIsTheOwner() {
            Membership owner = newRoom();
            Membership second = there.join(owner.room().id(), Identity.anonymous());
            there.join(owner.room().id(), Identity.anonymous());
            here.leave(owner.room().id(), owner.token());
            assertThat(there.participants(owner.room().id()).get(0).identity()).isEqualTo(second.identity());
            assertThat(there.authenticate(owner.room().id(), second.token())
                            .orElseThrow()
                            .participant()
                            .owner())
                    .isTrue();
        }
    }
}
