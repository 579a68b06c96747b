package io.github.ephemeralchat.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.RoomSignal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a node tells its host of the ends of rooms: each once, and only where it was done or somebody listened. */
class EndToldTest {

    private final TestNode node = new TestNode();
    private final TestNode other = new TestNode(node.store, node.broadcaster);
    private final Room room = node.newRoom();

    private void listenOnBoth() {
        node.subscribe(room, Cursor.start());
        other.subscribe(room, Cursor.start());
    }

    private boolean destroy() {
        return node.feeds.destroy(room.incarnation(), ScriptedStore.HOST);
    }

    private void run() {
        node.run();
        other.run();
    }

    @Test
    void destroyedRoom_isToldByTheNodeThatDidIt() {
        listenOnBoth();
        destroy();
        destroy();
        run();
        assertThat(node.told).containsExactly(EndReason.DESTROYED);
        assertThat(other.told).isEmpty();
    }

    @Test
    void destroyedRoom_withoutAListener_isToldOnce() {
        destroy();
        destroy();
        run();
        assertThat(node.told).containsExactly(EndReason.DESTROYED);
    }

    @Test
    void destroyWithoutAnAnswer_isToldOnceItIsKnown() {
        listenOnBoth();
        node.store.after(Call.DESTROY, () -> {
            throw new ChatUnavailableException("no answer");
        });
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(this::destroy);
        assertThat(node.told).isEmpty();
        run();
        assertThat(destroy()).isFalse();
        run();
        assertThat(node.told).containsExactly(EndReason.DESTROYED);
        assertThat(other.told).isEmpty();
    }

    @Test
    void destroyWithoutAnAnswer_repeatedAtOnce_isTold() {
        listenOnBoth();
        node.store.after(Call.DESTROY, () -> {
            throw new ChatUnavailableException("no answer");
        });
        assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(this::destroy);
        assertThat(destroy()).isFalse();
        run();
        assertThat(node.told).containsExactly(EndReason.DESTROYED);
    }

    @Test
    void expiredRoom_isToldWhereSomebodyListened() {
        node.subscribe(room, Cursor.start());
        node.pass(TestNode.HOUR);
        other.tick();
        run();
        assertThat(node.told).containsExactly(EndReason.EXPIRED);
        assertThat(other.told).isEmpty();
    }

    /** This node's idea of the store's time is ahead, and a client comes back at once. */
    @Test
    void expiredRoom_thatEndsAgain_isToldOnce() {
        node.tick();
        node.store.failClockWith(new ChatUnavailableException("no clock"));
        for (int i = 0; i < 2; i++) {
            node.subscribe(room, Cursor.start());
            node.time.pass(TestNode.HOUR);
            node.tick();
            node.run();
        }
        assertThat(node.told).containsExactly(EndReason.EXPIRED);
    }

    @Test
    void lostRoom_isTold() {
        node.subscribe(room, Cursor.start());
        node.store.lose(room);
        node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        node.run();
        node.pass(Duration.ofMillis(500));
        node.run();
        assertThat(node.told).containsExactly(EndReason.LOST);
    }

    @Test
    void roomThatNobodyListensToAnyMore_isNotTold() {
        node.subscribe(room, Cursor.start()).close();
        node.pass(TestNode.HOUR);
        node.run();
        assertThat(node.told).isEmpty();
    }
}
