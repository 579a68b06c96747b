package io.github.ephemeralchat.model;

import java.util.function.IntPredicate;

/** What may be a text and what may be a name. Characters are Unicode code points. */
final class Validation {

    private Validation() {}

    /** Letters of Hangul and a Braille pattern that have no strokes; their categories do not say so. */
    private static final String BLANKS = "\u115F\u1160\u3164\uFFA0\u2800";

    private static final int MAX_PROPERTY_NAME_LENGTH = 32;

    private static final String CUSTOM = "x-";
    private static final int MAX_KIND_LENGTH = 32;

    private static final int NON_JOINER = 0x200C;
    private static final int JOINER = 0x200D;

    /** Whether a character leaves ink: alone, without another one that it changes. */
    static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE -> false;
            default -> BLANKS.indexOf(codePoint) < 0;
        };
    }

    static boolean hasVisible(String value) {
        return value.codePoints().anyMatch(Validation::isVisible);
    }

    /**
     * Whether a name shows what it is: something visible, no control, nothing that turns the direction or hides, no space
     * around it. Joiners are part of some scripts and of many emoji, but only between characters.
     */
    static boolean isName(String value, int max) {
        return isWithin(value, max)
                && (isGraphicAscii(value)
                        || (hasVisible(value) && !hasSpaceAround(value) && hasOnlyNameCharacters(value)));
    }

    /** The usual name, which is not worth a closer look: names are checked wherever an entry is read. */
    private static boolean isGraphicAscii(String value) {
        return value.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private static boolean hasSpaceAround(String value) {
        return Character.isSpaceChar(value.codePointAt(0))
                || Character.isSpaceChar(value.codePointBefore(value.length()));
    }

    private static boolean hasOnlyNameCharacters(String value) {
        int[] codePoints = value.codePoints().toArray();
        for (int i = 0; i < codePoints.length; i++) {
            boolean allowed = switch (Character.getType(codePoints[i])) {
                case Character.CONTROL,
                        Character.SURROGATE,
                        Character.PRIVATE_USE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> false;
                case Character.FORMAT -> isJoinerWithin(codePoints, i);
                default -> true;
            };
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private static boolean isJoinerWithin(int[] codePoints, int at) {
        int before = at - 1;
        while (before >= 0 && isMark(codePoints[before])) {
            before--;
        }
        return (codePoints[at] == NON_JOINER || codePoints[at] == JOINER)
                && before >= 0
                && isVisible(codePoints[before])
                && at + 1 < codePoints.length
                && isVisible(codePoints[at + 1]);
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    static boolean isPropertyName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_PROPERTY_NAME_LENGTH
                && name.charAt(0) >= 'a'
                && name.charAt(0) <= 'z'
                && hasOnly(name, c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    /** Whether a string is a kind that a host may make up. */
    static boolean isCustomKind(String kind) {
        return kind.startsWith(CUSTOM)
                && kind.length() > CUSTOM.length()
                && kind.length() <= MAX_KIND_LENGTH
                && hasOnly(kind, c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    /** Whether a string is 1 to {@code max} characters that clients encode what only they can read with. */
    static boolean isOpaque(String value, int max) {
        return !value.isEmpty() && value.length() <= max && hasOnly(value, c -> c == '.' || Message.isIdCharacter(c));
    }

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
