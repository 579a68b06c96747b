package io.github.ephemeralchat.netty;

import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** One connection, as far as others look at it than its own event loop, which alone changes it. */
final class Connection {

    final Channel channel;

    /** By what the bound of its client counts it; null if none does. */
    final @Nullable Object client;

    private volatile boolean responding;
    private volatile int untaken;
    private volatile boolean used;

    Connection(Channel channel, @Nullable Object client) {
        this.channel = channel;
        this.client = client;
    }

    /** Notes that a whole request has come, whose response is awaited. */
    void responding() {
        responding = true;
    }

    /** Notes that the response is made, and on its way to the client. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Its event loop alone changes it.
    void responded() {
        used = true;
        responding = false;
        untaken++;
    }

    /** Notes that the client has taken a response, or never will. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // Its event loop alone changes it.
    void taken() {
        untaken--;
    }

    boolean isResponding() {
        return responding;
    }

    /** Whether a response is on its way to the client. */
    boolean hasUntaken() {
        return untaken > 0;
    }

    /** Whether a request was responded to since this was last asked. */
    boolean wasUsed() {
        boolean since = used;
        used = false;
        return since;
    }
}
