package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The streams of this node: their limits, their ticker and their end. */
final class StreamRegistry implements EventStream.Owner, AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final ChatHttpSettings settings;
    private final ChatTransport transport;
    private final LongSupplier nanoTime;

    /** Places taken, never more than the limit of the node: that bounds all three maps. */
    private final AtomicInteger places = new AtomicInteger();

    private final ConcurrentMap<EventStream, Place> streams = new ConcurrentHashMap<>();
    /** A participant's streams, the oldest first; a deque is touched only while its key is computed. */
    private final ConcurrentMap<Seat, Deque<EventStream>> bySeat = new ConcurrentHashMap<>();

    private final ConcurrentMap<Object, Integer> byAddress = new ConcurrentHashMap<>();

    private @Nullable Ticker ticker;
    private volatile boolean closing;

    private record Seat(RoomIncarnation room, String identityId) {}

    private record Place(Seat seat, Object address) {}

    StreamRegistry(ChatHttpSettings settings, ChatTransport transport, LongSupplier nanoTime) {
        this.settings = settings;
        this.transport = transport;
        this.nanoTime = nanoTime;
    }

    /**
     * Creates a stream that listens; it still lacks its sink.
     *
     * @throws LimitExceededException if there is no place for another one
     * @throws ChatUnavailableException if this is being closed
     */
    EventStream open(String clientAddress, boolean ready, Function<Runnable, Subscription> subscribe) {
        Object address = ClientAddress.key(clientAddress);
        takePlace(address);
        startTicker();
        EventStream stream = new EventStream(this);
        Subscription subscription;
        try {
            subscription = subscribe.apply(stream::signal);
        } catch (Throwable e) {
            freePlace(address);
            throw e;
        }
        String opening = SseFrames.opening() + (ready ? SseFrames.ready(subscription.startedAfter()) : "");
        stream.init(subscription, SseFrames.bytes(opening));
        Identity participant = Objects.requireNonNull(subscription.identity());
        admit(stream, new Place(new Seat(subscription.room().incarnation(), participant.id()), address));
        return stream;
    }

    /** With the first stream: a container never destroys a servlet that was made for it and never called. */
    private synchronized void startTicker() {
        if (ticker == null && !closing) {
            ticker = Ticker.start("ephemeral-chat-streams", TICK, this::tick);
        }
    }

    /** Has every stream look at the time. */
    void tick() {
        long nanos = nanoTime();
        streams.keySet().forEach(stream -> stream.tick(nanos));
    }

    private void takePlace(Object address) {
        if (closing) {
            throw new ChatUnavailableException("this node takes no more streams");
        }
        if (places.incrementAndGet() > settings.maxStreams) {
            places.decrementAndGet();
            throw new LimitExceededException("this node has no place for another stream");
        }
        if (byAddress.merge(address, 1, Integer::sum) > settings.maxStreamsPerAddress) {
            freePlace(address);
            throw new LimitExceededException("this address has no place for another stream");
        }
    }

    private void freePlace(Object address) {
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        places.decrementAndGet();
    }

    private void admit(EventStream stream, Place place) {
        transport.streamOpened();
        streams.put(stream, place);
        EventStream[] oldest = {null};
        bySeat.compute(place.seat, (key, present) -> {
            Deque<EventStream> all = present == null ? new ArrayDeque<>(1) : present;
            all.addLast(stream);
            oldest[0] = all.size() > settings.maxStreamsPerParticipant ? all.pollFirst() : null;
            return all;
        });
        if (oldest[0] != null) {
            oldest[0].replace();
        }
        if (closing) {
            stream.goAway(); // close() may have walked the map before this was in it.
        }
    }

    @Override
    public void closed(EventStream stream) {
        Place place = streams.remove(stream);
        if (place == null) {
            return;
        }
        freePlace(place.address);
        bySeat.computeIfPresent(place.seat, (key, all) -> {
            all.remove(stream);
            return all.isEmpty() ? null : all;
        });
        transport.streamClosed();
    }

    @Override
    public void written(int bytes) {
        transport.written(bytes);
    }

    @Override
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    int size() {
        return streams.size();
    }

    /** Ends all streams with a hint when to come back; those that do not take it in time are aborted. */
    @Override
    public void close() {
        closing = true;
        stopTicker();
        streams.keySet().forEach(EventStream::goAway);
        long deadline = System.nanoTime() + CLOSE_WITHIN.toNanos();
        try {
            while (!streams.isEmpty() && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.keySet().forEach(EventStream::cancel);
    }

    private synchronized void stopTicker() {
        if (ticker != null) {
            ticker.close();
        }
    }
}
