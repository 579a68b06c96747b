package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node that does not reach Redis, while another one does. */
class CutOffNodeTest {

    private static final Duration TOLD = Duration.ofSeconds(2);
    private static final Duration CLOSED = Duration.ofMillis(2500);

    private final TcpProxy wire = new TcpProxy(RedisServer.shared().port());
    private final ChatNode reaching = ChatNode.open(RedisServer.shared().uri());
    private final ChatNode cutOff = ChatNode.open(RedisServer.uri(wire.port()));

    @AfterEach
    void closeAll() {
        cutOff.close();
        reaching.close();
        wire.close();
    }

    /** E14, the connection gone. */
    @Test
    void deadlineIsToldWhereTheConnectionIsGone() {
        assertDeadlineIsTold(wire::cut);
    }

    /** E14, the connection silent. */
    @Test
    void deadlineIsToldWhereTheConnectionIsSilent() {
        assertDeadlineIsTold(wire::freeze);
    }

    private void assertDeadlineIsTold(Runnable cut) {
        Membership room = reaching.room(Duration.ofSeconds(2), 5);
        long created = System.nanoTime();
        Heard heard = cutOff.listen(room);
        cut.run();
        Await.until(Duration.ofSeconds(2).plus(TOLD), "the end", heard::hasEnded);
        assertThat(heard.ends()).containsExactly(EndReason.EXPIRED);
        assertThat(heard.endNanos() - created)
                .isGreaterThan(Duration.ofMillis(1950).toNanos());
    }

    /** R6, the connection gone. */
    @Test
    void roomDestroyedMeanwhileAcceptsNothingAndIsToldAfterTheConnectionWasGone() {
        assertDestroyedMeanwhile(wire::cut, wire::mend);
    }

    /** R6, the connection silent. */
    @Test
    void roomDestroyedMeanwhileAcceptsNothingAndIsToldAfterTheConnectionWasSilent() {
        assertDestroyedMeanwhile(wire::freeze, wire::mend);
    }

    private void assertDestroyedMeanwhile(Runnable cut, Runnable mend) {
        Membership room = reaching.room();
        Heard heard = cutOff.listen(room);
        cut.run();
        reaching.service().asHost(room.room().id()).destroy();
        assertThat(cutOff.failToPost(room, "into nothing")).isLessThan(CLOSED);
        assertThat(heard.hasEnded()).isFalse();
        mend.run();
        Await.until(TOLD, "the end", heard::hasEnded);
        assertThat(heard.ends()).hasSize(1).containsAnyOf(EndReason.DESTROYED, EndReason.LOST);
    }

    /** What was said while a node was cut off is not lost to its subscribers. */
    @Test
    void messagesOfThatTimeAreDeliveredAfterIt() {
        Membership room = reaching.room();
        Heard heard = cutOff.listen(room);
        wire.cut();
        for (int i = 0; i < 50; i++) {
            reaching.post(room, "message " + i);
        }
        wire.mend();
        Await.until(Duration.ofSeconds(5), "all of them", () -> heard.messages() == 50);
        assertThat(heard.resets()).isZero();
    }

    /** R1: under load nobody waits long, nothing is queued, deadlines are told, and the host's threads are spared. */
    @Test
    void silentConnectionFailsEveryPostInTimeAndSparesTheHost() {
        Duration silence = Duration.ofSeconds(Rounds.of(10, 60));
        Membership room = reaching.room();
        Heard heard = cutOff.listen(room);
        cutOff.post(room, "before");
        Membership ending = reaching.room(silence.dividedBy(2), 5);
        long ends = System.nanoTime() + silence.dividedBy(2).toNanos();
        Heard end = cutOff.listen(ending);
        long heap = usedHeap();
        wire.freeze();
        try (HostLoad host = new HostLoad()) {
            host.run(silence, () -> cutOff.failToPost(room, "lost"));
            assertThat(host.posts()).hasSizeGreaterThan((int) silence.toSeconds() * 20);
            assertThat(host.posts()).allMatch(took -> took.compareTo(CLOSED) < 0);
            assertThat(host.otherWork()).as("other work of the host").allMatch(waited -> waited.toMillis() < 1000);
        }
        assertThat(end.ends()).as("a deadline that passed meanwhile").containsExactly(EndReason.EXPIRED);
        assertThat(end.endNanos() - ends).isLessThan(TOLD.toNanos());
        assertThat(usedHeap() - heap).as("bytes that the silence has taken").isLessThan(10L << 20);
        RedisServer.sleep(RedisCalls.COMMAND_TIMEOUT.plusMillis(300).toMillis());
        wire.mend();
        cutOff.postUntilStored(room, "after", "after");
        Await.until(Duration.ofSeconds(5), "it goes on", () -> heard.hasText("after"));
        assertThat(heard.messages()).as("what failed was not stored later").isEqualTo(2);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
