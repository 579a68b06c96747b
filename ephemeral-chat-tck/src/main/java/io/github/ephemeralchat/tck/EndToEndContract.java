package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What users are promised, over a store and a broadcaster together: two nodes that share both. A backend extends this
 * and says which.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public abstract class EndToEndContract extends TwoNodes {

    private static final int MESSAGES = 300;

    /** For subclasses. */
    protected EndToEndContract() {}

    /**
     * Creates or names the store that both nodes use.
     *
     * @param limits how much of a log it keeps
     * @return a store; it is not closed by the tests
     */
    @Override
    protected abstract RoomStore store(LogLimits limits);

    /**
     * Creates or names the broadcaster that both nodes use.
     *
     * @return a broadcaster; it is not closed by the tests
     */
    @Override
    protected RoomBroadcaster broadcaster() {
        return RoomBroadcaster.local();
    }

    /** Every message once and in order, whatever happens to the signals. */
    @Nested
    class Delivery {

        @Test
        void every_subscriber_gets_each_message_once_and_in_order() {
            converge(0, 0, 0);
        }

        @Test
        void lost_signals_lose_nothing() {
            converge(10, 0, 0);
            converge(50, 0, 0);
            converge(100, 0, 0);
        }

        @Test
        void doubled_and_reordered_signals_change_nothing() {
            converge(0, 50, 0);
            converge(0, 0, 50);
            converge(20, 30, 40);
        }

        private void converge(int drop, int twice, int reorder) {
            long seed = drop * 10_000L + twice * 100L + reorder;
            var unreliable = new UnreliableBroadcaster(broadcaster(), seed, drop, twice, reorder);
            start(LogLimits.DEFAULT, unreliable);
            Membership owner = newRoom();
            List<Listener> listeners = Stream.of(here, there)
                    .flatMap(node -> Stream.of(Cursor.start(), Cursor.now()).map(from -> listen(node, owner, from)))
                    .toList();
            postFromBothNodes(owner, MESSAGES);
            unreliable.recover(owner.room().id());
            var checker = new HistoryChecker();
            for (Listener listener : listeners) {
                awaitCount(listener, MESSAGES);
                listener.report(checker, "subscriber " + listeners.indexOf(listener));
            }
            assertThat(checker.findings()).isEmpty();
        }

        @Test
        void resumed_subscription_misses_nothing_and_repeats_nothing() {
            Membership owner = newRoom();
            postMany(here, owner, 0, 1000);
            Listener all = listen(there, owner, Cursor.start());
            awaitCount(all, 1000);
            for (int after : new int[] {0, 1, 499, 500, 501, 998, 999}) {
                Listener resumed = listen(
                        there, owner, Cursor.after(all.messages().get(after).entryId()));
                awaitCount(resumed, 999 - after);
                assertThat(resumed.events())
                        .isEqualTo(all.events().subList(after + 2, all.events().size()));
            }
        }

        @Test
        void subscription_from_now_gets_only_what_is_new() {
            Membership owner = newRoom();
            postMany(here, owner, 0, 3);
            Listener listener = listen(there, owner, Cursor.now());
            postMany(here, owner, 3, 5);
            awaitCount(listener, 2);
            assertThat(listener.texts()).containsExactly("message 3", "message 4");
        }

        @Test
        void listener_that_stops_delays_nobody_and_is_reset() {
            Membership owner = newRoom();
            var go = new CountDownLatch(1);
            Listener slow = listen(here, owner, Cursor.now(), new Listener() {
                @Override
                public void accept(RoomEvent event) {
                    super.accept(event);
                    Await.until(LIMIT, "the slow listener may go on", () -> go.getCount() == 0);
                }
            });
            Listener quick = listen(here, owner, Cursor.now());
            postMany(here, owner, 0, 21_000);
            awaitCount(quick, 21_000);
            assertThat(slow.events()).as("what the slow one has taken").hasSizeLessThan(100);
            go.countDown();
            Await.until(LIMIT, "the slow one is reset", () -> slow.texts().contains("message 20999"));
            assertThat(slow.resets()).containsExactly(ResetReason.TRUNCATED);
            assertThat(slow.sequencesAfterReset()).isSorted().doesNotHaveDuplicates();
        }
    }

    /** If the past is not what it was. */
    @Nested
    class Resets {

        @Test
        void resume_below_what_is_kept_is_reset_as_truncated() {
            start(new LogLimits(10, 1 << 20), broadcaster());
            Membership owner = newRoom();
            Listener before = listen(here, owner, Cursor.start());
            postMany(here, owner, 0, 30);
            awaitCount(before, 30);

            EntryId fourth = before.messages().get(3).entryId();
            Listener resumed = listen(there, owner, Cursor.after(fourth));

            awaitCount(resumed, 10);
            assertThat(resumed.texts()).endsWith("message 29");
            assertThat(resumed.resets()).containsExactly(ResetReason.TRUNCATED);
            assertThat(resumed.events().get(0)).isInstanceOf(RoomEvent.HistoryReset.class);
        }

        @Test
        void resume_from_another_history_is_reset_as_forked() {
            Membership owner = newRoom();
            Listener before = listen(here, owner, Cursor.start());
            postMany(here, owner, 0, 5);
            awaitCount(before, 5);
            var known = before.messages().get(2).entryId();
            for (EntryId other : List.of(
                    new EntryId(known.sequence(), known.nonce() == 1 ? 2 : known.nonce() - 1),
                    new EntryId(1_000, 77))) {
                Listener resumed = listen(here, owner, Cursor.after(other));
                awaitCount(resumed, 5);
                assertThat(resumed.texts()).endsWith("message 4");
                assertThat(resumed.resets()).containsExactly(ResetReason.FORKED);
            }
        }
    }

    /** The end: once for everybody, with nothing after it. */
    @Nested
    class Ends {

        @Test
        void room_destroyed_on_one_node_ends_on_the_other() {
            Membership owner = newRoom();
            var room = owner.room().id();
            Listener near = listen(here, owner, Cursor.start());
            Listener far = listen(there, owner, Cursor.start());
            postMany(here, owner, 0, 3);

            assertThat(here.asHost(room).destroy()).isTrue();

            assertThat(there.findRoom(room)).isEmpty();
            assertThatExceptionOfType(RoomNotFoundException.class).isThrownBy(() -> post(there, owner, "too late"));
            assertEnded(near, EndReason.DESTROYED);
            assertEnded(far, EndReason.DESTROYED);
            assertThat(here.asHost(room).destroy()).isFalse();
        }

        @Test
        void message_not_taken_before_the_end_is_not_taken_after_it() {
            Membership owner = newRoom();
            // On the node that destroys it: the signal reaches another one a moment later.
            PolledStream late = stream(here, owner);
            post(here, owner, "taken by nobody");
            here.asHost(owner.room().id()).destroy();
            Await.until(LIMIT, "the stream ends", late::isEnded);
            assertThat(late.events()).singleElement().isInstanceOf(RoomEvent.RoomDestroyed.class);
        }

        @Test
        void room_ends_at_its_deadline_and_not_before() {
            Membership owner = newRoom(Duration.ofMillis(1500));
            var deadline = owner.room().expiresAt();
            Listener near = listen(here, owner, Cursor.start());
            Listener far = listen(there, owner, Cursor.start());
            assertEnded(near, EndReason.EXPIRED);
            assertThat(store.now()).isAfterOrEqualTo(deadline);
            assertEnded(far, EndReason.EXPIRED);
            assertThat(store.now()).isBefore(deadline.plus(SOON));
            assertThat(here.findRoom(owner.room().id())).isEmpty();
        }

        @Test
        void room_that_the_store_lost_ends_with_that_reason() {
            Membership owner = newRoom();
            Listener far = listen(there, owner, Cursor.start());
            Await.until(LIMIT, "the first event", () -> !far.events().isEmpty());
            store.destroy(owner.room().incarnation(), TestRoom.HOST);
            broadcaster.publish(new RoomSignal.Missed(owner.room().id()));
            assertEnded(far, EndReason.LOST);
        }

        @Test
        void service_that_closes_ends_its_subscriptions_and_no_room() {
            Membership owner = newRoom();
            Listener near = new Listener();
            var subscription = here.subscribe(owner.room().id(), Cursor.start(), near);
            here.close();
            assertThat(subscription.isEnded()).isTrue();
            assertThat(near.ends()).isEmpty();
            assertThat(there.findRoom(owner.room().id())).isPresent();
        }
    }

    /** Seats, and the streams of those who have them. */
    @Nested
    class Seats {

        @Test
        void leave_ends_the_streams_of_that_participant_only() {
            Membership owner = newRoom();
            Membership removed = there.join(owner.room().id(), Identity.anonymous());
            PolledStream ownerStream = stream(there, owner);
            List<PolledStream> streams = List.of(stream(here, removed), stream(there, removed));
            String id = removed.identity().id();

            here.as(owner.room().id(), owner.token()).remove(id);

            Await.until(LIMIT, "both streams end", () -> streams.stream().allMatch(PolledStream::isEnded));
            post(here, owner, "among us");
            Await.until(LIMIT, "the owner's stream goes on", () -> ownerStream.hasText("among us"));
            assertThat(streams).noneMatch(stream -> stream.hasText("among us"));
            assertThat(ownerStream.isEnded()).isFalse();
            assertThatExceptionOfType(NotAParticipantException.class).isThrownBy(() -> post(there, removed, "late"));
            assertThatExceptionOfType(NotAParticipantException.class).isThrownBy(() -> stream(here, removed));
        }

        @Test
        void stream_of_who_came_back_is_not_ended_by_the_old_leave() {
            Membership owner = newRoom();
            var identity = new Identity("host-user-7", "Somebody");
            Membership first = here.join(owner.room().id(), identity);
            here.as(owner.room().id(), first.token()).leave();
            PolledStream stream = stream(there, here.join(owner.room().id(), identity));
            post(here, owner, "welcome back");
            Await.until(LIMIT, "the stream goes on", () -> stream.hasText("welcome back"));
        }

        @Test
        void oldest_participant_is_the_owner_once_the_owner_left() {
            Membership owner = newRoom();
            var room = owner.room().id();
            Membership second = there.join(room, Identity.anonymous());
            there.join(room, Identity.anonymous());
            here.as(room, owner.token()).leave();
            Participant owning = new Participant(second.identity(), Role.OWNER);
            assertThat(there.participants(room)).first().isEqualTo(owning);
            assertThat(there.authenticate(room, second.token())).get().returns(owning, Membership::participant);
        }
    }
}
