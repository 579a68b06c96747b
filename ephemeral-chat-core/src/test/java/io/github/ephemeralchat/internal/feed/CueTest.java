package io.github.ephemeralchat.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.CueSent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.scripted.ScriptedBroadcaster;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What participants tell each other that is kept nowhere. */
class CueTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ScriptedStore store = new ScriptedStore();
    private final ScriptedBroadcaster broadcaster = new ScriptedBroadcaster();
    private final TestNode here = new TestNode(store, broadcaster);
    private final TestNode there = new TestNode(store, broadcaster);
    private final Room room = store.newRoom(RoomId.random(), 1, TestNode.HOUR, RoomRules.plain(200, false));
    private final Member anna = here.join(room, "anna");
    private final Member ben = here.join(room, "ben");

    private void cue(TestNode node, String sender, String kind, String body) {
        node.feeds.cue(room.incarnation(), sender, kind, body);
        here.run();
        there.run();
    }

    private void pass(Duration duration) {
        here.time.pass(duration);
        there.time.pass(duration);
    }

    private static List<String> cues(Subscription subscription) {
        return subscription.pollBesideLog().stream()
                .map(event -> (CueSent) event.event())
                .map(cue -> cue.senderId() + " " + cue.kind() + " " + cue.body())
                .toList();
    }

    @Test
    void cue_reachesTheOthersOnAllNodes_onceEach_notItsSender() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        Subscription annasOther = there.subscribe(room, anna, Cursor.now());
        Subscription bens = here.subscribe(room, ben, Cursor.now());
        Subscription bensOther = there.subscribe(room, ben, Cursor.now());
        cue(here, "anna", "typing", "");
        assertThat(cues(bens)).containsExactly("anna typing ");
        assertThat(cues(bensOther)).containsExactly("anna typing ");
        assertThat(Stream.of(annas, annasOther, bens, bensOther)).allSatisfy(each -> {
            assertThat(cues(each)).isEmpty();
            assertThat(each.poll(10)).isEmpty();
        });
    }

    @Test
    void cue_wakesUp_onceThereIsOne() {
        AtomicInteger calls = new AtomicInteger();
        Subscription bens = there.subscribe(room, ben, Cursor.now(), calls::incrementAndGet);
        there.run();
        int before = calls.get();
        cue(here, "anna", "typing", "");
        assertThat(calls.get()).isEqualTo(before + 1);
        assertThat(cues(bens)).hasSize(1);
        cue(here, "anna", "typing", ""); // Too soon.
        assertThat(calls.get()).isEqualTo(before + 1);
    }

    @Test
    void ownCueThatTheBroadcasterBringsBack_isToldOnce() {
        broadcaster.hold();
        Subscription bens = here.subscribe(room, ben, Cursor.now());
        cue(here, "anna", "typing", "");
        assertThat(cues(bens)).hasSize(1);
        broadcaster.published().forEach(broadcaster::deliver);
        here.run();
        assertThat(cues(bens)).isEmpty();
    }

    @Test
    void cueOfTheSameKindWithinASecond_isDropped() {
        Subscription bens = here.subscribe(room, ben, Cursor.now());
        cue(here, "anna", "x-cursor", "1");
        pass(SECOND.minusMillis(1));
        cue(here, "anna", "x-cursor", "2");
        cue(here, "anna", "x-other", "3");
        assertThat(cues(bens)).containsExactly("anna x-cursor 1", "anna x-other 3");
        pass(Duration.ofMillis(1));
        cue(here, "anna", "x-cursor", "4");
        assertThat(cues(bens)).containsExactly("anna x-cursor 4");
    }

    @Test
    void slowReader_getsTheNewestOfEachSenderAndKind() {
        Subscription bens = there.subscribe(room, ben, Cursor.now());
        for (int i = 0; i < 5; i++) {
            cue(here, "anna", "x-cursor", "c" + i);
            cue(here, "owner", "x-cursor", "o" + i);
            pass(SECOND);
        }
        assertThat(cues(bens)).containsExactly("anna x-cursor c4", "owner x-cursor o4");
    }

    @Test
    void lateSubscriber_getsNothingOfBefore() {
        Subscription bens = here.subscribe(room, ben, Cursor.now());
        cue(here, "anna", "typing", "");
        Subscription late = here.subscribe(room, ben, Cursor.start());
        assertThat(cues(late)).isEmpty();
        assertThat(cues(bens)).hasSize(1);
    }

    @Test
    void cueOfSomebodyWhoLeaves_orOfLongAgo_isDropped() {
        Subscription bens = here.subscribe(room, ben, Cursor.now());
        cue(here, "anna", "typing", "");
        cue(here, "owner", "typing", "");
        here.leave(room, "anna");
        assertThat(cues(bens)).containsExactly("owner typing ");
        cue(here, "owner", "x-cursor", "1");
        FeedCues kept = here.feeds.feed(room.incarnation()).state.cues();
        pass(FeedCues.KEPT.plusMillis(1));
        here.feeds.feed(room.incarnation()).shrink();
        assertThat(cues(bens)).isEmpty();
        assertThat(kept.size()).isZero();
    }

    @Test
    void hundredTypingPeople_costAReaderOneCueOfEachASecond_andAStoppedOneNothingMore() {
        Subscription reader = there.subscribe(room, ben, Cursor.now());
        there.subscribe(room, anna, Cursor.now()); // Takes nothing.
        List<String> kinds = List.of("typing", "x-cursor", "x-mood");
        for (int second = 0; second < 30; second++) {
            List<String> taken = new ArrayList<>();
            for (int step = 0; step < 4; step++) { // Four times as often as they may.
                for (int i = 0; i < 100; i++) {
                    for (String kind : kinds) {
                        here.feeds.cue(room.incarnation(), "p" + i, kind, "b" + second);
                    }
                }
                there.run();
                taken.addAll(cues(reader));
                pass(Duration.ofMillis(250));
            }
            assertThat(taken).hasSize(100 * kinds.size()).doesNotHaveDuplicates();
            assertThat(there.feeds.feed(room.incarnation()).state.cues().size()).isEqualTo(100 * kinds.size());
        }
    }

    @Test
    void cuesOfStrangers_areBoundedBySeatsAndKinds() {
        there.subscribe(room, anna, Cursor.now());
        for (int i = 0; i < 10_000; i++) {
            broadcaster.deliver(new RoomSignal.Cue(room.incarnation(), 7, "typing", "s" + i, ""));
        }
        assertThat(there.feeds.feed(room.incarnation()).state.cues().size()).isEqualTo(201 * FeedCues.MAX_KINDS);
    }

    @Test
    void senderInTwoRooms_isHeardInBoth() {
        Room other = store.newRoom(RoomId.random(), 1, TestNode.HOUR, RoomRules.plain(2, false));
        Subscription bens = here.subscribe(other, here.join(other, "ben"), Cursor.now());
        cue(here, "anna", "x-cursor", "in the first");
        here.feeds.cue(other.incarnation(), "anna", "x-cursor", "in the second");
        assertThat(cues(bens)).containsExactly("anna x-cursor in the second");
    }

    @Test
    void moreSendersThanANodeRemembers_areDropped_untilASecondHasPassed() {
        CueSender few = new CueSender(here.feeds, 3);
        for (int i = 0; i < 5; i++) {
            few.send(room.incarnation(), "s" + i, "typing", "");
        }
        assertThat(broadcaster.published()).hasSize(3);
        pass(SECOND);
        few.send(room.incarnation(), "one more", "typing", "");
        assertThat(broadcaster.published()).hasSize(4);
    }

    @Test
    void cueOfAnotherIncarnation_isSkipped_withoutALookAtTheStore() {
        Subscription bens = here.subscribe(room, ben, Cursor.now());
        here.run();
        RoomIncarnation other = new RoomIncarnation(room.id(), 2);
        broadcaster.deliver(new RoomSignal.Cue(other, 7, "typing", "anna", ""));
        assertThat(here.checks.size() + here.dispatches.size()).isZero();
        assertThat(cues(bens)).isEmpty();
    }

    @Test
    void endOfTheRoom_takesCuesWithIt() {
        Subscription bens = here.subscribe(room, ben, Cursor.now());
        cue(here, "anna", "typing", "");
        here.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
        here.run();
        assertThat(TestNode.poll(bens)).containsExactly("ended: DESTROYED");
        assertThat(cues(bens)).isEmpty();
        cue(here, "anna", "x-cursor", "");
        assertThat(cues(bens)).isEmpty();
    }

    @Test
    void cueThatCannotBeSent_isLost_andReachesThisNode() {
        Subscription bens = here.subscribe(room, ben, Cursor.now());
        broadcaster.whilePublishing(() -> {
            throw new IllegalStateException("a test");
        });
        cue(here, "anna", "typing", "");
        assertThat(cues(bens)).hasSize(1);
    }
}
