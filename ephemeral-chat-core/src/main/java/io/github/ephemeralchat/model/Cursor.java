package io.github.ephemeralchat.model;

import java.util.Objects;

/** Where a subscription begins. */
public sealed interface Cursor {

    /**
     * After an entry; what the log keeps after it comes first, then what is new.
     *
     * @param entry the last entry that the subscriber has
     */
    record After(EntryId entry) implements Cursor {

        /** Refuses null. */
        public After {
            Objects.requireNonNull(entry, "entry");
        }
    }

    /** At the log's end: only what is new. */
    record Now() implements Cursor {}

    /**
     * Begins with all that the log keeps.
     *
     * @return a cursor before the first entry
     */
    static Cursor start() {
        return new After(EntryId.START);
    }

    /**
     * Begins with what is new.
     *
     * @return a cursor at the log's end
     */
    static Cursor now() {
        return new Now();
    }

    /**
     * Resumes after an entry. If its id is not in the log, the subscription begins with a
     * {@link RoomEvent.HistoryReset}.
     *
     * @param entry the last entry that the subscriber has
     * @return a cursor after that entry
     */
    static Cursor after(EntryId entry) {
        return new After(entry);
    }
}
