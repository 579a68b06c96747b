package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.scripted.LogRecords;
import io.github.ephemeralchat.scripted.ManualExecutor;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** How streams of those who are not welcome any more end, on two nodes, and their seats are freed. */
class RevocationsTest {

    private final TestNode here = new TestNode();
    private final TestNode there = new TestNode(here.store, here.broadcaster);
    private final Revocations revocations = revocations(here);
    private final Revocations others = revocations(there);
    private final Room room = here.newRoom();
    private final Room second = here.newRoom();
    private final Member anna = here.join(room, "anna");
    private final Member ben = here.join(room, "ben");
    private final Member annaInSecond = here.join(second, "anna");

    private static Revocations revocations(TestNode node) {
        return new Revocations(node.feeds, node.broadcaster, (code, identityId) -> {
            Optional<Appended> left = node.store.change(code, ScriptedStore.HOST, new RoomChange.Leave(identityId));
            left.ifPresent(entry -> node.feeds.announce(entry, null));
            return left.isPresent();
        });
    }

    @BeforeEach
    void connect() {
        assertThat(revocations.connect() && others.connect()).isTrue();
    }

    private void run() {
        here.run();
        there.run();
    }

    private boolean isSeated(Room in, String id) {
        return here.store.find(in.id()).orElseThrow().members().stream()
                .anyMatch(member -> member.identity().id().equals(id));
    }

    private static Subscription listen(TestNode node, Room in, Member member) {
        return node.subscribe(in, member, Cursor.now(), () -> {});
    }

    @Test
    void revokedIdentity_losesItsStreamsAndSeats_onBothNodes() {
        Subscription mine = listen(here, room, anna);
        Subscription again = listen(here, room, anna);
        Subscription elsewhere = listen(there, second, annaInSecond);
        Subscription other = listen(here, room, ben);
        revocations.revoke("anna");
        assertThat(poll(mine)).containsExactly("anna left");
        assertThat(poll(again)).containsExactly("anna left");
        assertThat(mine.isEnded() && again.isEnded()).isTrue();
        assertThat(isSeated(second, "anna"))
                .as("nothing blocks the broadcaster's thread")
                .isTrue();
        run();
        assertThat(poll(elsewhere)).containsExactly("anna left");
        assertThat(elsewhere.isEnded()).isTrue();
        assertThat(isSeated(room, "anna") || isSeated(second, "anna")).isFalse();
        assertThat(poll(other)).containsExactly("anna left");
        assertThat(other.isEnded()).isFalse();
        assertThat(isSeated(room, "ben")).isTrue();
    }

    /** Who comes back at once keeps the new seat: the node's own signal asks for nothing more. */
    @Test
    void ownSignal_revokesNothingAgain() {
        listen(here, room, anna);
        revocations.revoke("anna");
        Subscription again = listen(here, room, here.join(room, "anna"));
        run();
        assertThat(again.isEnded()).isFalse();
        assertThat(isSeated(room, "anna")).isTrue();
    }

    @Test
    void seatWithoutAStream_stays() {
        revocations.revoke("anna");
        run();
        assertThat(isSeated(room, "anna")).isTrue();
    }

    @Test
    void doubledSignal_frees_onlyOnce() {
        Subscription elsewhere = listen(there, room, anna);
        here.broadcaster.publishToAll(new NodeSignal.Revoked("anna", 1));
        here.broadcaster.publishToAll(new NodeSignal.Revoked("anna", 1));
        run();
        assertThat(poll(elsewhere)).containsExactly("anna left");
    }

    @Test
    void storeThatIsSilent_streamsEndAllTheSame() {
        Subscription mine = listen(here, room, anna);
        here.store.setUnavailable(true);
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> revocations.revoke("anna"));
        assertThat(mine.isEnded()).isTrue();
        here.store.setUnavailable(false);
        assertThat(isSeated(room, "anna")).isTrue();
    }

    @Test
    void broadcasterThatFails_keepsThisNodeFromNothing() {
        Subscription mine = listen(here, room, anna);
        here.broadcaster.failToAllWith(new ChatUnavailableException("no broadcaster"));
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> revocations.revoke("anna"));
        assertThat(poll(mine)).containsExactly("anna left");
        assertThat(isSeated(room, "anna")).isFalse();
    }

    /** A client that polls has no stream between two polls. */
    @Test
    void seatWhoseStreamHasJustEnded_isFreed() {
        listen(here, room, anna).close();
        listen(there, second, annaInSecond).close();

        revocations.revoke("anna");
        run();

        assertThat(isSeated(room, "anna") || isSeated(second, "anna")).isFalse();
    }

    @Test
    void seatWhoseStreamEndedAWhileAgo_stays() {
        listen(here, room, anna).close();
        here.time.pass(Duration.ofMinutes(1).plusMillis(1));

        revocations.revoke("anna");

        assertThat(isSeated(room, "anna")).isTrue();
    }

    /** The store has confirmed the seat, and the stream is not there yet. */
    @Test
    void streamThatIsBeingOpenedMeanwhile_ends_andItsSeatIsFreed() {
        here.store.after(Call.READ, () -> revocations.revoke("anna"));

        Subscription mine = listen(here, room, anna);
        run();

        assertThat(mine.isEnded() || poll(mine).contains("anna left")).isTrue();
        assertThat(isSeated(room, "anna")).isFalse();
    }

    @Test
    void streamThatIsBeingOpened_whileAnotherNodeRevokes_ends() {
        here.store.after(Call.READ, () -> {
            others.revoke("anna");
            run();
        });

        Subscription mine = listen(here, room, anna);
        run();

        assertThat(mine.isEnded() || poll(mine).contains("anna left")).isTrue();
        assertThat(isSeated(room, "anna")).isFalse();
    }

    /** The request's beginning counts, and that it came before the store was asked about the seat. */
    @Test
    void streamWhoseSeatIsBeingLookedUpMeanwhile_ends() {
        Supplier<Seat> lookUp = () -> {
            Seat seat = new Seat(room, here.store.inside(room).head(), anna);
            revocations.revoke("anna");
            return seat;
        };

        Subscription mine = here.feeds.subscribe(lookUp, Cursor.now(), () -> {});
        run();

        assertThat(mine.isEnded()).isTrue();
        assertThat(isSeated(room, "anna")).isFalse();
    }

    @Test
    void streamThatIsBeingOpened_whileAnotherIdentityIsRevoked_lives() {
        here.store.after(Call.READ, () -> revocations.revoke("ben"));

        Subscription mine = listen(here, room, anna);
        run();

        assertThat(mine.isEnded()).isFalse();
        assertThat(isSeated(room, "anna")).isTrue();
    }

    @Test
    void seatThatCannotBeFreed_keepsNoOtherFromBeingFreed() {
        listen(here, room, anna);
        listen(here, second, annaInSecond);
        List<Object> tried = new ArrayList<>();
        Revocations failing = new Revocations(here.feeds, here.broadcaster, (code, identityId) -> {
            tried.add(code);
            throw new IllegalStateException("a room in another format");
        });

        assertThat(failing.free(Set.of("anna"))).containsExactly("anna");
        assertThat(tried).containsExactlyInAnyOrder(room.id(), second.id());
    }

    /** As the master of a cluster that is known to be silent: it fails at once. */
    @Test
    void seatInAPartOfTheStoreThatIsAway_keepsNoOtherFromBeingFreed() {
        listen(here, room, ben);
        listen(here, second, annaInSecond);
        List<String> tried = new ArrayList<>();
        Revocations failing = new Revocations(here.feeds, here.broadcaster, (code, identityId) -> {
            tried.add(identityId);
            if (code.equals(room.id())) {
                throw new ChatUnavailableException("this part is away");
            }
            return true;
        });

        assertThat(failing.free(Set.of("anna", "ben"))).containsExactly("ben");
        assertThat(tried).containsExactlyInAnyOrder("anna", "ben");
    }

    @Test
    void seatThatWasNotFreedOnAnotherNode_isFreedLater() {
        Subscription elsewhere = listen(there, room, anna);
        here.broadcaster.publishToAll(new NodeSignal.Revoked("anna", 1));
        here.store.setUnavailable(true);
        run();
        assertThat(elsewhere.isEnded()).isTrue();
        here.store.setUnavailable(false);
        assertThat(isSeated(room, "anna")).isTrue();

        others.retry();
        run();

        assertThat(isSeated(room, "anna")).isFalse();
    }

    @Test
    void seatThatARevocationDidNotFree_isFreedLater() {
        Subscription mine = listen(here, room, anna);
        here.store.setUnavailable(true);
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> revocations.revoke("anna"));
        assertThat(mine.isEnded()).isTrue();
        here.store.setUnavailable(false);

        revocations.retry();
        run();

        assertThat(isSeated(room, "anna")).isFalse();
    }

    @Test
    void revocationThatWasNotSent_isSentLater() {
        Subscription elsewhere = listen(there, room, anna);
        here.broadcaster.failToAllWith(new ChatUnavailableException("no broadcaster"));
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> revocations.revoke("anna"));
        revocations.retry();
        run();
        assertThat(elsewhere.isEnded()).isFalse();
        here.broadcaster.failToAllWith(null);

        revocations.retry();
        run();

        assertThat(poll(elsewhere)).containsExactly("anna left");
        assertThat(isSeated(room, "anna")).isFalse();
    }

    /** Who comes back keeps the new seat. */
    @Test
    void revocationThatWasSent_isNotSentAgain() {
        listen(here, room, anna);
        here.store.setUnavailable(true);
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> revocations.revoke("anna"));
        here.store.setUnavailable(false);
        revocations.retry();
        run();
        Subscription again = listen(there, room, here.join(room, "anna"));

        revocations.retry();
        run();

        assertThat(again.isEnded()).isFalse();
        assertThat(isSeated(room, "anna")).isTrue();
    }

    @Test
    void revocationThatFailsForAMinute_isGivenUp() {
        listen(here, room, anna);
        here.store.setUnavailable(true);
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> revocations.revoke("anna"));
        for (int i = 0; i < 60; i++) {
            revocations.retry();
            run();
        }
        here.store.setUnavailable(false);

        revocations.retry();
        run();

        assertThat(isSeated(room, "anna")).isTrue();
    }

    @Test
    void close_endsTheListening() {
        revocations.close();
        others.close();
        others.close();
        assertThat(here.broadcaster.listenersOfAll()).isZero();
        assertThat(others.connect()).isTrue();
        assertThat(here.broadcaster.listenersOfAll()).isZero();
    }

    @Nested
    class WelcomeChecked {

        private final ManualExecutor asking = new ManualExecutor();
        private final List<String> asked = new ArrayList<>();
        private Predicate<Identity> host = identity -> true;
        private final WelcomeChecks checks = new WelcomeChecks(
                here.feeds,
                revocations,
                identity -> {
                    asked.add(identity.id());
                    return host.test(identity);
                },
                asking);

        private void pass(Duration time) {
            here.time.pass(time);
            checks.tick();
            asking.runAll();
            run();
        }

        @Test
        void host_isAskedOncePerIdentity_everyWhile() {
            listen(here, room, anna);
            listen(here, second, annaInSecond);
            here.subscribe(room, null, Cursor.now(), () -> {});
            pass(WelcomeChecks.ASK_AFTER.minusMillis(1));
            assertThat(asked).isEmpty();
            pass(Duration.ofMillis(1));
            assertThat(asked).containsExactly("anna");
            pass(WelcomeChecks.ASK_AFTER.minusMillis(1));
            pass(Duration.ofMillis(1));
            assertThat(asked).containsExactly("anna", "anna");
        }

        /** Each poll is a stream of its own, and none of them lasts until the host is asked. */
        @Test
        void whoPolls_isAskedAboutToo() {
            Duration poll = WelcomeChecks.ASK_AFTER.minusSeconds(5);
            for (int i = 0; i < 4; i++) {
                Subscription polling = listen(here, room, anna);
                pass(poll);
                polling.close();
            }
            assertThat(asked).containsExactly("anna", "anna");
        }

        @Test
        void pollThatIsOverAtOnce_isAskedAbout_andFreesTheSeat() {
            listen(here, room, anna).close();
            host = identity -> false;
            pass(WelcomeChecks.ASK_AFTER);
            assertThat(asked).isEmpty();

            listen(here, room, anna).close();
            asking.runAll();

            assertThat(asked).containsExactly("anna");
            assertThat(isSeated(room, "anna")).isFalse();
        }

        @Test
        void whoIsNotWelcome_losesStreamAndSeat() {
            Subscription mine = listen(here, room, anna);
            Subscription other = listen(here, room, ben);
            host = identity -> !identity.id().equals("anna");
            pass(WelcomeChecks.ASK_AFTER);
            assertThat(poll(mine)).containsExactly("anna left");
            assertThat(mine.isEnded()).isTrue();
            assertThat(other.isEnded()).isFalse();
            assertThat(isSeated(room, "anna")).isFalse();
            assertThat(isSeated(room, "ben")).isTrue();
        }

        @Test
        void whoIsNotWelcome_whileTheStoreIsAway_losesTheSeatLater() {
            Subscription mine = listen(here, room, anna);
            host = identity -> false;
            here.store.setUnavailable(true);
            pass(WelcomeChecks.ASK_AFTER);
            assertThat(mine.isEnded()).isTrue();
            here.store.setUnavailable(false);
            assertThat(isSeated(room, "anna")).isTrue();

            pass(Duration.ofSeconds(1));

            assertThat(isSeated(room, "anna")).isFalse();
        }

        @Test
        void hostThatThrows_sendsNobodyAway_andIsLoggedOnceAnOutage() {
            Subscription mine = listen(here, room, anna);
            Subscription other = listen(here, room, ben);
            host = identity -> {
                throw new IllegalStateException("a secret of " + identity.name());
            };
            try (LogRecords log = LogRecords.of(WelcomeChecks.class)) {
                pass(WelcomeChecks.ASK_AFTER);
                pass(WelcomeChecks.ASK_AFTER);
                assertThat(log.warnings()).hasSize(1);
                host = identity -> true;
                pass(WelcomeChecks.ASK_AFTER);
                pass(Duration.ofMinutes(1));
                host = identity -> {
                    throw new AssertionError("another one");
                };
                pass(WelcomeChecks.ASK_AFTER);
                assertThat(log.warnings()).hasSize(2);
                assertThat(log.text()).contains("IllegalStateException").doesNotContain("secret");
            }
            assertThat(asked).hasSize(10);
            assertThat(mine.isEnded() || other.isEnded()).isFalse();
        }

        @Test
        void hostThatIsSlow_isAskedOnceAtATime() {
            listen(here, room, anna);
            for (int i = 0; i < 3; i++) {
                here.time.pass(WelcomeChecks.ASK_AFTER);
                checks.tick();
            }
            assertThat(asking.size()).isEqualTo(1);
        }

        @Test
        void broadcasterThatWasAwayAtTheStart_isListenedToLater() {
            others.close();
            revocations.close();
            Revocations late = revocations(there);
            here.broadcaster.failToAllWith(new ChatUnavailableException("no broadcaster"));
            assertThat(late.connect()).isFalse();
            here.broadcaster.failToAllWith(null);
            new WelcomeChecks(there.feeds, late, null, asking).tick();
            Subscription elsewhere = listen(there, room, anna);
            here.broadcaster.publishToAll(new NodeSignal.Revoked("anna", 1));
            run();
            assertThat(elsewhere.isEnded() || poll(elsewhere).contains("anna left"))
                    .isTrue();
        }
    }
}
