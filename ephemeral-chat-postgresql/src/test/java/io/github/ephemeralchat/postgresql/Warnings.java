package io.github.ephemeralchat.postgresql;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Counts what a class logs. */
final class Warnings extends Handler implements AutoCloseable {

    private final Logger logger;
    private final AtomicInteger count = new AtomicInteger();

    Warnings(Class<?> of) {
        logger = Logger.getLogger(of.getName());
        logger.addHandler(this);
    }

    int count() {
        return count.get();
    }

    @Override
    public void publish(LogRecord record) {
        count.incrementAndGet();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
