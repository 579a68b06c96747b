package io.github.ephemeralchat.model;

import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
     * @param participant who, with the role of the new seat
     * @param at when
     */
    record ParticipantJoined(EntryId entryId, Participant participant, Instant at) implements Logged {

        /** {@return who} */
        public Identity identity() {
            return participant.identity();
        }
    }

    /**
     * A seat was freed: its participant has left, or was removed. This ends that participant's subscriptions.
     *
     * @param entryId the place in the log
     * @param identity who
     * @param at when
     */
    record ParticipantLeft(EntryId entryId, Identity identity, Instant at) implements Logged {}

    /**
     * The host wrote something.
     *
     * @param entryId the place in the log
     * @param message the text; its sender has the id {@code host} and no seat
     */
    record NoticePosted(EntryId entryId, Message message) implements Logged {}

    /**
     * The text of a message is gone: it was deleted, or its last claim was taken.
     *
     * @param entryId the place in the log
     * @param messageSequence the message's
     * @param reason why
     */
    record MessageForgotten(EntryId entryId, long messageSequence, Forgotten reason) implements Logged {}

    /**
     * The text of a message is gone, because its time is over. It has no place in the log, and a subscriber that was away
     * does not get it.
     *
     * @param messageSequence the message's
     */
    record MessageExpired(long messageSequence) implements RoomEvent {}

    /**
     * Somebody has taken the text of a message, and others may still take it.
     *
     * @param entryId the place in the log
     * @param messageSequence the message's
     * @param identity who
     * @param left how many others may still take it, at least 1
     */
    record MessageClaimed(EntryId entryId, long messageSequence, Identity identity, int left) implements Logged {}

    /**
     * Somebody posted an entry of a kind of the host's.
     *
     * @param entryId the place in the log
     * @param entry the entry
     */
    record EntryPosted(EntryId entryId, CustomEntry entry) implements Logged {}

    /**
     * The room's end was moved.
     *
     * @param entryId the place in the log
     * @param expiresAt the new end
     * @param by who moved it; null if it was the host
     */
    record DeadlineMoved(
            EntryId entryId, Instant expiresAt, @Nullable Identity by) implements Logged {}

    /**
     * The room was locked or unlocked, or its proof has changed.
     *
     * @param entryId the place in the log
     * @param locked whether the room takes nobody who has no seat yet
     * @param proofRequired whether whoever takes a new seat has to bring the proof
     * @param by who changed it; null if it was the host
     */
    record AdmissionChanged(
            EntryId entryId,
            boolean locked,
            boolean proofRequired,
            @Nullable Identity by) implements Logged {}

    /**
     * A participant has another role. If it is the owner's, the former owner is a member now.
     *
     * @param entryId the place in the log
     * @param participant who, with the new role
     * @param by who changed it; null if it was the host
     */
    record RoleChanged(
            EntryId entryId,
            Participant participant,
            @Nullable Identity by) implements Logged {}

    /**
     * A property was set or removed.
     *
     * @param entryId the place in the log
     * @param name its name
     * @param value its value; null if it was removed
     * @param by who changed it; null if it was the host
     */
    record PropertyChanged(
            EntryId entryId,
            String name,
            @Nullable String value,
            @Nullable Identity by) implements Logged {

        /** Returns place and name, and nothing that somebody wrote. */
        @Override
        public String toString() {
            return "PropertyChanged[" + entryId + ", " + name + "]";
        }
    }

    /**
     * A participant tells the others something that is kept nowhere. The newest one of a sender and kind is enough.
     *
     * @param kind {@link #TYPING}, or a kind of the host's
     * @param senderId the id of the sender's identity
     * @param body at most 512 characters (code points), perhaps none
     */
    record CueSent(String kind, String senderId, String body) implements RoomEvent {

        /** The kind that says that the sender is typing: shown for 6 seconds, and repeated every 3 meanwhile. */
        public static final String TYPING = "typing";

        /** The greatest number of code points of a body. */
        public static final int MAX_BODY_LENGTH = 512;

        /**
         * Tells whether a string may be a body.
         *
         * @param body any string
         * @return whether it has at most 512 whole characters
         */
        public static boolean isValidBody(String body) {
            return Objects.requireNonNull(body, "body").isEmpty() || Validation.isWithin(body, MAX_BODY_LENGTH);
        }

        /**
         * Tells whether a string may be a body in an encrypted room.
         *
         * @param body any string
         * @return whether it is at most 512 characters of {@code [A-Za-z0-9._-]}
         */
        public static boolean isValidOpaqueBody(String body) {
            return Objects.requireNonNull(body, "body").isEmpty() || Validation.isOpaque(body, MAX_BODY_LENGTH);
        }

        /** Returns the kind, and nothing that somebody wrote. */
        @Override
        public String toString() {
            return "CueSent[" + kind + "]";
        }
    }

    /**
     * Which participants are connected has changed.
     *
     * @param present the ids of all participants that are connected; null in a room of more than 100 seats
     * @param count how many there are
     */
    record PresenceChanged(@Nullable Set<String> present, int count) implements RoomEvent {

        /** Copies the ids. */
        public PresenceChanged {
            present = present == null ? null : Collections.unmodifiableSet(new TreeSet<>(present));
        }

        /** Returns how many there are; never an id. */
        @Override
        public String toString() {
            return "PresenceChanged[" + count + "]";
        }
    }

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
