package io.github.ephemeralchat.internal.support;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends what takes too long. Its owner calls {@link #tick} several times a second: a timer for each thing would wake up a thread
 * for each. Thread-safe.
 */
public final class Deadlines {

    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    /** By identity: no two are the same. */
    private static final class Entry {

        final long deadline;
        final Runnable onPassed;

        Entry(long deadline, Runnable onPassed) {
            this.deadline = deadline;
            this.onPassed = onPassed;
        }
    }

    /**
     * Takes something that has a deadline, until it is complete.
     *
     * @param underWay what may take until then
     * @param deadline by {@link System#nanoTime()}
     * @param onPassed completes it; called by a tick after the deadline, perhaps though it has just been completed
     */
    @SuppressWarnings("FutureReturnValueIgnored") // Removing does not fail.
    public void add(CompletionStage<?> underWay, long deadline, Runnable onPassed) {
        Entry entry = new Entry(deadline, onPassed);
        entries.add(entry);
        underWay.whenComplete((value, failure) -> entries.remove(entry));
    }

    /** Ends what is over. */
    public void tick() {
        long now = System.nanoTime();
        for (Entry entry : entries) {
            if (now - entry.deadline >= 0) {
                entry.onPassed.run();
            }
        }
    }
}
