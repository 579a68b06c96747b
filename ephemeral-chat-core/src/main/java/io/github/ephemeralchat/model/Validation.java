package io.github.ephemeralchat.model;

import java.util.function.IntPredicate;

/** What may be a text and what may be a name. Characters are Unicode code points. */
final class Validation {

    private Validation() {}

    static boolean isSingleLine(String value, int max) {
        return isWithin(value, max) && value.codePoints().noneMatch(Character::isISOControl);
    }

    /** Whether a string has 1 to {@code max} code points, none of them half a surrogate pair. */
    static boolean isWithin(String value, int max) {
        // A code point takes at most two chars: a giant string is refused without walking it.
        return !value.isEmpty()
                && value.length() <= 2L * max
                && value.codePointCount(0, value.length()) <= max
                && hasOnlyWholeCharacters(value);
    }

    /** Whether all characters pass. A loop, since every request comes by here: a stream would cost more than the rest. */
    static boolean hasOnly(String value, IntPredicate allowed) {
        for (int i = 0; i < value.length(); i++) {
            if (!allowed.test(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasOnlyWholeCharacters(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isSurrogate(value.charAt(i))) {
                boolean pair =
                        i + 1 < value.length() && Character.isSurrogatePair(value.charAt(i), value.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
