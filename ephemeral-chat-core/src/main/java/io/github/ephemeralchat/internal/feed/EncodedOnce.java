package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An event and the encoded form that was asked for last. */
final class EncodedOnce implements SharedEvent {

    private final RoomEvent event;
    private volatile @Nullable Encoded encoded;

    EncodedOnce(RoomEvent event) {
        this.event = event;
    }

    @Override
    public RoomEvent event() {
        return event;
    }

    @Override
    @SuppressWarnings("unchecked") // Whatever an encoder has made has the type that this encoder makes.
    public <T> T encoded(Function<? super RoomEvent, T> encoder) {
        Encoded known = encoded;
        if (known == null || known.encoder != encoder) {
            known = new Encoded(encoder, encoder.apply(event));
            encoded = known;
        }
        return (T) known.form;
    }

    /** Drops the encoded form; it is made again if somebody still asks for it. */
    void dropEncoded() {
        encoded = null;
    }

    /** Both together, so that no reader sees the form of another encoder. */
    private record Encoded(Function<?, ?> encoder, Object form) {}
}
