package io.github.ephemeralchat.internal.feed;

import static io.github.ephemeralchat.internal.feed.TestNode.after;
import static io.github.ephemeralchat.internal.feed.TestNode.poll;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is decoded under a feed's lock: while a decoder blocks, posts to the same feed go through. */
class FeedLockTest {

    private final TestNode node = new TestNode();
    private final Room room = node.newRoom();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final CountDownLatch decoding = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void stop() {
        goOn.countDown();
        threads.shutdownNow();
    }

    private void blockDecoderAt(String text) {
        node.decoder = entry -> decode(entry, text);
    }

    private SharedEvent decode(LogEntry entry, String text) {
        if (entry.body().equals(text)) {
            decoding.countDown();
            try {
                assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return EventCodec.decode(entry);
    }

    /** Posts while the other thread's decoder blocks. */
    private void postMeanwhile(Future<?> blocked) throws Exception {
        assertThat(decoding.await(20, TimeUnit.SECONDS)).isTrue();
        threads.submit(() -> node.post(room, "meanwhile")).get(20, TimeUnit.SECONDS);
        assertThat(blocked.isDone()).isFalse();
        goOn.countDown();
        blocked.get(20, TimeUnit.SECONDS);
    }

    @Test
    void history_loadedForAResume_delaysNoPost() throws Exception {
        node.appendUpTo(room, 600);
        Subscription live = node.subscribe(room, Cursor.now());
        blockDecoderAt("m300");
        Future<Subscription> resumed = threads.submit(() -> node.subscribe(room, after(200)));
        postMeanwhile(resumed);
        assertThat(poll(live)).containsExactly("meanwhile");
        assertThat(poll(resumed.get())).hasSize(401).startsWith("m201").endsWith("meanwhile");
    }

    @Test
    void history_linkedByACheck_delaysNoPost() throws Exception {
        Subscription live = node.subscribe(room, Cursor.now());
        node.append(room, "m2");
        blockDecoderAt("m2");
        node.broadcaster.deliver(new RoomSignal.Missed(room.id()));
        postMeanwhile(threads.submit(node::run));
        node.tick();
        assertThat(poll(live)).containsExactly("m2", "meanwhile");
    }

    @Test
    void signal_accepted_delaysNoPost() throws Exception {
        Subscription live = node.subscribe(room, Cursor.now());
        Appended appended = node.append(room, "m2");
        blockDecoderAt("m2");
        postMeanwhile(threads.submit(() -> node.broadcaster.deliver(appended.signal())));
        node.run();
        assertThat(poll(live)).containsExactly("m2", "meanwhile");
    }
}
