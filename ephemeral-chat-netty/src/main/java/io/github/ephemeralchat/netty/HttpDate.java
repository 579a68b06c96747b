package io.github.ephemeralchat.netty;

import io.netty.handler.codec.DateFormatter;
import io.netty.util.AsciiString;
import java.util.Date;

/** The header {@code Date}, formatted once a second. Thread-safe. */
final class HttpDate {

    private record Second(long number, AsciiString text) {}

    private static volatile Second last = at(0);

    private HttpDate() {}

    @SuppressWarnings("JavaUtilDate") // Netty's formatter takes nothing else.
    private static Second at(long second) {
        return new Second(second, AsciiString.of(DateFormatter.format(new Date(second * 1000))));
    }

    static CharSequence now() {
        long second = System.currentTimeMillis() / 1000;
        Second known = last;
        if (known.number != second) {
            known = at(second);
            last = known;
        }
        return known.text;
    }
}
