package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.LimitExceededException;
import io.github.ephemeralchat.RoomKey;
import io.github.ephemeralchat.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of this node: their limits, their clock and their end. Free of the servlet API. */
final class StreamRegistry implements EventStream.Owner, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StreamRegistry.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final int maxStreams;
    private final int maxStreamsPerParticipant;

    /** Places taken, never more than {@code maxStreams}: that bounds both maps. */
    private final AtomicInteger places = new AtomicInteger();

    private final ConcurrentMap<EventStream, Holder> streams = new ConcurrentHashMap<>();
    /** A participant's streams, the oldest first; a deque is touched only while its key is computed. */
    private final ConcurrentMap<Holder, Deque<EventStream>> byHolder = new ConcurrentHashMap<>();

    private final Thread clock = new Thread(this::tickUntilClosed, "ephemeral-chat-streams");
    private volatile boolean closing;

    private record Holder(RoomKey room, String identityId) {}

    StreamRegistry(int maxStreams, int maxStreamsPerParticipant) {
        this.maxStreams = maxStreams;
        this.maxStreamsPerParticipant = maxStreamsPerParticipant;
        clock.setDaemon(true);
        clock.start();
    }

    /**
     * Makes a stream that listens; it still lacks its sink.
     *
     * @throws LimitExceededException if there is no place for another one
     */
    EventStream open(String identityId, boolean ready, Function<Runnable, Subscription> subscribe) {
        takePlace();
        EventStream stream = new EventStream(this);
        Subscription subscription;
        try {
            subscription = subscribe.apply(stream::signal);
        } catch (RuntimeException e) {
            places.decrementAndGet();
            throw e;
        }
        String opening = SseFrames.opening() + (ready ? SseFrames.ready(subscription.startedAfter()) : "");
        stream.carry(subscription, SseFrames.bytes(opening));
        admit(stream, new Holder(subscription.room().key(), identityId));
        return stream;
    }

    private void takePlace() {
        if (closing) {
            throw new LimitExceededException("this node takes no more streams");
        }
        if (places.incrementAndGet() > maxStreams) {
            places.decrementAndGet();
            throw new LimitExceededException("this node has no place for another stream");
        }
    }

    private void admit(EventStream stream, Holder holder) {
        streams.put(stream, holder);
        EventStream[] oldest = {null};
        byHolder.compute(holder, (key, present) -> {
            Deque<EventStream> all = present == null ? new ArrayDeque<>(1) : present;
            all.addLast(stream);
            oldest[0] = all.size() > maxStreamsPerParticipant ? all.pollFirst() : null;
            return all;
        });
        if (oldest[0] != null) {
            oldest[0].replace();
        }
        if (closing) {
            stream.sayFarewell(); // close() may have walked the map before this was in it.
        }
    }

    @Override
    public void closed(EventStream stream) {
        Holder holder = streams.remove(stream);
        if (holder == null) {
            return;
        }
        places.decrementAndGet();
        byHolder.computeIfPresent(holder, (key, all) -> {
            all.remove(stream);
            return all.isEmpty() ? null : all;
        });
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    private void tickUntilClosed() {
        while (!closing) {
            try {
                Thread.sleep(TICK.toMillis());
                long nanos = nanos();
                streams.keySet().forEach(stream -> stream.tick(nanos));
            } catch (InterruptedException e) {
                return; // Only close() interrupts.
            } catch (RuntimeException e) {
                log.warn("A tick failed with {}", e.getClass().getName());
            }
        }
    }

    int size() {
        return streams.size();
    }

    /** Ends all streams with a word on when to come back; those that cannot take it in time are cut off. */
    @Override
    public void close() {
        closing = true;
        clock.interrupt();
        streams.keySet().forEach(EventStream::sayFarewell);
        long begin = nanos();
        while (!streams.isEmpty() && nanos() - begin < CLOSE_WITHIN.toNanos()) {
            LockSupport.parkNanos(1_000_000);
        }
        streams.keySet().forEach(EventStream::abandon);
    }
}
