package io.github.ephemeralchat.spi;

/**
 * What somebody asks a store to append.
 *
 * @param kind what it is
 * @param key the sender's own id for it: the same key again stores nothing new
 * @param body the content
 */
public record Draft(String kind, String key, String body) {

    /** Returns the kind; never the body. */
    @Override
    public String toString() {
        return "Draft[" + kind + "]";
    }
}
