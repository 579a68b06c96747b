package io.github.ephemeralchat.sse.servlet;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Has the container end connections whose readers take nothing, a few at once: Tomcat first offers the reader what is left,
 * and may hold a thread for each until its write time-out. One for all applications, since they share those threads.
 * Thread-safe.
 */
final class CutOffs {

    private static final int AT_ONCE = 8;

    private final Queue<ServletStreamSink> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore free = new Semaphore(AT_ONCE);

    /** Ends a connection now or later, unless the container has ended it by then. */
    void add(ServletStreamSink sink) {
        waiting.add(sink);
        goOn();
    }

    /** One that was begun is over. */
    void ended() {
        free.release();
        goOn();
    }

    private void goOn() {
        while (!waiting.isEmpty() && free.tryAcquire()) {
            ServletStreamSink next = waiting.poll();
            if (next == null || !next.timeOut()) {
                free.release();
            }
        }
    }
}
