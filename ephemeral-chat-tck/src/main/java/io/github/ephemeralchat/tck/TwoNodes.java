package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two services over one store and one broadcaster, and what tests do with them. */
abstract class TwoNodes {

    static final Duration SOON = Duration.ofSeconds(2);
    static final Duration LIMIT = Duration.ofSeconds(20);

    private final List<AutoCloseable> open = new ArrayList<>();
    RoomStore store;
    RoomBroadcaster broadcaster;
    EphemeralChatService here;
    EphemeralChatService there;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    TwoNodes() {}

    protected abstract RoomStore store(LogLimits limits);

    protected abstract RoomBroadcaster broadcaster();

    @BeforeEach
    final void startTwoNodes() {
        start(LogLimits.DEFAULT, broadcaster());
    }

    final void start(LogLimits limits, RoomBroadcaster between) {
        store = store(limits);
        broadcaster = between;
        here = closeLater(EphemeralChatService.create(store, broadcaster));
        there = closeLater(EphemeralChatService.create(store, broadcaster));
    }

    private <T extends AutoCloseable> T closeLater(T closeable) {
        open.add(closeable);
        return closeable;
    }

    @AfterEach
    final void stopNodes() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    Membership newRoom() {
        return here.createRoom(RoomOptions.defaults(), Identity.anonymous());
    }

    /** A room that ends sooner than the service would let it. */
    Membership newRoom(Duration life) {
        TestRoom room = TestRoom.create(store, RoomId.random(), life, 2);
        return here.join(room.id(), Identity.anonymous());
    }

    Listener listen(EphemeralChatService node, Membership in, Cursor cursor) {
        return listen(node, in, cursor, new Listener());
    }

    Listener listen(EphemeralChatService node, Membership in, Cursor cursor, Listener listener) {
        closeLater(node.subscribe(in.room().id(), cursor, listener));
        return listener;
    }

    PolledStream stream(EphemeralChatService node, Membership as) {
        return new PolledStream(
                closeLater(node.transport().subscribe(as.room().id(), as.token(), Cursor.now(), () -> {})));
    }

    static void post(EphemeralChatService node, Membership as, String text) {
        node.as(as.room().id(), as.token()).post(text);
    }

    static boolean postMany(EphemeralChatService node, Membership as, int from, int to) {
        IntStream.range(from, to).forEach(i -> post(node, as, "message " + i));
        return true;
    }

    static void awaitCount(Listener listener, int count) {
        Await.until(LIMIT, count + " messages arrive", () -> listener.messages().size() >= count);
        assertThat(listener.messages()).hasSize(count);
    }

    /** Four writers, two on each node, post that many messages together. */
    void postFromBothNodes(Membership owner, int count) {
        Membership other = there.join(owner.room().id(), Identity.anonymous());
        int share = count / 4;
        try (Crowd writers = new Crowd(4)) {
            writers.all(i -> i % 2 == 0
                    ? postMany(here, owner, i * share, (i + 1) * share)
                    : postMany(there, other, i * share, (i + 1) * share));
        }
    }

    static void assertEnded(Listener listener, EndReason reason) {
        Await.until(SOON.plusSeconds(1), "the end is delivered", listener::hasEnded);
        assertThat(listener.ends()).containsExactly(reason);
        assertThat(listener.events()).last().isInstanceOf(RoomDestroyed.class);
    }
}
