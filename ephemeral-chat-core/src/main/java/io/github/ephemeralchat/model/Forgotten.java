package io.github.ephemeralchat.model;

import java.util.Locale;
import java.util.Objects;

/** Why a text is no longer there. */
public enum Forgotten {
    /** Its sender, the owner or the host has deleted it. */
    DELETED,
    /** Its own time was over. */
    EXPIRED,
    /** Its last claim was taken. */
    CLAIMED;

    /** {@return the name that is written and sent: {@code deleted}, {@code expired} or {@code claimed}} */
    public String value() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a reason by its name.
     *
     * @param value what {@link #value} returns
     * @return the reason
     * @throws IllegalArgumentException if there is no such reason
     */
    public static Forgotten of(String value) {
        Objects.requireNonNull(value, "value");
        for (Forgotten reason : values()) {
            if (reason.value().equals(value)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no such reason");
    }
}
