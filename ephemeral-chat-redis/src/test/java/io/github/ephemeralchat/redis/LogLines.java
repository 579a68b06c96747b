package io.github.ephemeralchat.redis;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** All that our loggers say, at every level. */
final class LogLines extends Handler implements AutoCloseable {

    private final Logger ours = Logger.getLogger("io.github.ephemeralchat");
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    LogLines() {
        setLevel(Level.ALL);
        ours.setLevel(Level.ALL);
        ours.addHandler(this);
    }

    String all() {
        return String.join("\n", lines);
    }

    @Override
    public void publish(LogRecord line) {
        Object[] parameters = line.getParameters();
        lines.add(line.getLevel() + " " + line.getMessage() + " " + line.getThrown()
                + (parameters == null ? "" : List.of(parameters)));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        ours.removeHandler(this);
        ours.setLevel(null);
    }
}
