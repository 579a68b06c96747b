package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.RoomId;
import java.util.function.Consumer;

/**
 * Carries signals between the nodes that serve the same rooms. Thread-safe.
 *
 * <p>It is allowed to lose, double, delay and reorder signals. What it has to hold:
 *
 * <ul>
 *   <li><b>B1</b> A signal that is published after {@link #subscribe} returned reaches that listener, on every node,
 *       unless it is lost.
 *   <li><b>B2</b> A listener is called only for the room that it asked for.
 *   <li><b>B3</b> After {@link Registration#close()} returned no further call of that listener begins, apart from one
 *       that was on its way. Closing twice is closing once.
 *   <li><b>B4</b> One listener that throws or is slow keeps no other from being called.
 *   <li><b>B5</b> If signals may have been lost, for example after a reconnect, each listener concerned gets
 *       {@link RoomSignal.Missed}.
 *   <li><b>B6</b> {@link #publish} and {@link #subscribe} return or throw
 *       {@link io.github.ephemeralchat.model.ChatUnavailableException} within 2.5 seconds.
 *   <li><b>B7</b> A room whose last registration is closed leaves nothing behind.
 *   <li><b>B8</b> {@link RoomSignal.Cue} and {@link RoomSignal.Presence} arrive as they are, or not at all; for a lost one
 *       alone nobody has to get {@link RoomSignal.Missed}. A signal of a kind that the broadcaster does not know, as a newer
 *       one may send it, is skipped: nobody gets {@link RoomSignal.Missed} for it.
 *   <li><b>B9</b> A signal that is published by {@link #publishToAll} after {@link #subscribeToAll} returned reaches that
 *       listener, on every node and the publishing one, unless it is lost; for a lost one nobody gets
 *       anything. B3, B4, B6 and B7 hold for these as well.
 * </ul>
 */
public interface RoomBroadcaster {

    /**
     * Sends a signal to all listeners of its room, on this node and the others.
     *
     * @param signal what to send
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if it certainly was not sent
     */
    void publish(RoomSignal signal);

    /**
     * Begins to listen; when this returns, the registration stands.
     *
     * @param room the room's code
     * @param listener called on any thread, by several at once; it returns soon and does not block
     * @return the way to stop
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the registration could not be made
     */
    Registration subscribe(RoomId room, Consumer<RoomSignal> listener);

    /**
     * Sends a signal to all listeners of all nodes, this one too.
     *
     * @param signal what to send
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if it certainly was not sent
     */
    void publishToAll(NodeSignal signal);

    /**
     * Begins to listen to what is sent to all nodes; when this returns, the registration stands. A service does so once,
     * when it is built.
     *
     * @param listener called on any thread, by several at once; it returns soon and does not block
     * @return the way to stop
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the registration could not be made
     */
    Registration subscribeToAll(Consumer<NodeSignal> listener);

    /**
     * Tells whether the service may wake up subscriptions on the threads that call listeners, such as event loops that serve
     * streams as well. If not, it does so on threads of its own. Waking them up takes time for each stream of the room, and never
     * blocks.
     *
     * @return the same all the time
     */
    default boolean wakesOnListenerThread() {
        return false;
    }

    /**
     * Makes a broadcaster for services in one JVM. It loses nothing.
     *
     * @return a broadcaster that calls the listeners on the publishing thread
     */
    static RoomBroadcaster local() {
        return new LocalRoomBroadcaster();
    }

    /** A listener's registration. */
    interface Registration extends AutoCloseable {

        /** Stops listening. Idempotent; throws nothing, waits for no network, and may be called by the listener. */
        @Override
        void close();
    }
}
