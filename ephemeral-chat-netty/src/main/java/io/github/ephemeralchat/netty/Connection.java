package io.github.ephemeralchat.netty;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** One connection, as far as others look at it than its own event loop, which alone changes it. */
final class Connection {

    final Channel channel;

    /** By what the bound of its client counts it; null if none does. */
    final @Nullable Object client;

    private volatile int responding;
    private volatile boolean used;

    Connection(Channel channel, @Nullable Object client) {
        this.channel = channel;
        this.client = client;
    }

    /** Notes that a whole request has come, whose response is awaited. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Its event loop alone changes it.
    void responding() {
        responding++;
    }

    /** Notes that the client has taken the response, or never will. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Its event loop alone changes it.
    void responded() {
        used = true;
        responding--;
    }

    /** Whether a response is made, or on its way to the client. */
    boolean isResponding() {
        return responding > 0;
    }

    /** Whether a request was responded to since this was last asked. */
    boolean wasUsed() {
        boolean since = used;
        used = false;
        return since;
    }
}
