package io.github.ephemeralchat.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.ephemeralchat.testsupport.PostgresqlBinary;
import io.github.ephemeralchat.testsupport.PostgresqlProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A server with the schema, on which the library has no more rights than are documented. */
final class TestDatabase implements AutoCloseable {

    /** The role under test. */
    private static final String CHAT = "chat";

    private static final List<String> PARTITIONED = List.of("seat", "token", "property", "entry", "body", "claim");

    private final PostgresqlProcess server;

    private TestDatabase(PostgresqlBinary binary, String... options) {
        this.server = PostgresqlProcess.start(binary, options);
        PostgresqlChat.createSchema(admin());
        execute("CREATE ROLE " + CHAT + " LOGIN");
        execute(role());
    }

    static TestDatabase start() {
        return start(PostgresqlBinary.found());
    }

    static TestDatabase start(PostgresqlBinary binary, String... options) {
        return new TestDatabase(binary, options);
    }

    /** One server that lives as long as the tests, for those that break nothing. */
    static TestDatabase shared() {
        return Shared.DATABASE;
    }

    private static final class Shared {
        private static final TestDatabase DATABASE = start();
        private static final HikariDataSource POOL = DATABASE.pool(32);
    }

    /** A pool that all tests share. */
    static DataSource sharedPool() {
        return Shared.POOL;
    }

    private static String role() {
        try (InputStream in = PostgresqlChat.class.getResourceAsStream("role.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PostgresqlProcess server() {
        return server;
    }

    /** Connections that no pool keeps, for the library under test. */
    DataSource unpooled() {
        return unpooled(server.port());
    }

    /** The same over another port, where a proxy listens. */
    DataSource unpooled(int port) {
        return source(CHAT, port);
    }

    HikariDataSource pool(int connections) {
        return pool(connections, server.port());
    }

    HikariDataSource pool(int connections, int port) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(unpooled(port));
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(30_000);
        return new HikariDataSource(config);
    }

    /** For the test itself, which may do everything. */
    DataSource admin() {
        return source(PostgresqlProcess.ADMIN, server.port());
    }

    private static PGSimpleDataSource source(String user, int port) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName("postgres");
        source.setUser(user);
        source.setLoginTimeout(2);
        return source;
    }

    DataSource ofDatabase(String name) {
        PGSimpleDataSource source = source(PostgresqlProcess.ADMIN, server.port());
        source.setDatabaseName(name);
        return source;
    }

    /** Connections of another role than the library's. */
    DataSource ofRole(String name) {
        return source(name, server.port());
    }

    void execute(String sql) {
        execute(admin(), sql);
    }

    static void execute(DataSource source, String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a query says in its first column and row. */
    String ask(String sql, Object... arguments) {
        try (Connection connection = admin().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : "";
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether there is a row of a room, or one that belongs to no room any more. */
    boolean holdsRoom(String code) {
        if (!ask("SELECT code FROM ephemeral_chat.room WHERE code = ?", code).isEmpty()) {
            return true;
        }
        return PARTITIONED.stream()
                .anyMatch(table -> !ask("SELECT 'orphan' FROM ephemeral_chat." + table
                                + " t WHERE NOT EXISTS (SELECT FROM ephemeral_chat.room r WHERE r.no = t.room) LIMIT 1")
                        .isEmpty());
    }

    /** Whether a text is in any row. */
    boolean holdsText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Stream.of("body.body", "entry.body", "property.value").anyMatch(column -> {
            String table = column.substring(0, column.indexOf('.'));
            return !ask(
                            "SELECT 'held' FROM ephemeral_chat." + table + " WHERE position(? IN " + column
                                    + ") > 0 LIMIT 1",
                            (Object) bytes)
                    .isEmpty();
        });
    }

    @Override
    public void close() {
        server.close();
    }
}
