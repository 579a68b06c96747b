package io.github.ephemeralchat.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The streams of one event loop that have something to write. They do so once all sockets that were ready have been
 * read, so that what several posts brought leaves in one write for each stream; but no later than a few posts after the
 * first, lest the first wait for all others. Used on its event loop only.
 */
final class Turns {

    /** More posts than this are joined by nothing but chance: a stream is rarely woken by five clients at once. */
    private static final int MAX_ANSWERS = 4;

    private static final FastThreadLocal<Turns> OF_THIS_LOOP = new FastThreadLocal<>() {
        @Override
        protected Turns initialValue() {
            return new Turns();
        }
    };

    /** A stream is in it once at the most. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private boolean scheduled;
    private int answers;

    private Turns() {}

    /** Those of the event loop whose thread this is. */
    static Turns ofThisLoop() {
        return OF_THIS_LOOP.get();
    }

    /**
     * Adds a turn.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
     */
    void add(Runnable turn, EventLoop loop) {
        if (!scheduled) {
            loop.execute(this::runScheduled);
            scheduled = true;
        }
        waiting.add(turn);
    }

    /** Says that a client has its answer. */
    void answered() {
        answers++;
        if (answers >= MAX_ANSWERS) {
            run();
        }
    }

    private void runScheduled() {
        scheduled = false;
        run();
    }

    /** Those that wait now; what they add has its own time. */
    private void run() {
        answers = 0;
        for (int left = waiting.size(); left > 0 && !waiting.isEmpty(); left--) {
            waiting.remove().run();
        }
    }
}
