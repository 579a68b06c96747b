package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The listening connection is cut or falls silent, while calls go on. */
class ListeningTest {

    private static final Duration SOON = Duration.ofSeconds(2);
    /** Less than a position check takes: it was the connection that was mended. */
    private static final Duration NOTICED = Duration.ofSeconds(9);

    private static final Duration TORN = Duration.ofSeconds(15);

    private final TestDatabase database = TestDatabase.shared();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final TcpProxy signals = new TcpProxy(database.server().port(), reply -> {
        Reply one = new Reply(reply);
        replies.add(one);
        return one;
    });
    private final ChatNode speaking = ChatNode.open(database);
    private final ChatNode listening = ChatNode.open(database, database.server().port(), signals.port());

    @AfterEach
    void closeAll() {
        speaking.close();
        listening.close();
        signals.close();
    }

    @Test
    void messageIsHeardSoon() {
        Membership room = speaking.room();
        Heard heard = listening.listen(room);
        speaking.post(room, "hello");
        Await.until(SOON, "it is heard", () -> heard.hasText("hello"));
    }

    @Test
    void whatWasSaidWhileTheConnectionWasCutIsHeardOnceItIsBack() {
        Membership room = speaking.room();
        Heard heard = listening.listen(room);
        signals.cut();
        speaking.post(room, "while cut");
        assertThat(heard.hasText("while cut")).isFalse();
        signals.mend();
        Await.until(SOON, "it is heard", () -> heard.hasText("while cut"));
        assertThat(heard.resets()).isZero();
    }

    /** As if a router on the way had forgotten it: the connection stays, and nothing comes over it any more. */
    @Test
    void connectionThatFallsSilentIsReplaced() {
        Membership room = speaking.room();
        Heard heard = listening.listen(room);
        replies.forEach(Reply::fallSilent);
        speaking.post(room, "while silent");
        Await.until(NOTICED, "it is heard over another connection", () -> heard.hasText("while silent"));
        assertThat(heard.resets()).isZero();
    }

    /** As above, but in the middle of a notification: the driver waits for its rest, however long that takes. */
    @Test
    void connectionThatFallsSilentWithinANotificationIsReplaced() {
        NodeSignal signal = new NodeSignal.Revoked(Identity.anonymous().id(), 7);
        Queue<NodeSignal> heard = new ConcurrentLinkedQueue<>();
        RoomBroadcaster.Registration registration =
                listening.postgresql().broadcaster().subscribeToAll(heard::add);
        replies.forEach(Reply::tear);
        Await.until(TORN, "it is heard over another connection", () -> {
            speaking.postgresql().broadcaster().publishToAll(signal);
            return heard.contains(signal);
        });
        registration.close();
    }

    /** Notifications are said faster than the connection carries them: calls do not wait for it, and nothing is skipped. */
    @Test
    void connectionThatIsSlowLosesNothing() {
        Membership room = speaking.room();
        Heard heard = listening.listen(room);
        replies.forEach(Reply::becomeSlow);
        int posts = Rounds.of(200, 2_000);
        long start = System.nanoTime();
        for (int i = 0; i < posts; i++) {
            speaking.post(room, "message " + i);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).as("the calls").isLessThan(Duration.ofMillis(100).multipliedBy(posts));
        // Many signals that were joined take the connection longer than a position check.
        Duration limit = took.plusSeconds(Rounds.of((int) NOTICED.toSeconds(), 31));
        Await.until(limit, "all is heard", () -> heard.messages() == posts);
        assertThat(heard.all(MessagePosted.class))
                .extracting(posted -> posted.message().text())
                .containsExactlyElementsOf(
                        IntStream.range(0, posts).mapToObj(i -> "message " + i).toList());
        assertThat(heard.resets()).isZero();
    }

    /** What the server says over one connection. */
    private static final class Reply extends FilterInputStream {

        private static final int TORN_BYTES = 3;
        private static final int SLOW_BYTES = 256;
        private static final int SLOW_MILLIS = 30;

        private volatile boolean silent;
        private volatile boolean slow;
        private volatile boolean torn;

        Reply(InputStream in) {
            super(in);
        }

        void fallSilent() {
            silent = true;
        }

        /** Passes the beginning of what comes next, and nothing more. */
        void tear() {
            torn = true;
        }

        void becomeSlow() {
            slow = true;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (slow) {
                LockSupport.parkNanos(Duration.ofMillis(SLOW_MILLIS).toNanos());
            }
            int n = super.read(buffer, offset, slow ? Math.min(length, SLOW_BYTES) : length);
            while (silent && n >= 0) {
                n = super.read(buffer, offset, length);
            }
            if (torn) {
                silent = true;
                return Math.min(n, TORN_BYTES);
            }
            return n;
        }
    }

    @Test
    void identityIsRevokedOnAllNodes() {
        RoomBroadcaster broadcaster = speaking.postgresql().broadcaster();
        Queue<NodeSignal> heard = new ConcurrentLinkedQueue<>();
        RoomBroadcaster.Registration registration =
                listening.postgresql().broadcaster().subscribeToAll(heard::add);
        NodeSignal revoked = new NodeSignal.Revoked(Identity.anonymous().id(), 7);
        broadcaster.publishToAll(revoked);
        Await.until(SOON, "it is heard", () -> heard.contains(revoked));
        registration.close();
    }

    @Test
    void nodeThatOnlyPollsHearsOfEntriesAndEnds() {
        try (PostgresqlChat polling = PostgresqlChat.builder(TestDatabase.sharedPool())
                        .polling()
                        .open();
                var service = EphemeralChatService.create(polling.store(), polling.broadcaster())) {
            Membership room = speaking.room();
            Heard heard = new Heard();
            service.subscribe(room.room().id(), Cursor.start(), heard);
            speaking.post(room, "hello");
            Await.until(SOON, "it is heard", () -> heard.hasText("hello"));
            speaking.service().asHost(room.room().id()).destroy();
            Await.until(SOON, "the end is heard", () -> !heard.ends().isEmpty());
        }
    }
}
