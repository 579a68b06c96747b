package io.github.ephemeralchat.examples.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.ephemeralchat.postgresql.PostgresqlChat;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a PostgreSQL is.
 *
 * @param url as its driver reads it; it may hold a password
 */
record PostgresqlAddress(String url) {

    private static final int CONNECTIONS = 16;
    private static final int LOGIN_SECONDS = 5;

    /** Stricter than the driver, which writes what it cannot read into the log. */
    private static final Pattern URL =
            Pattern.compile("jdbc:postgresql://[A-Za-z0-9._:,\\[\\]-]+/[^\\s/?#@]+(?:\\?[^\\s#]*)?");

    /** Connects. The schema is created if it is not there. */
    Rooms open() {
        PostgresqlChat.createSchema(source());
        HikariDataSource pool = pool();
        try {
            PostgresqlChat chat = PostgresqlChat.builder(pool)
                    .listeningOver(source())
                    .maxConnections(CONNECTIONS)
                    .open();
            return new Rooms(chat.store(), chat.broadcaster(), null, () -> {
                chat.close();
                pool.close();
            });
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setInitializationFailTimeout(-1); // Who asks first says it.
        return new HikariDataSource(config);
    }

    private PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(url);
        source.setLoginTimeout(LOGIN_SECONDS);
        return source;
    }

    @Override
    public String toString() {
        return "PostgresqlAddress"; // Without the password.
    }

    /** Reads it from the command line. What was written is not repeated if it is wrong. */
    static final class Reader implements ITypeConverter<PostgresqlAddress> {

        Reader() {}

        @Override
        public PostgresqlAddress convert(String text) {
            PostgresqlAddress address = new PostgresqlAddress(text);
            try {
                if (URL.matcher(text).matches()) {
                    address.source();
                    return address;
                }
            } catch (IllegalArgumentException e) {
                // The driver's own words repeat it.
            }
            throw new TypeConversionException(
                    "it is jdbc:postgresql://HOST[:PORT]/DATABASE?user=USER&password=PASSWORD, special characters as in a URL");
        }
    }
}
