package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.Membership;
import io.github.ephemeralchat.RoomEvent.EndReason;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        assertDestroyedMeanwhile(wire::freeze, wire::thaw);
    }

    private void assertDestroyedMeanwhile(Runnable cut, Runnable mend) {
        Membership room = reaching.room();
        Heard heard = cutOff.listen(room);
        cut.run();
        reaching.service().destroyRoom(room.room().id());
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

    /** R1, shorter: nothing is queued, nobody waits long, and only so many threads wait at all. */
    @Test
    void silentConnectionFailsEveryCallInTimeAndDoesNothingLater() {
        Membership room = reaching.room();
        Heard heard = cutOff.listen(room);
        cutOff.post(room, "before");
        long heap = usedHeap();
        wire.freeze();
        try (Crowd hosts = new Crowd(150)) {
            for (int part = 0; part < Rounds.of(1, 9); part++) {
                assertCallersAreSpared(hosts, room, Duration.ofSeconds(7));
            }
        }
        assertThat(usedHeap() - heap).as("bytes that the silence has taken").isLessThan(10L << 20);
        RedisServer.sleep(RedisCalls.PATIENCE.plusMillis(300).toMillis());
        wire.thaw();
        cutOff.postUntilStored(room, "after", "after");
        Await.until(Duration.ofSeconds(5), "it goes on", () -> heard.hasText("after"));
        assertThat(heard.messages()).as("what failed was not stored later").isEqualTo(2);
    }

    private void assertCallersAreSpared(Crowd hosts, Membership room, Duration silence) {
        long end = System.nanoTime() + silence.toNanos();
        List<Duration> calls = hosts.all(i -> callsUntil(end, room)).stream()
                .flatMap(List::stream)
                .toList();
        assertThat(calls).allMatch(took -> took.compareTo(CLOSED) < 0);
        assertThat(calls)
                .filteredOn(took -> took.toMillis() > 1000)
                .as("calls that waited")
                .hasSizeLessThanOrEqualTo((int) (CallGate.MAX_WAITING * (silence.toSeconds() / 2 + 2)));
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private List<Duration> callsUntil(long end, Membership room) {
        List<Duration> calls = new ArrayList<>();
        while (System.nanoTime() < end) {
            calls.add(cutOff.failToPost(room, "lost"));
            RedisServer.sleep(50);
        }
        return calls;
    }
}
