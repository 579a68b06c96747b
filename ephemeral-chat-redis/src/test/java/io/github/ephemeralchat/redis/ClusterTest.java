package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster of three masters with a replica each. */
class ClusterTest {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(20);
    private static final int ROOMS = 12;

    private final List<Membership> rooms = new ArrayList<>();
    private final List<HistoryChecker> checkers = new ArrayList<>();
    private final List<Heard> heard = new ArrayList<>();

    @Test
    void roomsLiveThroughAMovedSlotAndALostMaster() {
        try (TestCluster cluster = new TestCluster();
                ChatNode here = ChatNode.open(cluster.uris());
                ChatNode there = ChatNode.open(cluster.uris())) {
            open(here, there);
            talk(here, there, "at first");
            assertHeard("at first");
            steer(there, "at first");

            rooms.subList(0, 3)
                    .forEach(
                            room -> cluster.moveSlotOf("ec:{" + room.room().id().value() + "}"));
            talk(here, there, "after slots were moved");
            assertHeard("after slots were moved");
            steer(here, "after slots were moved");

            cluster.killMaster();
            talk(here, there, "after a master was lost");
            assertHeard("after a master was lost");
            steer(there, "after a master was lost");
            assertComplete();
            assertSteered();
            assertThat(heard).allSatisfy(one -> assertThat(one.resets()).isZero());
            assertRevokes(here, there);

            // Whoever misses the signal only finds that the room is not there, and tells of one that was lost.
            Await.until(
                    COMMAND_TIMEOUT,
                    "both nodes hear all rooms",
                    () -> rooms.stream().allMatch(room -> subscribers(cluster, room) == 2));
            rooms.forEach(room -> ChatNode.untilAnswered(
                    () -> there.service().asHost(room.room().id()).destroy()));
            Await.until(COMMAND_TIMEOUT, "all are told", () -> heard.stream().allMatch(Heard::hasEnded));
            assertThat(heard).allSatisfy(one -> assertThat(one.ends()).containsExactly(EndReason.DESTROYED));
        }
    }

    /** Their keys are known in the script alone, which a cluster allows within a slot. */
    @Test
    void textsWithALifeOfTheirOwnAreInTheSlotOfTheirRoom() {
        try (TestCluster cluster = new TestCluster();
                ChatNode node = ChatNode.open(cluster.uris())) {
            node.room(); // Until then the cluster may not be whole.
            for (int i = 0; i < 10; i++) {
                SharedRoom room = SharedRoom.create(node.redis().store());
                LogEntry entry = room.post("ends", Duration.ofMinutes(5), null);
                LogEntry claimable = room.post("claimable", null, 1);
                assertThat(room.now(entry)).isEqualTo(entry);
                assertThat(room.claim(room.join(), claimable)).isEqualTo("claimable");
                assertThat(room.forget(entry)).isPresent();
                assertThat(room.now(entry).body()).isEmpty();
                assertThat(node.redis().store().destroy(room.room().incarnation(), SharedRoom.HOST))
                        .isTrue();
            }
        }
    }

    private static long subscribers(TestCluster cluster, Membership room) {
        String channel = new KeyNames("ec").channel(room.room().id());
        return cluster.masterOf(channel).pubsubShardNumsub(channel).get(channel);
    }

    /** Over the one channel of all nodes, which has no slot of its own; a signal may be lost while servers come back. */
    private void assertRevokes(ChatNode here, ChatNode there) {
        Membership room = rooms.get(0);
        RoomId id = room.room().id();
        String guest = "user-guest";
        Membership seat = ChatNode.untilAnswered(() -> here.service().asHost(id).admit(new Identity(guest, "Guest")));
        try (Subscription stream = ChatNode.untilAnswered(
                () -> there.service().transport().subscribe(id, seat.token(), Cursor.now(), () -> {}))) {
            Await.until(COMMAND_TIMEOUT, "the stream on the other node ends", () -> {
                ChatNode.untilAnswered(() -> {
                    here.service().revoke(guest);
                    return guest;
                });
                stream.poll(10);
                return stream.isEnded();
            });
        }
        Await.until(
                COMMAND_TIMEOUT,
                "the seat is free",
                () -> here.service().authenticate(id, seat.token()).isEmpty());
    }

    private void open(ChatNode here, ChatNode there) {
        for (int i = 0; i < ROOMS; i++) {
            Membership room = here.room();
            rooms.add(room);
            checkers.add(new HistoryChecker());
            heard.add(here.listen(room));
            heard.add(there.listen(room));
        }
    }

    private void talk(ChatNode here, ChatNode there, String text) {
        for (int n = 0; n < 10; n++) {
            for (int i = 0; i < ROOMS; i++) {
                String one = text + (n == 9 ? "" : " " + n);
                String id = one.replace(' ', '-');
                PostResult posted = (n % 2 == 0 ? here : there).postUntilStored(rooms.get(i), one, id);
                checkers.get(i).acknowledged(posted.message().sequence(), one);
            }
        }
    }

    /** Changes each room, as its owner and as the host, and waits until both nodes know. */
    private void steer(ChatNode node, String title) {
        rooms.forEach(room -> ChatNode.untilAnswered(() -> {
            RoomId id = room.room().id();
            node.service().as(id, room.token()).setProperty("title", title);
            node.service().asHost(id).lock();
            return id;
        }));
        Await.until(
                COMMAND_TIMEOUT,
                "all hear of the change",
                () -> heard.stream()
                        .allMatch(one -> one.isLocked() && one.values("title").contains(title)));
    }

    private void assertSteered() {
        assertThat(heard)
                .allSatisfy(one -> assertThat(one.values("title"))
                        .containsExactly("at first", "after slots were moved", "after a master was lost"));
    }

    private void assertHeard(String last) {
        for (int i = 0; i < heard.size(); i++) {
            Heard one = heard.get(i);
            Await.until(COMMAND_TIMEOUT, "the last message in room " + i / 2, () -> one.hasText(last));
        }
    }

    private void assertComplete() {
        for (int i = 0; i < heard.size(); i++) {
            HistoryChecker checker = checkers.get(i / 2);
            heard.get(i).tell(checker, "subscriber " + i);
            assertThat(checker.findings()).isEmpty();
        }
    }
}
