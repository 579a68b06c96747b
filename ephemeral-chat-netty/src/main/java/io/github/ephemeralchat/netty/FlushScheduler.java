package io.github.ephemeralchat.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one event loop that have something to write. They do so once all sockets that were ready have been
 * read, so that what several posts brought leaves in one write for each stream. Where few streams wait, as in small
 * rooms, there is little to join, and they wait for a few answers at the most: the first post does not wait for all
 * others. Used on its event loop only.
 */
final class FlushScheduler {

    private static final int FEW_ANSWERS = 4;
    private static final int FEW_STREAMS = 64;

    private static final Logger log = LoggerFactory.getLogger(FlushScheduler.class);

    private static final FastThreadLocal<FlushScheduler> OF_THIS_LOOP = new FastThreadLocal<>() {
        @Override
        protected FlushScheduler initialValue() {
            return new FlushScheduler();
        }
    };

    /** A stream is in it once at the most. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private boolean scheduled;
    private int answers;

    private FlushScheduler() {}

    /** Those of the event loop whose thread this is. */
    static FlushScheduler ofThisLoop() {
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
        if (answers >= FEW_ANSWERS && waiting.size() <= FEW_STREAMS) {
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
            take(waiting.remove());
        }
    }

    private static void take(Runnable turn) {
        try {
            turn.run();
        } catch (Throwable e) {
            // Whatever it is, the others have their turn, and who posted is not to blame.
            log.warn("A stream's turn failed with {}", e.getClass().getName());
        }
    }
}
