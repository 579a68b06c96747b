package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private final Limits limits;
    private final ChatTransport observer;

    /** Places taken, never more than the limit of the node: that bounds all three maps. */
    private final AtomicInteger places = new AtomicInteger();

    private final ConcurrentMap<EventStream, Place> streams = new ConcurrentHashMap<>();
    /** A participant's streams, the oldest first; a deque is touched only while its key is computed. */
    private final ConcurrentMap<Participant, Deque<EventStream>> byParticipant = new ConcurrentHashMap<>();

    private final ConcurrentMap<Object, Integer> byAddress = new ConcurrentHashMap<>();

    private final Thread clock = new Thread(this::tickUntilClosed, "ephemeral-chat-streams");
    private final AtomicBoolean clockStarted = new AtomicBoolean();
    private volatile boolean closing;

    /** How many streams there may be at once: on this node, of one client address, of one participant. */
    record Limits(int perNode, int perAddress, int perParticipant) {}

    private record Participant(RoomIncarnation room, String identityId) {}

    private record Place(Participant participant, Object address) {}

    StreamRegistry(Limits limits, ChatTransport observer) {
        this.limits = limits;
        this.observer = observer;
        clock.setDaemon(true);
    }

    /** With the first stream: a container never destroys a servlet that was made for it and never asked. */
    private void startClock() {
        if (!clockStarted.getAndSet(true)) {
            clock.start();
        }
    }

    /**
     * Makes a stream that listens; it still lacks its sink.
     *
     * @throws LimitExceededException if there is no place for another one
     * @throws ChatUnavailableException if this is being closed
     */
    EventStream open(
            String identityId, String clientAddress, boolean ready, Function<Runnable, Subscription> subscribe) {
        Object address = ClientAddress.key(clientAddress);
        takePlace(address);
        startClock();
        EventStream stream = new EventStream(this);
        Subscription subscription;
        try {
            subscription = subscribe.apply(stream::signal);
        } catch (Throwable e) {
            freePlace(address);
            throw e;
        }
        String opening = SseFrames.opening() + (ready ? SseFrames.ready(subscription.startedAfter()) : "");
        stream.carry(subscription, SseFrames.bytes(opening));
        Participant participant = new Participant(subscription.room().incarnation(), identityId);
        admit(stream, new Place(participant, address));
        return stream;
    }

    private void takePlace(Object address) {
        if (closing) {
            throw new ChatUnavailableException("this node takes no more streams");
        }
        if (places.incrementAndGet() > limits.perNode) {
            places.decrementAndGet();
            throw new LimitExceededException("this node has no place for another stream");
        }
        if (byAddress.merge(address, 1, Integer::sum) > limits.perAddress) {
            freePlace(address);
            throw new LimitExceededException("this address has no place for another stream");
        }
    }

    private void freePlace(Object address) {
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        places.decrementAndGet();
    }

    private void admit(EventStream stream, Place place) {
        observer.streamOpened();
        streams.put(stream, place);
        EventStream[] oldest = {null};
        byParticipant.compute(place.participant, (key, present) -> {
            Deque<EventStream> all = present == null ? new ArrayDeque<>(1) : present;
            all.addLast(stream);
            oldest[0] = all.size() > limits.perParticipant ? all.pollFirst() : null;
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
        Place place = streams.remove(stream);
        if (place == null) {
            return;
        }
        freePlace(place.address);
        byParticipant.computeIfPresent(place.participant, (key, all) -> {
            all.remove(stream);
            return all.isEmpty() ? null : all;
        });
        observer.streamClosed();
    }

    @Override
    public void written(int bytes) {
        observer.written(bytes);
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
            } catch (Throwable e) {
                // Without this thread no stream would have a heartbeat or a deadline: nothing may stop it.
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
