package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/** A map of rooms, each with a lock of its own. What a room does in one step is {@link Chat}'s. */
public final class MapRoomStore implements RoomStore {

    private final Map<RoomId, Chat> chats = new ConcurrentHashMap<>();
    private final LogLimits limits;
    private final InstantSource time;

    /**
     * Makes an empty store.
     *
     * @param limits how much of each log it keeps
     */
    public MapRoomStore(LogLimits limits) {
        this(limits, steadyTime());
    }

    /** Makes an empty store. The time has to go forward. */
    MapRoomStore(LogLimits limits, InstantSource time) {
        this.limits = limits;
        this.time = time;
    }

    /** Unlike the clock on the wall, it is never put back. */
    private static InstantSource steadyTime() {
        Instant start = Instant.now();
        long startNanos = System.nanoTime();
        return () -> start.plusNanos(System.nanoTime() - startNanos);
    }

    /** Every node asks this ten times a second: the moment to let go of what is over (S11). */
    @Override
    public Instant now() {
        Instant now = instant();
        chats.values().removeIf(chat -> !chat.isLiving(now));
        return now;
    }

    private Instant instant() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public boolean create(Room room, Identity owner, TokenHash token) {
        Instant now = now();
        Chat fresh = new Chat(room, limits);
        fresh.join(owner, token, now);
        // Compute is atomic for one code: of two rooms with the same code only one gets it.
        return fresh.isLiving(now)
                && chats.compute(room.id(), (id, there) -> there != null && there.isLiving(now) ? there : fresh)
                        == fresh;
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return in(id, (chat, now) -> chat.state());
    }

    @Override
    public Optional<Seat> authenticate(RoomId id, TokenHash token) {
        return in(id, (chat, now) -> chat.seat(token)).flatMap(seat -> seat);
    }

    @Override
    public Joined join(RoomId id, Identity identity, TokenHash token) {
        return in(id, (chat, now) -> chat.join(identity, token, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public Optional<Appended> leave(RoomIncarnation key, String identityId) {
        return in(key, (chat, now) -> chat.leave(identityId, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public Appended append(RoomId id, TokenHash token, Draft draft) {
        return in(id, (chat, now) -> chat.append(token, draft, now)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public LogPage readAfter(RoomIncarnation key, EntryId after, int limit) {
        return in(key, (chat, now) -> chat.readAfter(after, limit)).orElseThrow(RoomNotFoundException::new);
    }

    @Override
    public boolean destroy(RoomIncarnation key) {
        return in(key, (chat, now) -> chat.end() && chats.remove(key.id(), chat))
                .orElse(false);
    }

    /** One atomic step in a living room (S1), at one time: what it writes is not later than what it was judged by (S7). */
    private <T> Optional<T> in(RoomId id, BiFunction<Chat, Instant, T> step) {
        Chat chat = chats.get(id);
        if (chat == null) {
            return Optional.empty();
        }
        synchronized (chat) {
            Instant now = instant();
            return chat.isLiving(now) ? Optional.of(step.apply(chat, now)) : Optional.empty();
        }
    }

    /** The same, where the code may belong to a later room by now (S9). */
    private <T> Optional<T> in(RoomIncarnation key, BiFunction<Chat, Instant, T> step) {
        return in(key.id(), (chat, now) -> chat.is(key) ? Optional.of(step.apply(chat, now)) : Optional.<T>empty())
                .flatMap(answer -> answer);
    }
}
