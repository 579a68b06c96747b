package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements on connections of the host's pool, each in its own transaction and with a time-out of ours; leaves connections
 * as they were.
 *
 * @param onAnswer called when the server has answered, before the answer is read
 */
record PooledStatements(DataSource pool, Runnable onAnswer) {

    private static final Logger log = LoggerFactory.getLogger(PooledStatements.class);

    /**
     * Asks, and waits no longer than until a deadline for an answer, however long the pool takes.
     *
     * @param deadline by {@link System#nanoTime()}
     * @param reader reads the answer
     */
    <T extends @Nullable Object> T ask(String sql, long deadline, Function<Row, T> reader, @Nullable Object[] arguments)
            throws SQLException {
        try (Connection connection = pool.getConnection()) {
            int millis = (int) TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (millis <= 0) {
                throw new ChatUnavailableException("the pool gave no connection in time");
            }
            int usual = connection.getNetworkTimeout();
            boolean autoCommit = connection.getAutoCommit();
            try {
                connection.setNetworkTimeout(Runnable::run, millis);
                if (!autoCommit) {
                    connection.setAutoCommit(true);
                }
                return ask(connection, sql, reader, arguments);
            } finally {
                restore(connection, usual, autoCommit);
            }
        }
    }

    private static void restore(Connection connection, int networkTimeout, boolean autoCommit) {
        try {
            if (!autoCommit) {
                connection.setAutoCommit(false);
            }
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        } catch (SQLException e) {
            log.debug("A connection is closed", Failures.withoutMessages(e)); // Its pool finds out.
        }
    }

    private <T extends @Nullable Object> T ask(
            Connection connection, String sql, Function<Row, T> reader, @Nullable Object[] arguments)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(connection, statement, arguments);
            try (ResultSet rows = statement.executeQuery()) {
                onAnswer.run();
                return reader.apply(new Row(rows));
            }
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, @Nullable Object[] arguments)
            throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            if (argument == null) {
                statement.setNull(i + 1, Types.NULL);
            } else if (argument instanceof String[] texts) {
                statement.setArray(i + 1, connection.createArrayOf("text", texts));
            } else if (argument instanceof byte[][] many) {
                statement.setArray(i + 1, connection.createArrayOf("bytea", many));
            } else if (argument instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else {
                statement.setObject(i + 1, argument);
            }
        }
    }
}
