package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes the bodies of entries that tell of a change: a store writes them, and the service reads them. */
public final class EntryBody {

    private EntryBody() {}

    /**
     * {@return the body of {@link LogEntry#JOINED}: the role, and if there is a profile a line end and the profile}
     *
     * @param role what the new seat allows
     * @param profile what its client says of itself; null if it says nothing
     */
    public static String joined(Role role, @Nullable String profile) {
        return profile == null ? role.value() : role.value() + "\n" + profile;
    }

    /**
     * {@return the body of {@link LogEntry#DEADLINE}: milliseconds since 1970}
     *
     * @param expiresAt the new end
     */
    public static String deadline(Instant expiresAt) {
        return Long.toString(expiresAt.toEpochMilli());
    }

    /**
     * {@return the body of {@link LogEntry#ADMISSION}: two digits, each 1 for yes}
     *
     * @param locked whether the room is locked after the change
     * @param proofRequired whether it wants a proof after the change
     */
    public static String admission(boolean locked, boolean proofRequired) {
        return (locked ? "1" : "0") + (proofRequired ? "1" : "0");
    }

    /**
     * {@return the body of {@link LogEntry#ROLE}: role, identity id and name, a line each}
     *
     * @param identity whose role
     * @param role the new role
     */
    public static String role(Identity identity, Role role) {
        return role.value() + "\n" + identity.id() + "\n" + identity.name();
    }

    /**
     * {@return the body of {@link LogEntry#PROPERTY}: the name, and if it was set an equals sign and the value}
     *
     * @param name the property's name
     * @param value its value; null if it was removed
     */
    public static String property(String name, @Nullable String value) {
        return value == null ? name : name + "=" + value;
    }

    /**
     * {@return the body of {@link LogEntry#FORGOTTEN}: the sequence and the reason, a space between}
     *
     * @param sequence whose body is gone
     * @param reason why
     */
    public static String forgotten(long sequence, Forgotten reason) {
        return sequence + " " + reason.value();
    }

    /**
     * {@return the body of {@link LogEntry#CLAIMED}: two numbers, a space between}
     *
     * @param sequence whose body was claimed
     * @param left how many members may still take it
     */
    public static String claimed(long sequence, int left) {
        return sequence + " " + left;
    }
}
