package io.github.ephemeralchat.transport;

import io.github.ephemeralchat.model.RoomEvent;
import java.util.function.Function;

/**
 * An event that all subscribers of one node share, together with its encoded form: what one stream has encoded serves
 * the others. Thread-safe.
 */
public interface SharedEvent {

    /** {@return what happened} */
    RoomEvent event();

    /**
     * Encodes the event. The encoded form of the latest encoder is kept while it is likely that others ask for it.
     *
     * @param encoder encodes an event; pass the same object each time
     * @param <T> the encoded form: immutable, or never changed, since all callers share it
     * @return the encoded form
     */
    <T> T encoded(Function<? super RoomEvent, T> encoder);
}
