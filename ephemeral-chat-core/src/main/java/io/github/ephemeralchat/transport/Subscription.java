package io.github.ephemeralchat.transport;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a room's log that moves on as it is read. It holds no queue: a subscriber that does not poll costs one
 * reference, and if it falls too far behind it gets a {@link RoomEvent.HistoryReset} instead of a growing backlog.
 *
 * <p>{@link #poll} is for one thread at a time, with the caller's own hand-over between two; {@link #close} and
 * {@link #isEnded} are for any thread. A subscriber polls once at the start, and then after each wake-up until
 * nothing comes.
 */
public interface Subscription extends AutoCloseable {

    /** {@return the room as it was when somebody on this node first listened to it} */
    Room room();

    /** {@return the room's deadline, as far as this node knows} */
    Instant expiresAt();

    /** {@return the participant in whose name this listens; null for a listener of the host's} */
    @Nullable
    Identity identity();

    /** {@return the id of the entry before the subscription's first, with a nonce if that entry is in the log} */
    EntryId startedAfter();

    /**
     * Takes the next events, in the room's order, each once. Never blocks and never asks the store.
     *
     * <p>Once the room has ended, what was not yet taken is dropped: the next poll returns the
     * {@link RoomEvent.RoomDestroyed} and nothing else.
     *
     * @param max the greatest number, from 1
     * @return the events; empty if there is nothing new
     */
    List<SharedEvent> poll(int max);

    /**
     * Takes what is to be told beside the log, once what the log has is taken: the newest cue of each other participant and
     * kind, and who is present if that has changed or was not taken yet. Never blocks; if there is nothing it costs next to
     * nothing. For the thread that polls. A listener of the host's gets none of it.
     *
     * @return {@link RoomEvent.CueSent} and {@link RoomEvent.PresenceChanged}; empty if there is nothing new
     */
    List<SharedEvent> pollBesideLog();

    /**
     * Tells whether no poll will ever return anything again: the end was taken, the participant has left, or this was
     * closed.
     *
     * @return whether this has ended
     */
    boolean isEnded();

    /**
     * Tells whether the room has ended, whether or not that was taken yet.
     *
     * @return whether it has ended; a transport that cannot write the end soon should close its stream
     */
    boolean hasRoomEnded();

    /**
     * Stops listening as {@link #close} does, for a client that asks again soon: in a room with presence its participant counts
     * as connected for 35 seconds more, and not for 1.5.
     */
    void closeUntilNextPoll();

    /** Stops listening. Idempotent; a wake-up that is already on its way may still come. */
    @Override
    void close();
}
