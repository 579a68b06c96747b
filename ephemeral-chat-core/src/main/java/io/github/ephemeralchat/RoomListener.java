package io.github.ephemeralchat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;

/**
 * Is told what happens to all rooms, for a host that has to act on it. Every method does nothing by default. It is given
 * codes and identities, which are as secret as the rooms, and never a text.
 *
 * <p>What is told, and how often:
 *
 * <ul>
 *   <li>That a room was created, a seat taken or freed, and a room destroyed is told once, on the node that did it, whoever
 *       asked for it. If the answer of the store was lost there, it may never be told.
 *   <li>That a room has expired, or was lost, is told on a node on which somebody listened to it, once on each such node;
 *       if nobody listened anywhere, it is never told. A node that the store has not answered since a deadline was moved
 *       tells the end that it knows of.
 *   <li>A node that ends tells no more. If its service was closed, what was waiting by then may still be told. What must
 *       not be missed is to be looked up, for example by {@link HostAuthority#describe}.
 * </ul>
 *
 * <p>Every method is called on the listeners' executor, after the call that it tells of was carried out, and never on that
 * caller's thread. The calls about one room come one at a time, in the order in which they were carried out on this node;
 * those about several rooms may come at once. What a method throws is logged without its message, and changes nothing. While
 * it blocks it holds one of the executor's threads and what else is to be told of that room; nobody else waits. If more than
 * 10,000 calls of a listener wait, further ones are dropped, which is logged.
 *
 * @see EphemeralChatService.Builder#roomListener
 */
public interface RoomListener {

    /**
     * A room was created. Its owner's seat is not told by {@link #joined}.
     *
     * @param room its code
     * @param owner who created it
     */
    default void created(RoomId room, Participant owner) {}

    /**
     * Somebody took a seat. One who comes back to a seat is not told of.
     *
     * @param room the room's code
     * @param participant who
     */
    default void joined(RoomId room, Participant participant) {}

    /**
     * A seat was freed: its participant has left, or was removed. Seats of a room that ends are not told of.
     *
     * @param room the room's code
     * @param identity who had it
     */
    default void left(RoomId room, Identity identity) {}

    /**
     * A room has ended.
     *
     * @param room its code, which another room may have later
     * @param reason why
     */
    default void ended(RoomId room, EndReason reason) {}
}
