package io.github.ephemeralchat.metrics;

import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import java.time.Duration;

/**
 * Hears what happens on one node, for metrics. What happens seldom is told here as it happens; what happens for each
 * delivery is only counted, and pulled from {@link ChatStats} by whoever wants to know. No argument names a room, a
 * person or a text, so none can become a tag.
 *
 * <p>Every method is called on the thread to which it happened: a caller's of {@link io.github.ephemeralchat.EphemeralChatService}, one that
 * posts, a transport's, or one of the library's own; never on a broadcaster's, and never under a lock. Several may call
 * at once. <b>A method must not block</b>: deliveries may wait for it. What it throws is swallowed, and the first
 * time logged by its class.
 *
 * @see io.github.ephemeralchat.EphemeralChatService.Builder#observer
 */
public interface ChatObserver {

    /**
     * The service was built; called once, before anything else.
     *
     * @param figures what can be pulled, as long as the service is there
     */
    default void started(ChatStats figures) {}

    /** The service was closed. Something that was under way may still be told of. */
    default void closed() {}

    /** A room was created by this node. */
    default void roomCreated() {}

    /**
     * This node saw a room end: it destroyed it, or somebody listened to the room here. A room that several nodes see
     * end is told of on each; one that expires while nobody listens is told of on none.
     *
     * @param reason why
     */
    default void roomEnded(EndReason reason) {}

    /** Somebody took a seat through this node, which the creator of a room does too. */
    default void participantJoined() {}

    /** A seat was freed through this node. */
    default void participantLeft() {}

    /** A message was stored through this node; one that is posted again under its id is not told of again. */
    default void messagePosted() {}

    /** A transport, for example the servlet, opened an event stream. */
    default void streamOpened() {}

    /** An event stream has ended. */
    default void streamClosed() {}

    /**
     * A reader on this node was told to start anew.
     *
     * @param reason why
     */
    default void historyReset(ResetReason reason) {}

    /**
     * A transport refused a request.
     *
     * @param code the {@code code} of the problem that it answered, one of the few of the HTTP API
     */
    default void refused(String code) {}

    /**
     * The store was called; its clock, which is asked ten times a second and answers from memory, is not told of.
     *
     * @param operation what was asked
     * @param outcome what came of it
     * @param duration how long the caller was blocked
     */
    default void storeCalled(StoreOperation operation, StoreOutcome outcome, Duration duration) {}

    /** What a store can be asked; each is the method of {@link io.github.ephemeralchat.spi.RoomStore} of that name. */
    enum StoreOperation {
        /** Creates a room. */
        CREATE,
        /** Looks a room up. */
        FIND,
        /** Looks up whom a token belongs to. */
        AUTHENTICATE,
        /** Takes a seat. */
        JOIN,
        /** Frees a seat. */
        LEAVE,
        /** Appends an entry. */
        APPEND,
        /** Reads the log. */
        READ_AFTER,
        /** Ends a room. */
        DESTROY
    }

    /** What came of a call of the store. */
    enum StoreOutcome {
        /** It answered; also that there is no such room. */
        ANSWERED,
        /** It refused: no such room, no seat left, not a participant, a limit, a room of another version. */
        REFUSED,
        /** It could not be reached, or not in time. */
        UNAVAILABLE,
        /** It failed in a way that no store should. */
        FAILED
    }
}
