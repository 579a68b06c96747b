package io.github.ephemeralchat.benchmarks.peer;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.CommandLineRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Several instances: a post is inserted and notified with its text in one transaction, and each instance hears all rooms and
 * sends to its own emitters.
 */
@Configuration
@Profile("postgresql")
class PostgresqlFanOut {

    private static final String CHANNEL = "rooms";

    @Bean
    DataSource dataSource(@Value("${peer.url}") String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        return pool;
    }

    @Bean
    FanOut fanOut(JdbcTemplate jdbc, TransactionTemplate transaction, JsonMapper json) {
        jdbc.execute("CREATE TABLE IF NOT EXISTS message (id text PRIMARY KEY, room text NOT NULL, sender text NOT NULL,"
                + " content text NOT NULL, sent bigint NOT NULL)");
        return message -> transaction.executeWithoutResult(status -> {
            jdbc.update(
                    "INSERT INTO message VALUES (?, ?, ?, ?, ?)",
                    message.id(),
                    message.roomId(),
                    message.sender(),
                    message.content(),
                    message.timestamp());
            jdbc.query(
                    "SELECT pg_notify('" + CHANNEL + "', ?)",
                    row -> {},
                    message.roomId() + " " + json.writeValueAsString(message));
        });
    }

    /** On one thread, which keeps their order. */
    @Bean
    CommandLineRunner listener(@Value("${peer.url}") String url, Emitters emitters) {
        return arguments -> {
            Connection connection = DriverManager.getConnection(url);
            try (Statement statement = connection.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
            }
            Thread thread = new Thread(() -> receive(connection, emitters), "notifications");
            thread.setDaemon(true);
            thread.start();
        };
    }

    private static void receive(Connection connection, Emitters emitters) {
        try {
            PGConnection notified = connection.unwrap(PGConnection.class);
            while (true) {
                for (PGNotification notification : notified.getNotifications(0)) {
                    deliver(notification.getParameter(), emitters);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void deliver(String payload, Emitters emitters) {
        int space = payload.indexOf(' ');
        String json = payload.substring(space + 1);
        try {
            emitters.sendAll(payload.substring(0, space), () -> SseEmitter.event().name("message").data(json));
        } catch (IllegalStateException e) {
            // Of a stream that has just ended; Redis's container goes on after it, too.
        }
    }
}
