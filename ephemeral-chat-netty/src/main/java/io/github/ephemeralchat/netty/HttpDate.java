package io.github.ephemeralchat.netty;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The header {@code Date}, written anew once a second. Thread-safe. */
final class HttpDate {

    /** Two digits for the day, as RFC 9110 has it; {@code RFC_1123_DATE_TIME} writes one where one is enough. */
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private record Second(long number, AsciiString text) {}

    private volatile Second last = at(0);

    private static Second at(long second) {
        return new Second(second, AsciiString.of(FORMAT.format(Instant.ofEpochSecond(second))));
    }

    CharSequence now() {
        long second = System.currentTimeMillis() / 1000;
        Second known = last;
        if (known.number != second) {
            known = at(second);
            last = known;
        }
        return known.text;
    }
}
