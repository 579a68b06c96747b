package io.github.ephemeralchat.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has a seat in a room, connected or not.
 *
 * @param identity who
 * @param role what the seat allows
 * @param profile what its client says of it, opaque, in an encrypted room; null if it says nothing
 */
public record Participant(
        Identity identity, Role role, @Nullable String profile) {

    private static final int MAX_PROFILE_LENGTH = 512;

    /**
     * Creates a participant without a profile.
     *
     * @param identity who
     * @param role what the seat allows
     */
    public Participant(Identity identity, Role role) {
        this(identity, role, null);
    }

    /** {@return whether it is the room's owner} */
    public boolean owner() {
        return role == Role.OWNER;
    }

    /**
     * Tells whether a string may be a profile.
     *
     * @param profile any string
     * @return whether it is 1 to 512 characters of {@code [A-Za-z0-9._-]}
     */
    public static boolean isValidProfile(String profile) {
        return Validation.isOpaque(Objects.requireNonNull(profile, "profile"), MAX_PROFILE_LENGTH);
    }

    /** Returns identity and role; never the profile. */
    @Override
    public String toString() {
        return "Participant[" + identity + ", " + role + "]";
    }
}
