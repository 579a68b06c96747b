package io.github.ephemeralchat.sse;

import java.io.IOException;

/**
 * Where a stream's bytes go: a connection that never blocks. No two calls run at once, and after {@link #close} there is
 * none.
 */
interface StreamSink {

    /** Whether one write or flush may follow; where not, {@link EventStream#signal} is called once it may. */
    boolean isReady();

    /** Takes bytes that nobody changes afterwards. */
    void write(byte[] bytes) throws IOException;

    /** Sends what was written. */
    void flush() throws IOException;

    /** Ends the response, or what is left of it. */
    void close();
}
