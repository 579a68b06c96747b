package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on one connection of its own, and gets another one if that breaks or falls silent: it is asked something every few
 * seconds, since a connection that is cut somewhere on the way looks like one on which nothing is said. The driver waits without
 * a time-out for the rest of a notification that has begun to arrive: so another thread sees to it that this ends.
 */
final class SignalReceiver implements AutoCloseable {

    static final String CHANNEL = "ephemeral_chat";

    private static final Logger log = LoggerFactory.getLogger(SignalReceiver.class);
    private static final int WAIT_MILLIS = 1_000;
    private static final long PROBE_NANOS = Duration.ofSeconds(3).toNanos();
    /** Of one wait for notifications, which ends after a second if none begins to arrive. */
    private static final long MAX_WAIT_NANOS = Duration.ofSeconds(8).toNanos();

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int ANSWER_MILLIS = 2_000;
    private static final int RETRY_MILLIS = 300;

    private final DataSource source;
    private final Listener listener;
    private final ExecutorService thread = DaemonThreads.pool("ephemeral-chat-postgresql-listen", 1);
    private final CountDownLatch listening = new CountDownLatch(1);
    private final Ticker ticker = Ticker.start("ephemeral-chat-postgresql-watch", TICK, this::endTornWait);
    private volatile boolean closed;
    private volatile @Nullable Connection current;
    /** What the receiving thread does at the moment; null if it does something that has a time-out. */
    private volatile @Nullable Wait wait;

    /** A wait for notifications. */
    private record Wait(Connection connection, long since) {}

    /** Where signals go; called on the receiving thread. */
    interface Listener {

        /**
         * Takes lines.
         *
         * @param entries reads on the listening connection
         * @throws SQLException if that connection is to be replaced
         */
        void onLines(List<String> lines, SignalledEntries entries) throws SQLException;

        /** Signals may have been lost. */
        void onGap();
    }

    SignalReceiver(DataSource source, Listener listener) {
        this.source = source;
        this.listener = listener;
    }

    /**
     * Begins to listen.
     *
     * @return whether it listens; if not yet, it tries on
     */
    boolean open(Duration wait) {
        thread.execute(this::run);
        try {
            return listening.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---- On the receiving thread ----

    private void run() {
        boolean failing = false;
        while (!closed) {
            try (Connection connection = source.getConnection()) {
                current = connection;
                int timeout = connection.getNetworkTimeout();
                try {
                    listen(connection);
                    failing = false;
                    receive(connection);
                } finally {
                    current = null;
                    restore(connection, timeout);
                }
            } catch (Throwable e) { // Also an error, such as no thread to be had, ends one connection only.
                if (!closed && !failing) {
                    failing = true;
                    log.warn("PostgreSQL's signals are not heard; trying again", Failures.withoutMessages(e));
                }
                pause();
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
        connection.setAutoCommit(true);
        execute(connection, "LISTEN " + CHANNEL);
        if (listening.getCount() == 0) {
            listener.onGap(); // Not before it listens again: what comes now is heard.
        }
        listening.countDown();
    }

    /** A pool may give it to somebody else, whose connection would keep all signals in memory if it listened on. */
    private static void restore(Connection connection, int networkTimeout) {
        try {
            execute(connection, "UNLISTEN *");
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        } catch (SQLException | RuntimeException e) {
            abort(connection);
        }
    }

    private void receive(Connection connection) throws SQLException {
        PGConnection notified = connection.unwrap(PGConnection.class);
        SignalledEntries entries = new SignalledEntries(connection);
        Payloads payloads = new Payloads();
        long lastHeard = System.nanoTime();
        while (!closed) {
            PGNotification[] notifications = await(notified, connection);
            if (notifications != null && notifications.length > 0) {
                lastHeard = System.nanoTime();
                take(payloads, notifications, entries);
            } else if (System.nanoTime() - lastHeard > PROBE_NANOS) {
                execute(connection, "SELECT 1");
                lastHeard = System.nanoTime();
            }
        }
    }

    private PGNotification @Nullable [] await(PGConnection notified, Connection connection) throws SQLException {
        wait = new Wait(connection, System.nanoTime());
        try {
            return notified.getNotifications(WAIT_MILLIS);
        } finally {
            wait = null;
        }
    }

    /** All together: what they tell of is then read at once. */
    private void take(Payloads payloads, PGNotification[] notifications, SignalledEntries entries) throws SQLException {
        List<String> all = new ArrayList<>();
        for (PGNotification notification : notifications) {
            List<String> lines = payloads.take(notification.getParameter());
            if (lines == null) {
                listener.onGap();
            } else {
                all.addAll(lines);
            }
        }
        listener.onLines(all, entries);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closing ends the loop.
        }
    }

    // ---- On other threads ----

    private void endTornWait() {
        Wait under = wait;
        if (under != null && System.nanoTime() - under.since() > MAX_WAIT_NANOS) {
            log.debug("A notification has not arrived as a whole");
            abort(under.connection());
        }
    }

    @Override
    public void close() {
        closed = true;
        ticker.close();
        Connection open = current;
        if (open != null) {
            abort(open);
        }
        thread.shutdownNow();
    }

    /** What waits on it fails at once. */
    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("The listening connection is closed", Failures.withoutMessages(e));
        }
    }
}
