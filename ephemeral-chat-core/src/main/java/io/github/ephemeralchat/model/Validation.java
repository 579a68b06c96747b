package io.github.ephemeralchat.model;

import java.util.function.IntPredicate;

/** What may be a text and what may be a name. Characters are Unicode code points. */
final class Validation {

    private Validation() {}

    static boolean isSingleLine(String value, int max) {
        return isWithin(value, max) && hasOnly(value, c -> !Character.isISOControl(c));
    }

    /** Whether a string has 1 to {@code max} code points, none of them half a surrogate pair. */
    static boolean isWithin(String value, int max) {
        // A code point takes at most two chars: a giant string is refused without walking it.
        return !value.isEmpty()
                && value.length() <= 2L * max
                && value.codePointCount(0, value.length()) <= max
                && hasOnly(value, c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
    }

    /** Whether all code points pass. A loop, since every request comes by here: a stream would cost more than the rest. */
    static boolean hasOnly(String value, IntPredicate allowed) {
        int codePoint;
        for (int i = 0; i < value.length(); i += Character.charCount(codePoint)) {
            codePoint = value.codePointAt(i);
            if (!allowed.test(codePoint)) {
                return false;
            }
        }
        return true;
    }
}
