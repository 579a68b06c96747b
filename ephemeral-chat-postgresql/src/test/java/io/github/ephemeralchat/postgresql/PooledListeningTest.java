package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.ephemeralchat.tck.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The listening connection is of a pool that others use, and goes back to it although it is whole. */
class PooledListeningTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Test
    void refusal_givesTheConnectionBackUnlistened_andAnotherOneListens() throws SQLException {
        listensAgainAfter(new SQLException("cancelled", "57014"));
    }

    @Test
    void exception_givesTheConnectionBackUnlistened_andAnotherOneListens() throws SQLException {
        listensAgainAfter(new IllegalStateException("a test"));
    }

    @Test
    void error_givesTheConnectionBackUnlistened_andAnotherOneListens() throws SQLException {
        listensAgainAfter(new Error("no thread"));
    }

    private static void listensAgainAfter(Throwable failure) throws SQLException {
        TestDatabase database = TestDatabase.shared();
        Lines lines = new Lines(failure);
        try (HikariDataSource pool = database.pool(2);
                Connection used = pool.getConnection();
                SignalReceiver receiver = new SignalReceiver(pool, lines)) {
            assertThat(receiver.open(SOON)).isTrue();
            say(database);
            try (Connection given = pool.getConnection()) { // As soon as the receiver gives it back.
                assertThat(lines.heard).hasValue(0);
                assertThat(channels(given)).isZero();
            }
            Await.until(SOON, "it listens again", () -> {
                say(database);
                return lines.heard.get() > 0;
            });
            assertThat(channels(used)).isZero();
        }
    }

    private static void say(TestDatabase database) {
        database.execute("NOTIFY " + SignalReceiver.CHANNEL + ", 'of another version'");
    }

    private static int channels(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_listening_channels()")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Fails once. */
    private static final class Lines implements SignalReceiver.Listener {

        private final AtomicReference<Throwable> next;
        private final AtomicInteger heard = new AtomicInteger();

        Lines(Throwable failure) {
            next = new AtomicReference<>(failure);
        }

        @Override
        public void onLines(List<String> lines, SignalledEntries entries) throws SQLException {
            Throwable failure = next.getAndSet(null);
            if (failure instanceof SQLException refused) {
                throw refused;
            } else if (failure instanceof RuntimeException unexpected) {
                throw unexpected;
            } else if (failure instanceof Error error) {
                throw error;
            }
            heard.incrementAndGet();
        }

        @Override
        public void onGap() {}
    }
}
