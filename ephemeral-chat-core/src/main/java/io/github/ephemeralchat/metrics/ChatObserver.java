package io.github.ephemeralchat.metrics;

import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import java.time.Duration;

/**
 * Observes one node, for metrics. Rare events are reported here as they happen; what happens for each delivery is only
 * counted, and read from {@link ChatStats} on demand. No argument names a room, a person or a text, so none can become a
 * tag.
 *
 * <p>Every method is called on the thread on which the event happened: a caller's of
 * {@link io.github.ephemeralchat.EphemeralChatService}, one that posts, a transport's, or one of the library's own; never
 * on a broadcaster's, and never under a lock. Several threads may call at once. <b>A method must not block</b>:
 * deliveries may wait for it. If it throws, the first failure is logged without its message, and nothing else happens.
 *
 * @see io.github.ephemeralchat.EphemeralChatService.Builder#observer
 */
public interface ChatObserver {

    /**
     * The service was built; called once, before anything else.
     *
     * @param figures the figures, which can be read until the service is closed
     */
    default void started(ChatStats figures) {}

    /** The service was closed. What was under way may still be reported. */
    default void closed() {}

    /** A room was created by this node. */
    default void roomCreated() {}

    /**
     * This node saw a room end: it destroyed it, or somebody listened to the room here. If several nodes see a room
     * end, each reports it; if it expires while nobody listens, none does.
     *
     * @param reason why
     */
    default void roomEnded(EndReason reason) {}

    /** Somebody took a seat through this node, which the creator of a room does too. */
    default void participantJoined() {}

    /** A seat was freed through this node. */
    default void participantLeft() {}

    /** A message was stored through this node; one that is posted again under its id is not reported again. */
    default void messagePosted() {}

    /** A transport, for example the servlet, opened an event stream. */
    default void streamOpened() {}

    /** An event stream has ended. */
    default void streamClosed() {}

    /**
     * A subscriber on this node had to start anew.
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
     * The store was called. Calls of its clock, which is asked ten times a second and answers from memory, are not reported.
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
        /** Changes a room: a post, a seat that is freed, and all else that its log tells. */
        CHANGE,
        /** Takes a body that has claims. */
        CLAIM,
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
