package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.internal.support.Failures;
import org.slf4j.Logger;

/** Logs on event loops, where nothing may be thrown: a process without descriptors may lack what its logger loads. */
final class LoopLog {

    private LoopLog() {}

    @SuppressWarnings("EmptyCatch") // There is nowhere else to say it.
    static void warn(Logger log, String message, Throwable cause) {
        try {
            log.warn(message, Failures.withoutMessages(cause));
        } catch (Throwable e) {
            // The connections of this loop are worth more than the line.
        }
    }
}
