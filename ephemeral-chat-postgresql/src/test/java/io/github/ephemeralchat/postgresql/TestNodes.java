package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.spi.LogLimits;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Nodes over the shared server that a test opens. */
final class TestNodes implements AutoCloseable {

    private final Queue<PostgresqlChat> open = new ConcurrentLinkedQueue<>();

    /** A node on the pool that all tests share: quick to open. */
    PostgresqlChat light(LogLimits limits) {
        return keep(PostgresqlChat.builder(TestDatabase.sharedPool())
                .listeningOver(TestDatabase.shared().unpooled())
                .logLimits(limits)
                .open());
    }

    /** The same for its store alone: it hears no signals. */
    PostgresqlChat deaf(LogLimits limits) {
        return keep(PostgresqlChat.builder(TestDatabase.sharedPool())
                .polling()
                .logLimits(limits)
                .open());
    }

    PostgresqlChat keep(PostgresqlChat node) {
        open.add(node);
        return node;
    }

    @Override
    public void close() {
        open.forEach(PostgresqlChat::close);
        open.clear();
    }
}
