package io.github.ephemeralchat.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long an entry has its body, and who gets it. Once a body is forgotten, the entry stays with an empty one.
 *
 * @param expiresAt when the body is forgotten, in the store's time; null if it lives as long as the room
 * @param claimsLeft how many members may still take the body, which is in no page and no signal; null if all get it
 * @param forgotten why the body is gone; null if it is not
 */
public record BodyLife(
        @Nullable Instant expiresAt,
        @Nullable Integer claimsLeft,
        @Nullable Forgotten forgotten) {

    /** The life of a body that all get, and that lives as long as the room. */
    public static final BodyLife OF_THE_ROOM = new BodyLife(null, null, null);

    /**
     * Returns this life at a later time.
     *
     * @param now the store's time
     * @return this, or the same with the body {@link Forgotten#EXPIRED}
     */
    public BodyLife at(Instant now) {
        boolean isOver = forgotten == null && expiresAt != null && !now.isBefore(expiresAt);
        return isOver ? forgotten(Forgotten.EXPIRED) : this;
    }

    /**
     * Returns this life with the body gone.
     *
     * @param reason why
     * @return a changed copy, without claims
     */
    public BodyLife forgotten(Forgotten reason) {
        return new BodyLife(expiresAt, null, reason);
    }

    /**
     * Returns this life with other claims.
     *
     * @param left how many members may still take the body
     * @return a changed copy
     */
    public BodyLife withClaimsLeft(int left) {
        return new BodyLife(expiresAt, left, forgotten);
    }

    /** {@return whether a page or a signal has the body} */
    public boolean isShown() {
        return forgotten == null && claimsLeft == null;
    }
}
