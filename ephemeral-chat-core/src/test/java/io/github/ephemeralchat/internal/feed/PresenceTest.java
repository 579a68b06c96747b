package io.github.ephemeralchat.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.PresenceChanged;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.scripted.ScriptedBroadcaster;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who is connected, over all nodes. */
class PresenceTest {

    private static final Duration TICK = TestNode.TICK;

    private final ScriptedStore store = new ScriptedStore();
    private final ScriptedBroadcaster broadcaster = new ScriptedBroadcaster();
    private final TestNode here = new TestNode(store, broadcaster);
    private final TestNode there = new TestNode(store, broadcaster);
    private final List<TestNode> running = new ArrayList<>(List.of(here, there));
    private final Room room = newRoom(100);
    private final Member anna = here.join(room, "anna");
    private final Member ben = here.join(room, "ben");

    private Room newRoom(int seats) {
        RoomRules rules = RoomRules.plain(seats, false).withSignals(false, true);
        return store.newRoom(RoomId.random(), 1, TestNode.HOUR, rules);
    }

    private void tick() {
        for (TestNode node : running) {
            node.time.pass(TICK);
            node.feeds.presences.tick();
            node.run();
        }
    }

    private void pass(Duration duration) {
        for (long i = 0; i < duration.toMillis() / TICK.toMillis(); i++) {
            tick();
        }
    }

    /** The newest that a subscriber is told, or nothing. */
    private static Set<String> told(Subscription subscription) {
        List<SharedEvent> events = subscription.pollBesideLog();
        return events.isEmpty()
                ? Set.of("nothing")
                : ((PresenceChanged) events.get(events.size() - 1).event()).present();
    }

    private Set<String> known(TestNode node) {
        return node.feeds.present(room.incarnation()).orElse(Set.of("unknown"));
    }

    private List<RoomSignal> said() {
        return broadcaster.published().stream()
                .filter(RoomSignal.Presence.class::isInstance)
                .toList();
    }

    @Test
    void newcomer_isToldAtOnce_andTheOthersWithin250Millis() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        assertThat(told(annas)).containsExactly("anna");
        pass(Duration.ofSeconds(1));
        Subscription bens = there.subscribe(room, ben, Cursor.now());
        assertThat(told(bens)).containsExactly("ben");
        pass(Duration.ofMillis(200));
        assertThat(told(annas)).containsExactly("anna", "ben");
        assertThat(told(bens)).containsExactly("anna", "ben");
        pass(Duration.ofSeconds(10));
        assertThat(told(annas)).containsExactly("nothing");
    }

    @Test
    void reload_doesNotBlink_alsoIfItIsTheNodesOnlyStream() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        Subscription bens = there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        told(annas);
        for (int i = 0; i < 3; i++) {
            bens.close();
            pass(Duration.ofMillis(1_400));
            bens = there.subscribe(room, ben, Cursor.now());
            pass(Duration.ofMillis(500));
            assertThat(told(annas)).as("reload %s", i).containsExactly("nothing");
            assertThat(told(bens)).containsExactly("anna", "ben");
        }
    }

    @Test
    void departure_isTold1500MillisLate() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        Subscription bens = there.subscribe(room, ben, Cursor.now());
        Subscription bensOther = there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        told(annas);
        bensOther.close();
        pass(Duration.ofSeconds(5));
        assertThat(told(annas)).containsExactly("nothing");
        bens.close();
        pass(Duration.ofMillis(1_400));
        assertThat(told(annas)).containsExactly("nothing");
        pass(Duration.ofMillis(300));
        assertThat(told(annas)).containsExactly("anna");
        pass(Duration.ofSeconds(4));
        assertThat(there.feeds.presences.size()).isZero();
    }

    @Test
    void pollersNextPoll_hasHalfAMinute() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            Subscription poll = there.subscribe(room, ben, Cursor.now());
            pass(Duration.ofSeconds(1));
            poll.closeUntilNextPoll();
            poll.close();
            pass(Duration.ofSeconds(34));
            assertThat(known(here)).containsExactlyInAnyOrder("anna", "ben");
        }
        pass(Duration.ofMillis(1_300));
        assertThat(told(annas)).containsExactly("anna");
    }

    @Test
    void freedSeat_isGoneAtOnce_onEveryNode() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        told(annas);
        here.leave(room, "ben");
        pass(TICK);
        assertThat(told(annas)).containsExactly("anna");
        pass(Duration.ofSeconds(2));
        assertThat(known(here)).containsExactly("anna");
    }

    @Test
    void lostWords_areSaidAgainWithin65Seconds() {
        broadcaster.hold();
        here.subscribe(room, anna, Cursor.now());
        there.subscribe(room, ben, Cursor.now());
        Random random = new Random(14);
        int delivered = 0;
        for (long i = 0; i < 650; i++) {
            int before = said().size();
            tick();
            // One of ten is lost: here the first ones are, and whatever chance says.
            for (RoomSignal word : said().subList(before, said().size())) {
                if (i > 10 && random.nextInt(10) > 0) {
                    broadcaster.deliver(word);
                    delivered++;
                }
            }
        }
        assertThat(delivered).isPositive();
        assertThat(known(here)).containsExactlyInAnyOrder("anna", "ben");
        assertThat(known(there)).containsExactlyInAnyOrder("anna", "ben");
    }

    @Test
    void lostAbsence_isSaidAgain() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        Subscription bens = there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        told(annas);
        bens.close();
        broadcaster.hold();
        pass(Duration.ofSeconds(4));
        assertThat(told(annas)).containsExactly("nothing");
        broadcaster.deliver(said().get(said().size() - 1));
        pass(TICK);
        assertThat(told(annas)).containsExactly("anna");
        int before = said().size();
        pass(Duration.ofSeconds(10));
        assertThat(said()).hasSizeLessThanOrEqualTo(before + 2);
        assertThat(there.feeds.presences.size()).isZero();
    }

    @TestFactory
    Stream<DynamicTest> lostWordsOfManyRooms_areSaidAgain() {
        return Stream.of(
                DynamicTest.dynamicTest("one of ten is lost", () -> assertHealed(10, 65, 100)),
                DynamicTest.dynamicTest("every other one is", () -> new PresenceTest().assertHealed(50, 155, 95)));
    }

    /**
     * Random connects to a hundred rooms for a minute, over a broadcaster that loses signals; then everything stays as it is.
     * All but a few nodes agree in time: how many is chance, but the same in each run.
     */
    private void assertHealed(int percentLost, int seconds, int roomsThatAgree) {
        broadcaster.hold();
        Random random = new Random(percentLost);
        Map<Subscription, Place> open = new LinkedHashMap<>();
        List<Room> rooms = IntStream.range(0, 100).mapToObj(this::numbered).toList();
        for (int tick = 0; tick < 600; tick++) {
            for (int i = 0; i < 3; i++) {
                connectOrClose(rooms, open, random);
            }
            tickLosing(percentLost, random);
        }
        Set<Place> wrong = new HashSet<>(open.values());
        int before = wrong.size();
        Map<Room, Set<String>> present = new HashMap<>();
        open.forEach((one, place) -> present.computeIfAbsent(place.room(), key -> new HashSet<>())
                .add(one.identity().id()));
        for (int tick = 0; tick < seconds * 10; tick++) {
            tickLosing(percentLost, random);
            wrong.removeIf(place -> place.known().equals(present.get(place.room())));
        }
        assertThat(before).isGreaterThan(150);
        assertThat(wrong.stream().map(Place::room).distinct()).hasSizeLessThanOrEqualTo(100 - roomsThatAgree);
    }

    private record Place(Room room, TestNode node) {
        Set<String> known() {
            return node.feeds.present(room.incarnation()).orElse(Set.of("unknown"));
        }
    }

    private Room numbered(int number) {
        RoomRules rules = RoomRules.plain(10, false).withSignals(false, true);
        String letters = "ABCDEFGHJK";
        String code = "aaaaaa" + letters.charAt(number / 10) + letters.charAt(number % 10);
        return store.newRoom(new RoomId(code), 1, TestNode.HOUR, rules);
    }

    private void connectOrClose(List<Room> rooms, Map<Subscription, Place> open, Random random) {
        if (random.nextInt(5) < 3 || open.isEmpty()) {
            Place place = new Place(rooms.get(random.nextInt(rooms.size())), running.get(random.nextInt(2)));
            Member who =
                    here.join(place.room(), "abc".substring(random.nextInt(3)).substring(0, 1));
            open.put(place.node().subscribe(place.room(), who, Cursor.now()), place);
        } else {
            Subscription one = List.copyOf(open.keySet()).get(random.nextInt(open.size()));
            open.remove(one);
            one.close();
        }
    }

    private void tickLosing(int percent, Random random) {
        int before = broadcaster.published().size();
        tick();
        List<RoomSignal> published = broadcaster.published();
        for (RoomSignal signal : published.subList(before, published.size())) {
            if (random.nextInt(100) >= percent) {
                broadcaster.deliver(signal);
            }
        }
    }

    @Test
    void killedNode_isForgottenWithin80Seconds_notBefore() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        told(annas);
        running.remove(there);
        pass(Duration.ofSeconds(40));
        assertThat(told(annas)).containsExactly("nothing");
        pass(Duration.ofSeconds(40));
        assertThat(told(annas)).containsExactly("anna");
    }

    @Test
    void livingNode_isNeverForgotten() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        told(annas);
        int before = said().size();
        pass(Duration.ofMinutes(5));
        assertThat(told(annas)).containsExactly("nothing");
        assertThat(said().size() - before).isBetween(18, 20);
    }

    @Test
    void nodeThatListensTwiceWithinATick_leavesNobodyBehind() {
        here.subscribe(room, anna, Cursor.now());
        Subscription bens = there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        bens.close();
        there.subscribe(room, ben, Cursor.now()).close();
        there.subscribe(room, here.join(room, "carl"), Cursor.now());
        pass(Duration.ofSeconds(3));
        assertThat(known(here)).containsExactlyInAnyOrder("anna", "carl");
    }

    @Test
    void nodeThatListensAgain_leavesNobodyBehind_alsoIfItsFirstWordIsNotSent() {
        here.subscribe(room, anna, Cursor.now());
        Subscription bens = there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        bens.close();
        there.subscribe(room, here.join(room, "carl"), Cursor.now());
        broadcaster.whilePublishing(() -> {
            throw new ChatUnavailableException("the test says so");
        });
        pass(Duration.ofSeconds(4));
        assertThat(known(here)).containsExactlyInAnyOrder("anna", "carl");
    }

    /** As those of a master of a cluster that is silent, as soon as that is known. */
    @Test
    void roomsToWhichNothingCanBeSent_holdUpNoOther() {
        for (int i = 0; i < 20; i++) {
            Room away = newRoom(100);
            broadcaster.cutOff(away);
            here.subscribe(away, here.join(away, "anna"), Cursor.now());
        }
        there.subscribe(room, ben, Cursor.now());
        tick();
        here.subscribe(room, anna, Cursor.now());
        int before = broadcaster.published().size();
        tick();
        tick();
        assertThat(known(there)).containsExactlyInAnyOrder("anna", "ben");
        assertThat(broadcaster.published().size() - before)
                .as("none of the others is tried again within a second")
                .isLessThan(20);
    }

    @Test
    void threeNodes_agree3SecondsAfterRandomConnects() {
        TestNode third = new TestNode(store, broadcaster);
        running.add(third);
        Random random = new Random(33);
        List<Member> members = Stream.of("c", "d", "e", "f", "g")
                .map(id -> here.join(room, id))
                .toList();
        for (int round = 0; round < 20; round++) {
            Map<Subscription, String> open = new LinkedHashMap<>();
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(3) > 0 || open.isEmpty()) {
                    TestNode node = running.get(random.nextInt(3));
                    Member member = members.get(random.nextInt(members.size()));
                    open.put(
                            node.subscribe(room, member, Cursor.now()),
                            member.identity().id());
                } else {
                    Subscription one = List.copyOf(open.keySet()).get(random.nextInt(open.size()));
                    open.remove(one);
                    one.close();
                }
                if (random.nextBoolean()) {
                    pass(Duration.ofMillis(100L * random.nextInt(20)));
                }
            }
            pass(Duration.ofSeconds(3));
            Set<String> expected = new TreeSet<>(open.values());
            for (TestNode node : running) {
                if (node.feeds.size() > 0) {
                    assertThat(known(node)).as("round %s", round).containsExactlyInAnyOrderElementsOf(expected);
                }
            }
            open.keySet().forEach(Subscription::close);
            pass(Duration.ofSeconds(6));
        }
        assertThat(running)
                .allSatisfy(node -> assertThat(node.feeds.presences.size()).isZero());
    }

    @Test
    void largeRoom_isCountedAlone() {
        Room large = newRoom(101);
        Member carl = here.join(large, "carl");
        Subscription carls = here.subscribe(large, carl, Cursor.now());
        PresenceChanged event = (PresenceChanged) carls.pollBesideLog().get(0).event();
        assertThat(event.present()).isNull();
        assertThat(event.count()).isEqualTo(1);
    }

    @Test
    void roomWithoutPresence_saysNothing() {
        Room plain = store.newRoom(RoomId.random(), 1, TestNode.HOUR, RoomRules.plain(10, false));
        Member carl = here.join(plain, "carl");
        Subscription carls = here.subscribe(plain, carl, Cursor.now());
        pass(Duration.ofSeconds(31));
        assertThat(carls.pollBesideLog()).isEmpty();
        assertThat(said()).isEmpty();
        assertThat(here.feeds.present(plain.incarnation())).isEmpty();
        assertThat(here.feeds.presences.size()).isZero();
    }

    @Test
    void wordThatCannotBeSent_isSaidAgainASecondLater() {
        Subscription annas = here.subscribe(room, anna, Cursor.now());
        pass(Duration.ofSeconds(1));
        told(annas);
        broadcaster.whilePublishing(() -> {
            throw new IllegalStateException("a test");
        });
        there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofMillis(900));
        assertThat(told(annas)).containsExactly("nothing");
        pass(Duration.ofMillis(500));
        assertThat(told(annas)).containsExactly("anna", "ben");
    }

    @Test
    void endedRoom_leavesNothing() {
        here.subscribe(room, anna, Cursor.now());
        there.subscribe(room, ben, Cursor.now());
        pass(Duration.ofSeconds(1));
        int before = said().size();
        here.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
        tick();
        tick();
        assertThat(here.feeds.presences.size() + there.feeds.presences.size()).isZero();
        assertThat(said()).hasSize(before);
    }
}
