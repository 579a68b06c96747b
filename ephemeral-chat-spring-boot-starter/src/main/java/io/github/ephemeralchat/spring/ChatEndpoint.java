package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.metrics.ChatStats;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomSummary;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * The actuator's endpoint {@code ephemeralchat}: figures of this node, and one room of which the caller has the code. There is
 * no list of codes, since a list of codes is a list of keys; and never a text or a name.
 */
@Endpoint(id = "ephemeralchat")
class ChatEndpoint {

    private final EphemeralChatService chat;

    ChatEndpoint(EphemeralChatService chat) {
        this.chat = chat;
    }

    @ReadOperation
    Figures figures() {
        ChatStats stats = chat.stats();
        return new Figures(
                stats.rooms(), stats.subscriptions(), stats.streams(), stats.eventsDelivered(), stats.bytesWritten());
    }

    /** Null, which is a 404, if there is no such room. */
    @ReadOperation
    @Nullable
    RoomSummary room(@Selector String code) {
        return RoomId.isValid(code) ? chat.asHost(new RoomId(code)).describe().orElse(null) : null;
    }

    @DeleteOperation
    Destroyed destroy(@Selector String code) {
        return new Destroyed(
                RoomId.isValid(code) && chat.asHost(new RoomId(code)).destroy());
    }

    /**
     * What this node carries and has carried.
     *
     * @param rooms rooms that somebody listens to here
     * @param subscriptions streams and the host's own listeners
     * @param streams open event streams
     * @param eventsDelivered events that subscriptions have taken
     * @param bytesWritten bytes that were written to streams
     */
    record Figures(int rooms, int subscriptions, int streams, long eventsDelivered, long bytesWritten) {}

    /**
     * What came of it.
     *
     * @param destroyed whether the room lived until now
     */
    record Destroyed(boolean destroyed) {}
}
