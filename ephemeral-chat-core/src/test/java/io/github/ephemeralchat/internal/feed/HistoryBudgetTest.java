package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.scripted.ScriptedBroadcaster;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that has memory for the history of one room, and not of two. */
class HistoryBudgetTest {

    private static final long ENOUGH_FOR_ONE = 200_000;

    private final TestNode node = new TestNode(new ScriptedStore(), new ScriptedBroadcaster(), ENOUGH_FOR_ONE);
    private final Room room = longRoom();
    private final Room other = longRoom();

    /** A room with a feed that begins at its head. */
    private Room longRoom() {
        Room created = node.newRoom();
        node.appendUpTo(created, 600);
        node.subscribe(created, Cursor.now());
        return created;
    }

    private void assertRefused(Room full) {
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> node.subscribe(full, Cursor.start()))
                .withMessage("this node has no memory for more history");
    }

    @Test
    void historyBeyondTheBudget_isRefused_untilFeedsHaveShrunk() {
        assertThat(poll(node.subscribe(room, Cursor.start()))).hasSize(600);
        assertRefused(other);
        assertThat(poll(node.subscribe(room, Cursor.start())))
                .as("what is there")
                .hasSize(600);
        Subscription live = node.subscribe(other, Cursor.now());
        node.post(other, "m601");
        assertThat(poll(live)).containsExactly("m601");

        node.pass(Duration.ofSeconds(30));

        assertThat(node.feeds.history.used()).isZero();
        assertThat(poll(node.subscribe(other, Cursor.start()))).hasSize(601);
    }

    @Test
    void refusedLoad_givesBackWhatItTook() {
        node.subscribe(room, Cursor.start());
        long used = node.feeds.history.used();
        assertThat(used).isPositive();
        assertRefused(other);
        assertThat(node.feeds.history.used()).isEqualTo(used);
    }

    @Test
    void loadThatEndsInAReset_givesBackWhatIsNotKept() {
        node.subscribe(room, Cursor.after(new EntryId(7, 999)));
        node.pass(Duration.ofSeconds(30));
        assertThat(node.feeds.history.used()).isZero();
    }

    @Test
    void endedFeed_givesAllBack() {
        node.subscribe(room, Cursor.start());
        node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
        assertThat(node.feeds.history.used()).isZero();
    }
}
