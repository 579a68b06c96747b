package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.Room;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks a store to append.
 *
 * @param kind what it is
 * @param key the sender's own id for it: the same key again stores nothing new
 * @param body the content
 * @param ttl how long the body lives; null for as long as {@link io.github.ephemeralchat.model.RoomRules#messageTtl()}
 *     says, which is never exceeded
 * @param claims how many members may take the body, each once; null if all get it
 * @param encrypted whether the body fits encrypted rooms alone (true) or others alone (false); null if it fits both
 */
public record Draft(
        String kind,
        String key,
        String body,
        @Nullable Duration ttl,
        @Nullable Integer claims,
        @Nullable Boolean encrypted) {

    /**
     * Creates a draft that fits every room.
     *
     * @param kind what it is
     * @param key the sender's own id for it
     * @param body the content
     */
    public Draft(String kind, String key, String body) {
        this(kind, key, body, null, null, null);
    }

    /**
     * Returns this draft for one kind of room.
     *
     * @param value whether the body fits encrypted rooms alone (true) or others alone (false); null if it fits both
     * @return a changed copy
     */
    public Draft withEncrypted(@Nullable Boolean value) {
        return new Draft(kind, key, body, ttl, claims, value);
    }

    /**
     * Returns this draft with a life of its body's own.
     *
     * @param value how long the body lives; null for as long as the room's messages live
     * @param claimsOfIt how many members may take it; null if all get it
     * @return a changed copy
     */
    public Draft withLife(@Nullable Duration value, @Nullable Integer claimsOfIt) {
        return new Draft(kind, key, body, value, claimsOfIt, encrypted);
    }

    /**
     * Computes the life of the body, once it is stored.
     *
     * @param room the room
     * @param now the store's time
     * @return its life: the shorter one of its own and the room's messages', and never beyond the room's end
     */
    public BodyLife lifeIn(Room room, Instant now) {
        Duration usual = room.rules().messageTtl();
        Duration shorter = ttl == null || (usual != null && usual.compareTo(ttl) < 0) ? usual : ttl;
        if (shorter == null) {
            return new BodyLife(null, claims, null);
        }
        Instant end = now.plus(shorter);
        return new BodyLife(end.isBefore(room.expiresAt()) ? end : room.expiresAt(), claims, null);
    }

    /**
     * Tells whether a room takes this.
     *
     * @param isEncrypted whether the room's texts are opaque
     * @return whether the body fits
     */
    public boolean fits(boolean isEncrypted) {
        return encrypted == null || encrypted == isEncrypted;
    }

    /** Returns the kind; never the body. */
    @Override
    public String toString() {
        return "Draft[" + kind + "]";
    }
}
