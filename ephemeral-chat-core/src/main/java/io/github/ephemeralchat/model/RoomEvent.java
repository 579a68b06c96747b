package io.github.ephemeralchat.model;

import java.time.Instant;

/**
 * What a subscriber gets of a room. More kinds may come: a {@code switch} over them needs a default.
 */
public sealed interface RoomEvent {

    /** An event that is an entry of the room's log, and so has a place to resume from. */
    sealed interface Logged extends RoomEvent {

        /**
         * Returns the place of this event in the log.
         *
         * @return the entry's id
         */
        EntryId entryId();
    }

    /**
     * Somebody wrote a message.
     *
     * @param entryId the place in the log
     * @param message the message
     */
    record MessagePosted(EntryId entryId, Message message) implements Logged {}

    /**
     * Somebody took a seat.
     *
     * @param entryId the place in the log
     * @param identity who
     * @param at when
     */
    record ParticipantJoined(EntryId entryId, Identity identity, Instant at) implements Logged {}

    /**
     * Somebody gave up a seat, or the owner freed it. It ends that participant's subscriptions.
     *
     * @param entryId the place in the log
     * @param identity who
     * @param at when
     */
    record ParticipantLeft(EntryId entryId, Identity identity, Instant at) implements Logged {}

    /**
     * Entries after the subscriber's place may be missing: what it has is to be dropped, what follows starts anew.
     *
     * @param reason why
     * @param firstSequence the sequence of the next entry
     */
    record HistoryReset(ResetReason reason, long firstSequence) implements RoomEvent {}

    /**
     * The room has ended; nothing comes after this.
     *
     * @param reason why
     */
    record RoomDestroyed(EndReason reason) implements RoomEvent {}

    /** Why a history starts anew. */
    enum ResetReason {
        /** The log no longer keeps what comes after the subscriber's place. */
        TRUNCATED,
        /** The subscriber's place is not in this history: a failover has rewritten the past. */
        FORKED
    }

    /** Why a room ended. */
    enum EndReason {
        /** Its time was over. */
        EXPIRED,
        /** Somebody destroyed it. */
        DESTROYED,
        /** It is not in the store, and nobody said why: an eviction, or a store that lost its data. */
        LOST
    }
}
