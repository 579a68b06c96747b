package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.EventStream.CloseReason;
import io.github.ephemeralchat.tck.SettableTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The states of a stream, in a time that the test moves. */
class EventStreamTest {

    private final SettableTime time = new SettableTime();
    private final EphemeralChatService service = EphemeralChatService.create(
            MemoryRoomStore.builder().timeSource(time).build());
    private final AtomicLong nanos = new AtomicLong();
    private final StreamRegistry registry = new StreamRegistry(
            ChatHttpSettings.defaults(),
            service.transport(),
            new Participants(service.transport(), ChatHttpSettings.defaults()),
            nanos::get,
            service::now);
    private final Membership anna = service.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
    private final TestSink sink = new TestSink();

    @AfterEach
    void close() {
        registry.close();
        service.close();
    }

    private EventStream open() {
        Cursor start = Cursor.now();
        ApiResponse response = registry.open(
                TestRequest.get("/").toApi(),
                start,
                wakeUp -> service.transport().subscribe(anna.room().id(), anna.token(), start, wakeUp));
        EventStream stream = new Reply(response).stream();
        stream.attach(sink);
        return stream;
    }

    private EventStream started() {
        EventStream stream = open();
        stream.start();
        sink.written.setLength(0);
        return stream;
    }

    private void post(String text) {
        service.as(anna.room().id(), anna.token()).post(text);
    }

    private void tickAfter(Duration elapsed) {
        nanos.addAndGet(elapsed.toNanos());
        registry.tick();
    }

    @Test
    void openingStream_writesNothingBeforeItsStart() {
        EventStream stream = open();
        post("early");
        stream.close(CloseReason.GOING_AWAY);
        tickAfter(Duration.ofMinutes(1));
        assertThat(sink.written).isEmpty();
        stream.start();
        assertThat(sink.written.toString()).startsWith(": open\nretry: ").endsWith("\n\n");
        assertThat(sink.closed.get()).isEqualTo(1);
    }

    @Test
    void secondStart_isASignal() {
        EventStream stream = started();
        sink.ready = false;
        post("late");
        assertThat(sink.written).isEmpty();
        sink.ready = true;
        stream.start();
        assertThat(sink.written).contains("\"text\":\"late\"");
    }

    @Test
    void abortedStream_isClosedAndNeverTouchedAgain() {
        EventStream stream = started();
        stream.abort();
        assertThat(registry.size()).isZero();
        post("after");
        stream.close(CloseReason.GOING_AWAY);
        stream.signal();
        tickAfter(Duration.ofMinutes(1));
        assertThat(sink.written).isEmpty();
        assertThat(sink.closed.get()).isEqualTo(1);
    }

    @Test
    void abortBeforeTheStart_closesTheSinkAndTheSubscription() {
        EventStream stream = open();
        stream.abort();
        stream.start();
        assertThat(sink.written).isEmpty();
        assertThat(sink.closed.get()).isEqualTo(1);
        assertThat(registry.size()).isZero();
    }

    @Test
    void abort_winsOverEveryOtherReason() {
        sink.deferred = new ArrayDeque<>();
        EventStream stream = started();
        stream.close(CloseReason.GOING_AWAY);
        stream.abort();
        stream.close(CloseReason.REPLACED);
        sink.deferred.remove().run();
        assertThat(sink.written).isEmpty();
        assertThat(sink.closed.get()).isEqualTo(1);
    }

    @Test
    void abortDuringAWrite_addsNoByte() {
        EventStream stream = started();
        sink.onWrite = stream::abort;
        post("one");
        assertThat(sink.written).contains("one").doesNotContain("retry");
        assertThat(sink.closed.get()).isEqualTo(1);
    }

    @Test
    void replacedStream_endsWithItsEvent() {
        EventStream stream = started();
        stream.close(CloseReason.REPLACED);
        stream.close(CloseReason.GOING_AWAY);
        assertThat(sink.written).hasToString("event: replaced\ndata: {}\n\n");
        assertThat(sink.closed.get()).isEqualTo(1);
    }

    @Test
    void silence_isBrokenByAHeartbeat() {
        started();
        tickAfter(Duration.ofSeconds(12));
        assertThat(sink.written).isEmpty();
        tickAfter(Duration.ofSeconds(1));
        assertThat(sink.written).hasToString(":\n\n");
        tickAfter(Duration.ofSeconds(12));
        assertThat(sink.written).hasToString(":\n\n");
    }

    @Test
    void roomThatEndsSoon_isSaidOnceAtEachLevel() {
        started();
        tickLater(Duration.ofSeconds(299));
        assertThat(sink.written).isEmpty();
        tickLater(Duration.ofSeconds(1));
        assertThat(sink.written.toString()).isEqualTo(expiring("12:10:00.000Z", 300));
        tickLater(Duration.ofMillis(209_999));
        assertThat(sink.written.toString()).isEqualTo(expiring("12:10:00.000Z", 300));
        tickLater(Duration.ofMillis(1));
        tickLater(Duration.ofSeconds(1));
        assertThat(sink.written.toString()).isEqualTo(expiring("12:10:00.000Z", 300) + expiring("12:10:00.000Z", 90));
    }

    @Test
    void roomThatEndsSoon_isSaidAgainAfterItsEndWasMoved() {
        started();
        tickLater(Duration.ofSeconds(520));
        assertThat(sink.written.toString()).isEqualTo(expiring("12:10:00.000Z", 80));
        sink.written.setLength(0);
        service.asHost(anna.room().id()).endIn(Duration.ofSeconds(301));
        tickLater(Duration.ofSeconds(0));
        assertThat(sink.written).contains("event: deadline").doesNotContain("expiring");
        sink.written.setLength(0);
        tickLater(Duration.ofSeconds(1));
        tickLater(Duration.ofSeconds(210));
        assertThat(sink.written.toString()).isEqualTo(expiring("12:13:41.000Z", 300) + expiring("12:13:41.000Z", 90));
    }

    private static String expiring(String at, int left) {
        return "event: expiring\ndata: {\"expiresAt\":\"2030-01-01T" + at + "\",\"secondsLeft\":" + left + "}\n\n";
    }

    /** Moves the store's time alone. */
    private void tickLater(Duration elapsed) {
        time.advance(elapsed);
        registry.tick();
    }

    @Test
    void blockedSink_isAbortedAfterItsDeadline() {
        EventStream stream = started();
        sink.ready = false;
        stream.signal();
        tickAfter(Duration.ofSeconds(29));
        assertThat(sink.closed.get()).isZero();
        tickAfter(Duration.ofSeconds(1));
        assertThat(sink.closed.get()).isEqualTo(1);
    }

    @Test
    void blockedSinkOfAnEndedRoom_isAbortedSooner() {
        EventStream stream = started();
        sink.ready = false;
        stream.signal();
        service.asHost(anna.room().id()).destroy();
        tickAfter(EventStream.LAST_WRITE_DEADLINE);
        stream.awaitClosed(Duration.ofSeconds(10)); // Another thread may be telling the stream of the end just now.
        assertThat(sink.closed.get()).isEqualTo(1);
    }

    @Test
    void waitForTheEnd_isBoundedAndInterruptible() {
        EventStream stream = started();
        long begin = System.nanoTime();
        stream.awaitClosed(Duration.ofMillis(20));
        assertThat(System.nanoTime() - begin)
                .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
        Thread.currentThread().interrupt();
        stream.awaitClosed(Duration.ofHours(1));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void waitForTheEnd_endsWithTheWriter() throws Exception {
        EventStream stream = started();
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        sink.onWrite = () -> {
            writing.countDown();
            await(go);
        };
        Thread writer = new Thread(() -> post("slow"), "test-writer");
        writer.start();
        await(writing);
        stream.abort();
        Thread callback = new Thread(() -> stream.awaitClosed(Duration.ofHours(1)), "test-callback");
        callback.start();
        callback.join(50);
        assertThat(callback.isAlive()).isTrue();
        go.countDown();
        callback.join(10_000);
        writer.join(10_000);
        assertThat(callback.isAlive() || writer.isAlive()).isFalse();
        assertThat(sink.closed.get()).isEqualTo(1);
    }

    @Test
    void closingRegistry_isInterruptible() throws Exception {
        sink.ready = false;
        EventStream stream = started();
        Thread.currentThread().interrupt();
        registry.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(sink.closed.get()).isEqualTo(1);
        assertThat(registry.size()).isZero();
        stream.signal();
        assertThatThrownBy(this::open).isInstanceOf(ChatUnavailableException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A connection that the test controls. */
    private static final class TestSink implements StreamSink {

        private final StringBuilder written = new StringBuilder();
        private volatile boolean ready = true;
        private volatile Runnable onWrite = () -> {};
        private final AtomicInteger closed = new AtomicInteger();
        private Queue<Runnable> deferred;

        @Override
        public boolean isReady() {
            assertThat(closed.get()).isZero();
            return ready;
        }

        @Override
        public void write(byte[] bytes) {
            written.append(new String(bytes, StandardCharsets.UTF_8));
            onWrite.run();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            closed.incrementAndGet();
        }

        @Override
        public void execute(Runnable task) {
            if (deferred == null) {
                task.run();
            } else {
                deferred.add(task);
            }
        }
    }
}
