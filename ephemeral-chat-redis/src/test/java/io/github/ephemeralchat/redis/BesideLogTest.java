package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.CueSent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cues and presence between two nodes over Redis, in real time. */
@Tag("B8")
class BesideLogTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** With a second for the machine, and for the one of a node that listens to nothing. */
    private static final Duration AGREED = Duration.ofSeconds(4);

    private static final int ROOMS = Rounds.of(10, 100);
    private static final int CONNECTS = 30 * ROOMS;
    /** In full they take a minute. */
    private static final int PAUSE_MILLIS = Rounds.of(0, 20);

    private final RedisServer server = RedisServer.shared();
    private final RedisCommands<String, String> look = TestNodes.look(server);
    private final List<ChatNode> nodes = List.of(ChatNode.open(server.uri()), ChatNode.open(server.uri()));

    @AfterEach
    void closeNodes() {
        nodes.forEach(ChatNode::close);
    }

    private List<Membership> room(int seats) {
        RoomRules rules = RoomRules.plain(seats, false).withSignals(true, true);
        List<Membership> members = new ArrayList<>();
        members.add(nodes.get(0).service().createRoom(RoomOptions.defaults().withRules(rules), Identity.anonymous()));
        RoomId room = members.get(0).room().id();
        while (members.size() < seats) {
            members.add(nodes.get(1).service().join(room, Identity.anonymous()));
        }
        return members;
    }

    private static Subscription subscribe(ChatNode node, Membership member) {
        return node.service().transport().subscribe(member.room().id(), member.token(), Cursor.now(), () -> {});
    }

    private static List<RoomEvent> take(Subscription subscription) {
        return subscription.pollBesideLog().stream().map(SharedEvent::event).toList();
    }

    private static Set<String> present(ChatNode node, Membership member) {
        return node.service().transport().present(member.room().incarnation()).orElse(Set.of());
    }

    @Test
    void cue_reachesTheOtherNode_andIsUnderNoKey() {
        List<Membership> members = room(2);
        Membership anna = members.get(0);
        RoomId room = anna.room().id();
        try (Subscription bens = subscribe(nodes.get(1), members.get(1))) {
            List<RoomEvent> got = new ArrayList<>();
            nodes.get(0).service().as(room, anna.token()).cue("x-cursor", "canary");
            Await.until(
                    SOON,
                    "the cue",
                    () -> got.addAll(take(bens)) && got.stream().anyMatch(CueSent.class::isInstance));
            assertThat(got).contains(new CueSent("x-cursor", anna.identity().id(), "canary"));
            assertThat(look.keys("*" + room.value() + "*"))
                    .allSatisfy(key -> assertThat(look.hgetall(key).toString()).doesNotContain("canary"));
        }
    }

    @Test
    void nodes_agreeOnWhoIsPresent_within3SecondsAfterRandomConnects() {
        Random random = new Random(7);
        List<List<Membership>> rooms = new ArrayList<>();
        for (int i = 0; i < ROOMS; i++) {
            rooms.add(room(5));
        }
        Map<Subscription, Membership> open = new HashMap<>();
        List<Subscription> all = new ArrayList<>();
        rooms.forEach(members -> nodes.forEach(
                node -> { // So that each node listens to each room.
                    Subscription stays = subscribe(node, members.get(0));
                    open.put(stays, members.get(0));
                }));
        for (int i = 0; i < CONNECTS; i++) {
            RedisServer.sleep(PAUSE_MILLIS);
            if (random.nextInt(3) > 0 || all.isEmpty()) {
                Membership member = rooms.get(random.nextInt(ROOMS)).get(1 + random.nextInt(4));
                Subscription stream = subscribe(nodes.get(random.nextInt(2)), member);
                open.put(stream, member);
                all.add(stream);
            } else {
                Subscription stream = all.remove(random.nextInt(all.size()));
                open.remove(stream);
                stream.close();
            }
        }
        Map<RoomId, Set<String>> expected = new HashMap<>();
        open.values()
                .forEach(member -> expected.computeIfAbsent(member.room().id(), id -> new HashSet<>())
                        .add(member.identity().id()));
        Await.until(
                AGREED,
                "the nodes agree",
                () -> rooms.stream()
                        .allMatch(members -> nodes.stream()
                                .allMatch(node -> present(node, members.get(0))
                                        .equals(expected.get(
                                                members.get(0).room().id())))));
        open.keySet().forEach(Subscription::close);
    }
}
