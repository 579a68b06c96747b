package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster is moving a slot: of a room some keys have gone. Every change is made as a whole, or refused and not made. */
class HalfMovedSlotTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(5);

    private static TestCluster cluster;
    private static RedisChat node;

    private final SharedRoom room = ChatNode.untilAnswered(() -> SharedRoom.create(node.store()));
    private final Seat member = room.join();
    private final String key = new KeyNames("ec").keys(room.id())[0];
    private final String bodies = key + ":bodies";

    @BeforeAll
    static void startCluster() {
        cluster = new TestCluster();
        node = RedisChat.connect(cluster.uris());
    }

    @AfterAll
    static void stopCluster() {
        node.close();
        cluster.close();
    }

    private String keyOf(LogEntry entry) {
        return key + ":b:" + entry.id().sequence();
    }

    private static void assertRefused(ThrowingCallable change) {
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(change);
    }

    private void assertRefused(RoomChange change) {
        RoomState before = room.state();
        for (int i = 0; i < 2; i++) {
            assertRefused(() -> room.steer(change));
            assertThat(room.state()).isEqualTo(before);
        }
    }

    private void postOneThatIsOver() {
        room.post("over", SHORT, null);
        RedisServer.sleep(SHORT.toMillis() + 50);
    }

    /** Its streams would go on, and nobody would be told, if its seat was freed and the log did not say so. */
    @Test
    void memberIsRemovedWithItsEntryOrNotAtAll() {
        postOneThatIsOver();
        cluster.moveOnly(bodies);

        assertRefused(new RoomChange.Leave(member.identity().id()));

        cluster.moveSlotOf(key);
        ChatNode.untilAnswered(
                () -> room.steer(new RoomChange.Leave(member.identity().id())));
        assertThat(kinds()).endsWith(LogEntry.LEFT);
        assertThat(room.state().members()).hasSize(1);
    }

    private List<String> kinds() {
        return node.store().readAfter(room.room().incarnation(), EntryId.START, 100).entries().stream()
                .map(LogEntry::kind)
                .toList();
    }

    @Test
    void everyChangeIsWholeOrNotMade_ifTheSetOfBodiesHasGone() {
        postOneThatIsOver();
        LogEntry claimable = room.post("claimable", LONG, 1);
        cluster.moveOnly(bodies);
        Instant later = room.room().expiresAt().plusSeconds(60);

        Stream.of(
                        new RoomChange.Admission(true, new ProofChange.Keep()),
                        new RoomChange.Assign(member.identity().id(), Role.READER),
                        new RoomChange.Property("topic", "x"),
                        new RoomChange.Deadline(later),
                        new RoomChange.Forget(claimable.id().sequence()))
                .forEach(this::assertRefused);
        RoomState before = room.state();
        assertRefused(() -> room.join());
        assertRefused(() -> room.claim(member, claimable));
        assertThat(room.state()).isEqualTo(before);
        assertThat(cluster.masterOf(key).pexpiretime(key))
                .isEqualTo(room.room().expiresAt().toEpochMilli());

        cluster.moveSlotOf(key);
        assertThat(ChatNode.untilAnswered(() -> room.claim(member, claimable))).isEqualTo("claimable");
    }

    @Test
    void everyChangeIsWholeOrNotMade_ifATextHasGone() {
        LogEntry claimable = room.post("claimable", null, 2);
        LogEntry other = room.post("other", LONG, null);
        room.claim(member, claimable);
        cluster.moveOnly(keyOf(claimable));

        assertRefused(new RoomChange.Deadline(room.room().createdAt().plusSeconds(120)));
        assertThat(cluster.masterOf(key).pexpiretime(keyOf(other)))
                .isEqualTo(other.life().expiresAt().toEpochMilli());
        assertRefused(new RoomChange.Forget(claimable.id().sequence()));

        cluster.moveSlotOf(key);
        ChatNode.untilAnswered(() -> room.forget(claimable));
        assertThat(cluster.masterOf(key).exists(keyOf(claimable))).isZero();
    }

    /** What Redis has removed by itself is as absent as what has gone. */
    @Test
    void textsThatAreOverKeepNobodyFromChangingTheRoom() {
        postOneThatIsOver();
        cluster.moveOnly(bodies + "-none");

        assertThat(room.change(member.actor(), new RoomChange.Leave(null))).isPresent();
        assertThat(kinds()).endsWith(LogEntry.LEFT);
        assertThat(cluster.masterOf(key).hkeys(key + ":log")).doesNotContain("due");
        cluster.moveSlotOf(key);
    }

    @Test
    void roomWithoutTextsOfTheirOwnIsNotAffected() {
        cluster.moveOnly(bodies);

        assertThat(room.post(room.owner().actor(), "k").stored()).isTrue();
        assertThat(room.steer(new RoomChange.Leave(member.identity().id()))).isPresent();
        assertThat(room.steer(new RoomChange.Deadline(room.room().expiresAt().plusSeconds(60))))
                .isPresent();
        assertThat(node.store().destroy(room.room().incarnation(), SharedRoom.HOST))
                .isTrue();
        cluster.moveSlotOf(key);
    }
}
