package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An event and the encoded form that was asked for last. Of an event that is kept for long, only what is needed to make both again
 * stays.
 */
final class EncodedOnce implements SharedEvent {

    private final @Nullable FlatMessage flat;
    /** Null if it has to be made of the flat one. */
    private volatile @Nullable RoomEvent event;

    private volatile @Nullable Encoded encoded;

    EncodedOnce(RoomEvent event) {
        this(event, null);
    }

    private EncodedOnce(RoomEvent event, @Nullable FlatMessage flat) {
        this.event = event;
        this.flat = flat;
    }

    /** An event whose objects nothing else refers to. */
    static EncodedOnce flattened(RoomEvent event) {
        return new EncodedOnce(event, event instanceof MessagePosted posted ? new FlatMessage(posted) : null);
    }

    @Override
    public RoomEvent event() {
        RoomEvent known = event;
        return known == null ? Objects.requireNonNull(flat).posted() : known;
    }

    @Override
    @SuppressWarnings("unchecked") // Whatever an encoder has made has the type that this encoder makes.
    public <T> T encoded(Function<? super RoomEvent, T> encoder) {
        Encoded known = encoded;
        if (known == null || known.encoder != encoder) {
            known = new Encoded(encoder, encoder.apply(event()));
            encoded = known;
        }
        return (T) known.form;
    }

    /** Drops what can be made again if somebody still asks for it. */
    void compact() {
        encoded = null;
        if (flat != null) {
            event = null;
        }
    }

    /** Both together, so that no reader sees the form of another encoder. */
    private record Encoded(Function<?, ?> encoder, Object form) {}
}
