package io.github.ephemeralchat.benchmarks;

import java.util.Locale;

/** Numbers for people, the same in every country. */
final class Texts {

    private Texts() {}

    static String of(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
