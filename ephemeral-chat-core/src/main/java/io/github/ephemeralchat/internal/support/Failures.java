package io.github.ephemeralchat.internal.support;

import org.jspecify.annotations.Nullable;

/** Makes failures fit for a log: where it happened stays, what was said goes. */
public final class Failures {

    /** Enough for every real chain; a chain may also be a circle. */
    private static final int MAX_CAUSES = 10;

    private Failures() {}

    /**
     * Copies a failure without its messages, which might quote what somebody wrote.
     *
     * @param failure what was thrown
     * @return class names, stack frames, causes and suppressed failures, and no message
     */
    public static Throwable withoutMessages(Throwable failure) {
        return new Silenced(failure, MAX_CAUSES);
    }

    private static final class Silenced extends Throwable {

        private static final long serialVersionUID = 1L;

        private final String className;

        Silenced(Throwable original, int causes) {
            super(null, cause(original.getCause(), causes));
            className = original.getClass().getName();
            setStackTrace(original.getStackTrace());
            for (Throwable suppressed : original.getSuppressed()) {
                if (causes > 0) {
                    addSuppressed(new Silenced(suppressed, causes - 1));
                }
            }
        }

        private static @Nullable Throwable cause(@Nullable Throwable original, int causes) {
            return original == null || causes == 0 ? null : new Silenced(original, causes - 1);
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
