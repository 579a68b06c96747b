package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of each room's end once. A room may end here more than once: its feed by this node's idea of the store's time, then
 * another feed of a client that was back before the store's time had come. Thread-safe.
 */
final class EndedRooms {

    /** More than end here within the second or two by which such a client may be early. */
    private static final int REMEMBERED = 10_000;

    private static final Logger log = LoggerFactory.getLogger(EndedRooms.class);

    private final Telemetry telemetry;
    private final Executor executor;
    private final @Nullable BiConsumer<RoomId, EndReason> listener;
    private final Set<RoomIncarnation> told =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<RoomIncarnation, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            }));

    /**
     * Creates one that has told of nothing.
     *
     * @param listener null if nobody wants to know
     */
    EndedRooms(Telemetry telemetry, Executor executor, @Nullable BiConsumer<RoomId, EndReason> listener) {
        this.telemetry = telemetry;
        this.executor = executor;
        this.listener = listener;
    }

    /** Tells of an end, unless that was done. Not for a broadcaster's thread. */
    void tell(RoomIncarnation room, EndReason reason) {
        if (listener != null && told.add(room)) {
            listener.accept(room.id(), reason);
        }
    }
    /** Tells the observers and the listener that a feed has seen its room end. On another thread, because a broadcaster's may be the calling one. */
    void observe(RoomIncarnation room, EndReason reason) {
        if (!telemetry.isObserved() && listener == null) {
            return;
        }
        try {
            executor.execute(() -> {
                telemetry.tell(observer -> observer.roomEnded(reason));
                if (reason != EndReason.DESTROYED) {
                    tell(room, reason); // Whoever destroys a room tells of it, not everybody who sees it end.
                }
            });
        } catch (RejectedExecutionException | Error e) { // The latter if there is no thread to be had.
            log.debug("The end of a room was not observed");
        }
    }
}
