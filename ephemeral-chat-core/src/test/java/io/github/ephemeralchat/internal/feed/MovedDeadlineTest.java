package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a feed ends whose room's end was moved. */
class MovedDeadlineTest {

    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);

    private final TestNode node = new TestNode();
    private final Room room = node.store.newRoom(TWO_MINUTES);
    private final Subscription subscription = node.subscribe(room, Cursor.now());

    private void pass(Duration duration) {
        Duration step = Duration.ofSeconds(1);
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(step)) {
            node.pass(step);
        }
    }

    private void assertLives() {
        assertThat(subscription.hasRoomEnded()).isFalse();
    }

    private void assertExpired() {
        assertThat(poll(subscription)).contains("ended: EXPIRED");
    }

    @Test
    void extension_thatIsSignalled_movesTheEnd() {
        node.feeds.announce(node.moveEnd(room, Duration.ofMinutes(10)), null);
        assertThat(subscription.expiresAt()).isEqualTo(node.store.now().plus(Duration.ofMinutes(10)));
        pass(Duration.ofMinutes(9));
        assertLives();
        pass(Duration.ofMinutes(1));
        assertExpired();
    }

    @Test
    void extension_whoseSignalIsLost_isSeenByThePositionCheck() {
        pass(Duration.ofMinutes(1));
        node.moveEnd(room, Duration.ofMinutes(10));
        pass(Duration.ofMinutes(9));
        assertLives();
        pass(Duration.ofMinutes(1));
        assertExpired();
    }

    @Test
    void shortenedLife_thatIsSignalled_endsEarlier() {
        node.feeds.announce(node.moveEnd(room, Duration.ofMinutes(1)), null);
        pass(Duration.ofSeconds(59));
        assertLives();
        pass(Duration.ofSeconds(1));
        assertExpired();
    }

    @Test
    void shortenedLife_whoseSignalIsLost_endsInTime() {
        node.moveEnd(room, Duration.ofMinutes(1));
        pass(Duration.ofMinutes(1));
        assertExpired();
    }

    @Test
    void lastOfSeveralMoves_counts() {
        node.feeds.announce(node.moveEnd(room, Duration.ofMinutes(10)), null);
        node.feeds.announce(node.moveEnd(room, Duration.ofMinutes(3)), null);
        node.feeds.announce(node.moveEnd(room, Duration.ofMinutes(5)), null);
        pass(Duration.ofSeconds(299));
        assertLives();
        pass(Duration.ofSeconds(1));
        assertExpired();
    }

    @Test
    void move_whoseEntryWasTrimmed_isReadFromTheRoom() {
        node.append(room, "m2");
        node.moveEnd(room, Duration.ofMinutes(10));
        node.append(room, "m4");
        node.store.inside(room).keep(1);
        pass(HALF_A_MINUTE);
        assertThat(poll(subscription)).containsExactly("TRUNCATED from 4", "m4");
        pass(Duration.ofMinutes(9));
        assertLives();
        pass(HALF_A_MINUTE);
        assertExpired();
    }

    @Test
    void move_thatAFailoverHasLost_isForgotten() {
        node.feeds.announce(node.moveEnd(room, Duration.ofMinutes(1)), null);
        node.store.inside(room).fork(1);
        node.store.inside(room).moveDeadline(room.expiresAt());
        pass(HALF_A_MINUTE);
        assertThat(poll(subscription)).contains("FORKED from 1");
        pass(Duration.ofSeconds(89));
        assertLives();
        pass(Duration.ofSeconds(1));
        assertExpired();
    }

    @Test
    void newSubscriber_bringsTheDeadlineThatItHasRead() {
        Appended moved = node.moveEnd(room, Duration.ofMinutes(10));
        Room now = node.store.find(room.id()).orElseThrow().room();
        node.feeds.subscribe(now, moved.entry().id(), null, Cursor.now(), () -> {});
        assertThat(subscription.expiresAt()).isEqualTo(now.expiresAt());
    }

    @Test
    void olderState_doesNotUndoALaterMove() {
        Room before = node.store.find(room.id()).orElseThrow().room();
        Appended moved = node.moveEnd(room, Duration.ofMinutes(10));
        node.feeds.announce(moved, null);
        node.feeds.subscribe(before, moved.previous(), null, Cursor.now(), () -> {});
        assertThat(subscription.expiresAt()).isEqualTo(node.store.now().plus(Duration.ofMinutes(10)));
    }

    @Test
    void feedThatEndedWhileTheStoreWasSilent_isFoundAgainWithTheRoom() {
        node.moveEnd(room, Duration.ofMinutes(10));
        node.store.setUnavailable(true);
        pass(Duration.ofMinutes(3));
        assertExpired();
        node.store.setUnavailable(false);
        pass(Duration.ofSeconds(2));
        Room now = node.store.find(room.id()).orElseThrow().room();
        Subscription again = node.subscribe(now, Cursor.now());
        node.post(now, "still here");
        assertThat(poll(again)).containsExactly("still here");
    }
}
