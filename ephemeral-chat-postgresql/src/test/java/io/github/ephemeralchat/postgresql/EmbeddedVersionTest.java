package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.PostgresqlBinary;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The newest version that comes with the tests, beside the one of this machine. It has a setting for NOTIFY's queue. */
class EmbeddedVersionTest {

    private static final TestDatabase DATABASE =
            TestDatabase.start(PostgresqlBinary.embedded(), "max_notify_queue_pages=64");

    private static final Duration CLOSED = Duration.ofMillis(2500);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration POSITION_CHECK = Duration.ofSeconds(31);
    /** Longer than the sender takes to try again. */
    private static final Duration FULL = Duration.ofMillis(1200);

    private final ChatNode here = ChatNode.open(DATABASE);
    private final ChatNode there = ChatNode.open(DATABASE);

    @AfterEach
    void closeNodes() {
        here.close();
        there.close();
    }

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @Test
    void roomLivesAndEnds() {
        String canary = "canary " + UUID.randomUUID();
        Membership room = here.room();
        Heard heard = there.listen(room);
        long sequence = here.post(room, canary, "k").message().sequence();
        Await.until(SOON, "it is heard", () -> heard.hasText(canary));
        here.service().as(room.room().id(), room.token()).forget(sequence);
        assertThat(DATABASE.holdsText(canary)).isFalse();
        here.service().as(room.room().id(), room.token()).destroy();
        Await.until(SOON, "the end is heard", () -> !heard.ends().isEmpty());
        assertThat(DATABASE.holdsRoom(room.room().id().value())).isFalse();
        DATABASE.execute("SELECT ephemeral_chat.turn_hours()");
    }

    /**
     * A listener of somebody else's sleeps in an open transaction: PostgreSQL keeps all notifications for it, until its queue
     * is full and nobody can notify.
     */
    @Test
    void postsAreStoredWhileTheQueueIsFullAndHeardOnceItIsNot() throws SQLException {
        try (Connection sleeper = DATABASE.admin().getConnection();
                Warnings warnings = new Warnings(DatabaseCalls.class)) {
            Membership room = here.room();
            Heard heard = there.listen(room);
            here.post(room, "before");
            Await.until(SOON, "it is heard", () -> heard.hasText("before"));
            fallAsleep(sleeper);
            fillQueue();
            int posted = 1 + postFor(FULL, room);
            if (Rounds.of(1, 2) == 2) {
                Await.until(POSITION_CHECK, "a position check finds them", () -> heard.messages() == posted);
            }
            sleeper.rollback();
            Await.until(SOON, "all is heard", () -> heard.messages() == posted);
            here.post(room, "after");
            Await.until(SOON, "it is heard again", () -> heard.hasText("after"));
            assertThat(heard.resets()).isZero();
            assertThat(warnings.count()).as("warnings of the outage").isOne();
        }
    }

    private int postFor(Duration time, Membership room) {
        long begin = System.nanoTime();
        int posted = 0;
        while (System.nanoTime() - begin < time.toNanos()) {
            long start = System.nanoTime();
            here.post(room, "while full");
            posted++;
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CLOSED);
        }
        return posted;
    }

    private static void fallAsleep(Connection sleeper) throws SQLException {
        try (Statement statement = sleeper.createStatement()) {
            statement.execute("LISTEN somebody_else");
            sleeper.setAutoCommit(false);
            statement.execute("SELECT 1");
        }
    }

    private static void fillQueue() throws SQLException {
        try (Connection connection = DATABASE.admin().getConnection();
                Statement statement = connection.createStatement()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            statement.execute("SELECT pg_notify('nobody', repeat('x', 7900))");
                        }
                    })
                    .withMessageContaining("too many notifications");
        }
    }
}
