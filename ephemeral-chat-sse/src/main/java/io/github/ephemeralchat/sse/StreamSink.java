package io.github.ephemeralchat.sse;

import java.io.IOException;

/**
 * Where a stream's bytes go: a connection that never blocks. A server implements it, one for each {@link EventStream}.
 * Of {@link #isReady}, {@link #write}, {@link #flush} and {@link #close} no two run at once, and after {@code close}
 * none does.
 */
public interface StreamSink {

    /** {@return whether one write or flush may follow; if not, {@link EventStream#signal} is called once it may} */
    boolean isReady();

    /**
     * Takes bytes.
     *
     * @param bytes what many streams may share: nobody changes it
     * @throws IOException if the connection is gone
     */
    void write(byte[] bytes) throws IOException;

    /**
     * Sends what was written.
     *
     * @throws IOException if the connection is gone
     */
    void flush() throws IOException;

    /** Ends the response, or what is left of it. Does not throw if the connection is gone. */
    void close();

    /**
     * Runs a task that uses the methods above. By default it runs at once, on whatever thread has signalled the stream;
     * a connection that belongs to one thread has it run there, and soon: until then nothing is written.
     *
     * @param task what to run, exactly once; at most one for each stream is pending
     */
    default void execute(Runnable task) {
        task.run();
    }
}
