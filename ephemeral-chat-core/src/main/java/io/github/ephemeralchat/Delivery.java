package io.github.ephemeralchat;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to the subscribers of one node, which all get the same object: what one of them makes of it for
 * the wire serves the others too. Thread-safe.
 */
public final class Delivery {

    private final RoomEvent event;
    private volatile @Nullable Encoded encoded;

    Delivery(RoomEvent event) {
        this.event = event;
    }

    /**
     * Returns the event.
     *
     * @return what happened
     */
    public RoomEvent event() {
        return event;
    }

    /**
     * Returns the event in its form for the wire, which is made at the first call and kept for the next ones that name
     * the same encoder.
     *
     * @param encoder the way to encode; pass the same object each time
     * @return the bytes, shared by all: nobody may change them
     */
    public byte[] encoded(Function<? super RoomEvent, byte[]> encoder) {
        Encoded known = encoded;
        if (known == null || known.encoder != encoder) {
            known = new Encoded(encoder, encoder.apply(event));
            encoded = known;
        }
        return known.bytes;
    }

    /** Lets go of what was made for the wire: who still asks makes it anew. */
    void forgetEncoded() {
        encoded = null;
    }

    /** Both together, so that no reader sees one encoder's bytes under another's name. */
    private static final class Encoded {
        final Function<? super RoomEvent, byte[]> encoder;
        final byte[] bytes;

        Encoded(Function<? super RoomEvent, byte[]> encoder, byte[] bytes) {
            this.encoder = encoder;
            this.bytes = bytes;
        }
    }
}
