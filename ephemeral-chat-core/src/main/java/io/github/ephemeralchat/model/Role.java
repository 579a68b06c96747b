package io.github.ephemeralchat.model;

import java.util.Locale;
import java.util.Objects;

/** What a seat allows in its room. It belongs to the seat, never to a token. */
public enum Role {
    /** Steers the room, and may all that a member may. A room has at most one. */
    OWNER,
    /** Reads and posts. */
    MEMBER,
    /** Reads, and may leave. */
    READER;

    private final String value = name().toLowerCase(Locale.ROOT);

    /** {@return the role as it is written to stores and to clients} */
    public String value() {
        return value;
    }

    /**
     * Returns the role of a value.
     *
     * @param value what {@link #value()} returns
     * @return the role
     * @throws IllegalArgumentException if there is no such role
     */
    public static Role of(String value) {
        Objects.requireNonNull(value, "value");
        for (Role role : values()) {
            if (role.value.equals(value)) {
                return role;
            }
        }
        throw new IllegalArgumentException("a role is owner, member or reader");
    }
}
