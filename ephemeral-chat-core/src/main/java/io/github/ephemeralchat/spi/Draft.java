package io.github.ephemeralchat.spi;

import org.jspecify.annotations.Nullable;

/**
 * What somebody asks a store to append.
 *
 * @param kind what it is
 * @param key the sender's own id for it: the same key again stores nothing new
 * @param body the content
 * @param encrypted whether the body fits encrypted rooms alone (true) or others alone (false); null if it fits both
 */
public record Draft(
        String kind, String key, String body, @Nullable Boolean encrypted) {

    /**
     * Creates a draft that fits every room.
     *
     * @param kind what it is
     * @param key the sender's own id for it
     * @param body the content
     */
    public Draft(String kind, String key, String body) {
        this(kind, key, body, null);
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
