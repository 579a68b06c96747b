package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a client asked a stream to begin.
 *
 * @param cursor the place
 * @param ready whether an event {@code ready} names that place first
 */
record StreamStart(Cursor cursor, boolean ready) {

    /**
     * Reads what a browser's {@code EventSource} sends. The header wins: a browser that reconnects repeats the URL, and
     * with it parameters that are older.
     *
     * @throws IllegalArgumentException if what is there is malformed
     */
    static StreamStart of(Function<String, @Nullable String> header, Function<String, @Nullable String> parameter) {
        String lastId = present(header.apply("Last-Event-ID"));
        if (lastId == null) {
            lastId = present(parameter.apply("lastEventId"));
        }
        if (lastId != null) {
            return new StreamStart(Cursor.after(id(lastId)), false);
        }
        String from = present(parameter.apply("from"));
        if (from == null) {
            return new StreamStart(Cursor.start(), false);
        }
        if (!from.equals("now")) {
            throw new IllegalArgumentException("a stream begins at the start, after an event id, or from=now");
        }
        return new StreamStart(Cursor.now(), true);
    }

    private static EntryId id(String text) {
        return EntryId.parse(text).orElseThrow(() -> new IllegalArgumentException("an event id is malformed"));
    }

    private static @Nullable String present(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }
}
