package io.github.ephemeralchat.internal.support;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What was thrown: as its cause, and fit for a log, where it happened without what was said. */
public final class Failures {

    /** Enough for every real failure; causes and suppressed failures may also form circles. */
    private static final int MAX_COPIES = 50;

    private Failures() {}

    /**
     * Copies a failure without its messages, which might quote what somebody wrote.
     *
     * @param failure what was thrown
     * @return class names, stack frames, causes and suppressed failures, and no message
     */
    public static Throwable withoutMessages(Throwable failure) {
        return new Silenced(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /**
     * Returns what a stage has failed with.
     *
     * @param failure what whoever depends on the stage was given
     * @return the same without what stages wrap it in
     */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? causeOf(cause) : failure;
    }

    private static final class Silenced extends Throwable {

        private static final long serialVersionUID = 1L;

        private final String className;

        /** Each failure is copied once: {@code seen} has those that were met. */
        Silenced(Throwable original, Set<Throwable> seen) {
            super(null, copy(original.getCause(), seen));
            className = original.getClass().getName();
            setStackTrace(original.getStackTrace());
            for (Throwable suppressed : original.getSuppressed()) {
                Throwable copy = copy(suppressed, seen);
                if (copy != null) {
                    addSuppressed(copy);
                }
            }
        }

        private static @Nullable Throwable copy(@Nullable Throwable original, Set<Throwable> seen) {
            if (original == null || seen.size() == MAX_COPIES || !seen.add(original)) {
                return null;
            }
            return new Silenced(original, seen);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this; // The original's frames are set instead.
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // The name of the original's class is not a message.
        public String toString() {
            return className;
        }
    }
}
