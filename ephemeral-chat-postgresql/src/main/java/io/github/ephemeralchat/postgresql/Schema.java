package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.ChatUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** What nodes call in the database: {@code schema.sql} makes it, and {@code role.sql} lists it. */
final class Schema {

    /** Of the rows: {@code format_version()}. */
    private static final int FORMAT = 1;

    private static final Pattern FUNCTION = Pattern.compile("(?m)^  ephemeral_chat\\.(\\w+)");

    private static final String PRESENT = "SELECT to_regnamespace('ephemeral_chat') IS NOT NULL AS present";

    private static final String MISSING = "SELECT coalesce(string_agg(f, ', '), '') AS missing FROM unnest(?) AS f"
            + " WHERE NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = to_regnamespace('ephemeral_chat')"
            + " AND p.proname = f AND has_schema_privilege(p.pronamespace, 'USAGE')"
            + " AND has_function_privilege(p.oid, 'EXECUTE'))";

    private Schema() {}

    /**
     * Creates it unless it is there. A schema without functions is one that somebody has made for it.
     *
     * @throws ChatUnavailableException if it could not be created
     */
    static void create(DataSource owner) {
        try (Connection connection = owner.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // Nodes that start at once do it one after the other.
                statement.execute("SELECT pg_advisory_xact_lock(hashtext('ephemeral_chat.schema'))");
                if (!isThere(statement)) {
                    statement.execute(resource("schema.sql"));
                }
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            throw new ChatUnavailableException("the schema could not be created", e);
        }
    }

    private static boolean isThere(Statement statement) throws SQLException {
        try (var rows =
                statement.executeQuery("SELECT to_regprocedure('ephemeral_chat.format_version()') IS NOT NULL")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks that a node may call whatever it calls: otherwise requests would fail, one by one.
     *
     * @throws IllegalStateException if not
     */
    static void check(DatabaseCalls calls) {
        if (!calls.query(PRESENT, row -> row.next() && row.flag("present"))) {
            throw new IllegalStateException("the database has no schema ephemeral_chat: see createSchema");
        }
        Object called = FUNCTION.matcher(resource("role.sql"))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toArray(String[]::new);
        String missing = calls.query(MISSING, text("missing"), new Object[] {called});
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "the schema ephemeral_chat lacks what this version calls (schema.sql), or the"
                            + " role may not call it (role.sql): " + missing);
        }
        String format = calls.query("SELECT ephemeral_chat.format_version()::text AS format", text("format"));
        if (!format.equals(String.valueOf(FORMAT))) {
            throw new IllegalStateException("the schema ephemeral_chat is of another version of this library");
        }
    }

    /** Reads a text of the only row. */
    static Function<Row, String> text(String column) {
        return row -> {
            row.next();
            return row.text(column);
        };
    }
}
