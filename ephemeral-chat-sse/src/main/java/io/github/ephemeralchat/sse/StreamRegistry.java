package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.sse.EventStream.CloseReason;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The streams of this node: their limits, their ticker and their end. */
final class StreamRegistry implements AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);
    private static final int SHARE_OF_FREE = 8;

    private final ChatHttpSettings settings;
    private final ChatTransport transport;
    private final Participants participants;
    private final LongSupplier nanoTime;
    private final Supplier<Instant> now;
    private final ClientAddress addresses;

    /** Places taken, never more than the limit of the node: that bounds all three maps. */
    private final AtomicInteger places = new AtomicInteger();

    private final ConcurrentMap<EventStream, Place> streams = new ConcurrentHashMap<>();
    /** A participant's streams, the oldest first; a deque is touched only while its key is computed. */
    private final ConcurrentMap<Seat, Deque<EventStream>> bySeat = new ConcurrentHashMap<>();

    private final ConcurrentMap<Object, Integer> byAddress = new ConcurrentHashMap<>();

    /** Of the rooms that have streams here. */
    private final ConcurrentMap<RoomIncarnation, Shared> byRoom = new ConcurrentHashMap<>();

    private @Nullable Ticker ticker;
    private volatile boolean closing;

    private record Seat(RoomIncarnation room, String identityId) {}

    private record Place(Seat seat, Object address) {}

    /** What a room's streams share. */
    private record Shared(RoomFrames frames, int streams) {}

    /**
     * Creates a registry without a stream.
     *
     * @param now the store's time
     */
    StreamRegistry(
            ChatHttpSettings settings,
            ChatTransport transport,
            Participants participants,
            LongSupplier nanoTime,
            Supplier<Instant> now) {
        this.settings = settings;
        this.transport = transport;
        this.participants = participants;
        this.nanoTime = nanoTime;
        this.now = now;
        this.addresses = new ClientAddress(settings);
    }

    /**
     * Creates a stream that listens; it still lacks its sink. If the request says how long to wait, a poll instead, which
     * counts as a stream while it lasts.
     *
     * @param start where the request begins
     * @throws LimitExceededException if there is no place for another one
     * @throws ChatUnavailableException if this is being closed
     */
    ApiResponse open(ApiRequest request, Cursor start, Function<Runnable, Subscription> subscribe) {
        Duration wait = Query.wait(request);
        Object address = addresses.key(request);
        takePlace(address);
        startTicker();
        EventStream stream = new EventStream(transport, nanoTime, this::storeTime, this::closed);
        Subscription subscription;
        try {
            subscription = subscribe.apply(stream::signal);
        } catch (Throwable e) {
            freePlace(address);
            throw e;
        }
        RoomIncarnation room = subscription.room().incarnation();
        stream.init(subscription, share(room), start instanceof Cursor.Now);
        Identity participant = Objects.requireNonNull(subscription.identity());
        Place place = new Place(new Seat(room, participant.id()), address);
        if (wait == null) {
            admit(stream, place);
            return ApiResponse.of(stream);
        }
        PollEnd end = new PollEnd(nanoTime.getAsLong(), wait);
        stream.endWith(end);
        admit(stream, place);
        return ApiResponse.of(EventPoll.start(stream, end));
    }

    private RoomFrames share(RoomIncarnation room) {
        Shared shared = byRoom.compute(
                room,
                (key, known) -> known == null
                        ? new Shared(new RoomFrames(participants.json(room)), 1)
                        : new Shared(known.frames, known.streams + 1));
        return Objects.requireNonNull(shared).frames;
    }

    /** What a room's streams are written with, if it has any here; what it encodes serves them. */
    RoomFrames frames(RoomIncarnation room) {
        Shared shared = byRoom.get(room);
        return shared == null ? new RoomFrames(participants.json(room)) : shared.frames;
    }

    /** With the first stream: a container never destroys a servlet that was made for it and never called. */
    private synchronized void startTicker() {
        if (ticker == null && !closing) {
            ticker = Ticker.start("ephemeral-chat-streams", TICK, this::tick);
        }
    }

    /** Has every stream look at the time. */
    void tick() {
        long nanos = nanoTime.getAsLong();
        Instant time = storeTime();
        streams.keySet().forEach(stream -> stream.tick(nanos, time));
    }

    /** Heartbeats go on whatever the store says; while its time is not known no room ends soon. */
    private Instant storeTime() {
        try {
            return now.get();
        } catch (ChatUnavailableException e) {
            return Instant.EPOCH;
        }
    }

    private void takePlace(Object address) {
        if (closing) {
            throw new ChatUnavailableException("this node takes no more streams");
        }
        int taken = places.incrementAndGet();
        if (taken > settings.maxStreams) {
            places.decrementAndGet();
            throw new LimitExceededException("this node has no place for another stream");
        }
        if (byAddress.merge(address, 1, Integer::sum) > share(settings.maxStreams - taken)) {
            freePlace(address);
            throw new LimitExceededException("this address has no place for another stream");
        }
    }

    /**
     * How many streams an address may have. Half of the node goes to whoever comes; of the other half an address gets the less
     * the fuller it is, so that a few addresses never take the place of all others. (The dynamic threshold that Choudhury
     * and Hahne describe for a buffer that many queues share.)
     */
    private int share(int free) {
        boolean plenty = free >= settings.maxStreams / 2;
        boolean unlimited = settings.maxStreamsPerAddress >= settings.maxStreams;
        return plenty || unlimited
                ? settings.maxStreamsPerAddress
                : Math.min(
                        settings.maxStreamsPerAddress,
                        Math.max(settings.maxStreamsPerParticipant, free / SHARE_OF_FREE));
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
            oldest[0].close(CloseReason.REPLACED);
        }
        if (closing) {
            stream.close(CloseReason.GOING_AWAY); // close() may have walked the map before this was in it.
        }
    }

    private void closed(EventStream stream) {
        Place place = streams.remove(stream);
        if (place == null) {
            return;
        }
        freePlace(place.address);
        bySeat.computeIfPresent(place.seat, (key, all) -> {
            all.remove(stream);
            return all.isEmpty() ? null : all;
        });
        byRoom.computeIfPresent(
                place.seat.room,
                (key, shared) -> shared.streams == 1 ? null : new Shared(shared.frames, shared.streams - 1));
        transport.streamClosed();
    }

    int size() {
        return streams.size();
    }

    /** Takes streams again after {@link #close}, for a server that is started again. */
    synchronized void reopen() {
        if (closing) {
            closing = false;
            ticker = null;
        }
    }

    /** Ends all streams with a hint when to come back; those that do not take it in time are aborted. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            if (ticker != null) {
                ticker.close();
            }
        }
        streams.keySet().forEach(stream -> stream.close(CloseReason.GOING_AWAY));
        long deadline = System.nanoTime() + CLOSE_WITHIN.toNanos();
        try {
            while (!streams.isEmpty() && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.keySet().forEach(stream -> stream.close(CloseReason.ABORTED));
    }
}
