package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * Where a client asks a stream to begin.
 *
 * @param cursor the position in the log
 * @param ready whether an event {@code ready} names that position first
 */
record StreamStart(Cursor cursor, boolean ready) {

    /**
     * Reads what a browser's {@code EventSource} sends. The header wins: a browser that reconnects repeats the URL, and
     * with it parameters that are older.
     *
     * @throws ProblemException if what is there is malformed
     */
    static StreamStart of(ApiRequest request) {
        Query query = new Query(request.query());
        String lastId = present(request.header("Last-Event-ID"));
        if (lastId == null) {
            lastId = present(query.first("lastEventId"));
        }
        if (lastId != null) {
            return new StreamStart(Cursor.after(id(lastId)), false);
        }
        String from = present(query.first("from"));
        if (from == null) {
            return new StreamStart(Cursor.start(), false);
        }
        if (!from.equals("now")) {
            throw malformed();
        }
        return new StreamStart(Cursor.now(), true);
    }

    private static EntryId id(String text) {
        return EntryId.parse(text).orElseThrow(StreamStart::malformed);
    }

    private static ProblemException malformed() {
        return ProblemException.invalid("A stream begins after an event id, with from=now, or at the start.");
    }

    private static @Nullable String present(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }
}
