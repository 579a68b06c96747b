package io.github.ephemeralchat.sse;

/** What participants may do unless the host switches it off. */
public enum Feature {
    /** To create rooms whose texts and profiles the server cannot read. Off for hosts that keep records or moderate. */
    ENCRYPTION,
    /** To set properties of a room. Off for hosts that set them in the room's name. */
    PROPERTIES,
    /** To move a room's end. Off for hosts whose rooms end on time. */
    DEADLINE,
    /**
     * To have texts forgotten before the room ends: by deletion, by a life of their own, or by claims. Off for hosts that keep
     * records.
     */
    FORGETTING,
    /** To create rooms that tell who is typing or connected. Off for hosts whose users are not to see that of each other. */
    SIGNALS
}
