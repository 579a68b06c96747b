package io.github.ephemeralchat.internal.support;

import java.time.Duration;
import java.util.Objects;

/** Checks what a host sets, so that an exception names the setting, its value and what is allowed. */
public final class Setting {

    private Setting() {}

    /**
     * Checks a value that is no secret.
     *
     * @param isAllowed whether the value is allowed
     * @param name the setting
     * @param value its value
     * @param allowed what is allowed, as the end of a sentence that begins with "it must be"
     * @throws IllegalArgumentException if the value is not allowed
     */
    public static void check(boolean isAllowed, String name, Object value, String allowed) {
        if (!isAllowed) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be " + allowed);
        }
    }

    /**
     * Checks that a number is not too small.
     *
     * @return the value
     * @throws IllegalArgumentException if it is
     */
    public static int atLeast(int least, String name, int value) {
        check(value >= least, name, value, least + " or more");
        return value;
    }

    /**
     * Checks that a number is not too small.
     *
     * @return the value
     * @throws IllegalArgumentException if it is
     */
    public static long atLeast(int least, String name, long value) {
        check(value >= least, name, value, least + " or more");
        return value;
    }

    /**
     * Checks that a number is within bounds.
     *
     * @return the value
     * @throws IllegalArgumentException if it is not
     */
    public static int within(int least, int most, String name, int value) {
        check(value >= least && value <= most, name, value, "from " + least + " to " + most);
        return value;
    }

    /**
     * Checks that a time is within bounds.
     *
     * @return the value
     * @throws IllegalArgumentException if it is not
     */
    public static Duration within(Duration least, Duration most, String name, Duration value) {
        Objects.requireNonNull(value, name);
        check(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, name, value, "from " + least + " to " + most);
        return value;
    }
}
