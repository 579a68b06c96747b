package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.model.ChatUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends lines as notifications: at once if none was sent for {@value #JOIN_MILLIS} ms, else together with what comes until
 * then, since PostgreSQL lets one transaction with notifications commit at a time. What cannot be sent is dropped; once
 * something can be sent again, all nodes are told that signals were lost. What waits when this is closed is sent before.
 * Thread-safe.
 */
final class SignalSender implements AutoCloseable {

    static final int JOIN_MILLIS = 20;

    private static final int RETRY_MILLIS = 500;
    private static final int MAX_CHARS = 1 << 16;
    private static final long MAX_WAIT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int CLOSING_MILLIS = 1_000;
    private static final String NOTIFY = "SELECT pg_notify('" + SignalReceiver.CHANNEL + "', payload)"
            + " FROM unnest(?) WITH ORDINALITY AS p (payload, number) ORDER BY number";

    /**
     * PostgreSQL frees what all listeners have heard when somebody has notified, which nobody can while its queue is full, or
     * when somebody asks this.
     */
    private static final String FREE_QUEUE = "SELECT pg_notification_queue_usage()";

    private final DatabaseCalls calls;
    private final String first;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, DaemonThreads.factory("ephemeral-chat-postgresql-notify"));

    // Under the lock.
    private final ArrayDeque<String> waiting = new ArrayDeque<>();
    private int chars;
    private boolean lost;
    private boolean scheduled;
    private boolean closed;
    private long lastSent = System.nanoTime() - Duration.ofMillis(JOIN_MILLIS).toNanos();

    /**
     * Creates a sender.
     *
     * @param first the line before the others of each transaction
     */
    SignalSender(DatabaseCalls calls, String first) {
        this.calls = calls;
        this.first = first;
    }

    /**
     * Takes a line to send. If too much waits already, so does the caller for a moment.
     *
     * @throws ChatUnavailableException if it is closed
     */
    synchronized void send(String line) {
        boolean fits = awaitSpace(line.length());
        if (closed) {
            throw new ChatUnavailableException("the broadcaster is closed");
        }
        if (!fits) {
            lost = true;
            return;
        }
        waiting.add(line);
        chars += line.length();
        if (!scheduled) {
            schedule(JOIN_MILLIS);
        }
    }

    private boolean awaitSpace(int needed) {
        long end = System.nanoTime() + MAX_WAIT_NANOS;
        while (chars > 0 && chars + needed > MAX_CHARS) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The task catches whatever the call throws.
    private void schedule(int millis) {
        long due = lastSent + TimeUnit.MILLISECONDS.toNanos(millis) - System.nanoTime();
        thread.schedule(this::flush, Math.max(0, due), TimeUnit.NANOSECONDS);
        scheduled = true;
    }

    private void flush() {
        boolean sent = false;
        List<String> lines = take();
        if (lines.size() == 1) {
            return; // The last flush, and nothing waits.
        }
        try {
            if (lines.contains(SignalCodec.LOST)) {
                calls.queryInPlace(FREE_QUEUE, Row::next);
            }
            Object payloads = Payloads.of(lines).toArray(String[]::new);
            sent = calls.queryInPlace(NOTIFY, row -> true, new @Nullable Object[] {payloads});
        } catch (RuntimeException e) {
            // The calls have said so in the log, once an outage.
        } finally {
            sent(sent);
        }
    }

    private synchronized List<String> take() {
        List<String> lines = new ArrayList<>(List.of(first));
        if (lost) {
            lines.add(SignalCodec.LOST);
            lost = false;
        }
        lines.addAll(waiting);
        waiting.clear();
        chars = 0;
        notifyAll();
        return lines;
    }

    private synchronized void sent(boolean all) {
        lost |= !all;
        lastSent = System.nanoTime();
        scheduled = false;
        // Also if nothing waits: the others are to hear that something was lost.
        if (!closed && (!waiting.isEmpty() || lost)) {
            schedule(all ? JOIN_MILLIS : RETRY_MILLIS);
        }
    }

    /** Takes no more lines, and sends those that wait, for a second at most: they may tell of what was answered. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            thread.execute(this::flush); // Also what comes while a flush is under way.
            thread.shutdown();
        }
        try {
            if (!thread.awaitTermination(CLOSING_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
