package io.github.ephemeralchat.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.scripted.ScriptedBroadcaster;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What {@link RoomPresence} does where signals are late or lost, nodes are many, and seats are freed. */
class PresenceDetailsTest {

    private static final Duration TICK = TestNode.TICK;

    private final ScriptedStore store = new ScriptedStore();
    private final ScriptedBroadcaster broadcaster = new ScriptedBroadcaster();
    private final TestNode here = new TestNode(store, broadcaster);
    private final TestNode there = new TestNode(store, broadcaster);
    private final Room room = store.newRoom(
            RoomId.random(), 1, TestNode.HOUR, RoomRules.plain(100, false).withSignals(false, true));
    private final Member anna = here.join(room, "anna");
    private final Member ben = here.join(room, "ben");
    private final Member cleo = here.join(room, "cleo");

    private void pass(Duration duration) {
        for (long i = 0; i < duration.toMillis() / TICK.toMillis(); i++) {
            for (TestNode node : List.of(here, there)) {
                node.time.pass(TICK);
                node.feeds.presences.tick();
                node.run();
            }
        }
    }

    private Subscription at(TestNode node, Member member) {
        return node.subscribe(room, member, Cursor.now());
    }

    private Set<String> known(TestNode node) {
        return node.feeds.present(room.incarnation()).orElse(Set.of("unknown"));
    }

    private List<RoomSignal.Presence> said() {
        return broadcaster.published().stream()
                .filter(RoomSignal.Presence.class::isInstance)
                .map(RoomSignal.Presence.class::cast)
                .toList();
    }

    @Test
    void subscribers_areWokenUp_onceForEachChange() {
        AtomicInteger calls = new AtomicInteger();
        here.subscribe(room, anna, Cursor.now(), calls::incrementAndGet);
        pass(Duration.ofSeconds(1));
        int before = calls.get();
        pass(Duration.ofSeconds(10));
        assertThat(calls).hasValue(before);
        at(there, ben);
        pass(Duration.ofSeconds(1));
        assertThat(calls).hasValue(before + 1);
    }

    @Test
    void ownWordThatComesBackLate_countsForNobody() {
        at(there, ben).close();
        pass(TICK);
        RoomSignal word = said().get(0);
        broadcaster.hold();
        // It listens again, and has not yet said by which number.
        Subscription bens = at(there, ben);
        broadcaster.deliver(word);
        pass(TICK);
        at(there, cleo);
        bens.close();
        pass(Duration.ofSeconds(3));
        assertThat(known(there)).containsExactly("cleo");
    }

    @Test
    void freedSeat_isGone_beforeItsNodeSaysSo() {
        at(here, anna);
        at(there, ben);
        at(there, cleo);
        pass(Duration.ofSeconds(1));
        broadcaster.hold();
        here.leave(room, "ben");
        pass(TICK);
        assertThat(known(here)).containsExactlyInAnyOrder("anna", "cleo");
    }

    @Test
    void freedSeat_isGoneAtOnceWhereItsStreamIs_andSaid() {
        at(here, anna);
        at(there, ben);
        at(there, cleo);
        pass(Duration.ofSeconds(1));
        broadcaster.hold();
        int before = said().size();
        there.leave(room, "ben");
        assertThat(known(there)).containsExactlyInAnyOrder("anna", "cleo");
        pass(TICK);
        // The entry that frees the seat was lost on the other node, the word was not.
        said().subList(before, said().size()).forEach(broadcaster::deliver);
        pass(TICK);
        assertThat(known(here)).containsExactlyInAnyOrder("anna", "cleo");
    }

    @Test
    void seatThatWasTakenAgain_staysWhenItsFormerEndIsTold() {
        at(there, cleo);
        at(there, ben);
        pass(Duration.ofSeconds(1));
        Appended left = there.free(room, "ben");
        at(there, there.join(room, "ben"));
        there.feeds.announce(left, null);
        pass(Duration.ofSeconds(3));
        assertThat(known(there)).containsExactlyInAnyOrder("ben", "cleo");
    }

    @Test
    void streamThatEndsAfterAPoll_doesNotShortenTheStay() {
        at(here, anna);
        Subscription poll = at(there, ben);
        Subscription stream = at(there, ben);
        pass(Duration.ofSeconds(1));
        poll.closeUntilNextPoll();
        poll.close();
        pass(Duration.ofSeconds(1));
        stream.close();
        pass(Duration.ofSeconds(20));
        assertThat(known(here)).containsExactlyInAnyOrder("anna", "ben");
    }

    @Test
    void lastAbsenceThatCannotBeSent_isSaidLater() {
        at(here, anna);
        Subscription bens = at(there, ben);
        pass(Duration.ofSeconds(1));
        broadcaster.hold();
        bens.close();
        pass(Duration.ofSeconds(4));
        assertThat(said()).filteredOn(word -> word.participants().isEmpty()).hasSize(3);
        broadcaster.whilePublishing(() -> {
            throw new IllegalStateException("a test");
        });
        pass(Duration.ofSeconds(3));
        // The one that was not sent, and the one in its place.
        assertThat(said()).filteredOn(word -> word.participants().isEmpty()).hasSize(5);
        assertThat(there.feeds.presences.size()).isZero();
    }

    @Test
    void nodeWithoutParticipants_keepsNothing_ofWhatItHeard() {
        Subscription hosts = there.subscribe(room, Cursor.now());
        at(here, anna);
        pass(Duration.ofSeconds(1));
        assertThat(known(there)).containsExactly("anna");
        hosts.close();
        pass(TICK);
        assertThat(known(there)).containsExactly("unknown");
        assertThat(there.feeds.presences.size()).isZero();
    }

    @Test
    void nodeThatListensNoMore_saysNothing_thoughSomebodyMayComeBack() {
        at(here, anna).close();
        assertThat(here.feeds.presences.size()).isOne();
        assertThat(known(here)).containsExactly("unknown");
    }

    @Test
    void moreNodesThanAreKept_areNotHeard() {
        at(here, anna);
        broadcaster.hold();
        for (int node = 1; node <= 1_100; node++) {
            broadcaster.deliver(new RoomSignal.Presence(room.incarnation(), node, Set.of("p" + node)));
        }
        assertThat(known(here)).hasSize(1_001);
    }

    @Test
    void closedNode_keepsNothing() {
        at(here, anna);
        here.feeds.presences.close();
        assertThat(here.feeds.presences.size()).isZero();
    }
}
