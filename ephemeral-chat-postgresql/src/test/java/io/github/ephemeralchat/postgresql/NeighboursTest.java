package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others who use the same database do. */
class NeighboursTest {

    private static final Duration CLOSED = Duration.ofMillis(2500);
    private static final Duration SOON = Duration.ofSeconds(2);

    private final TestDatabase database = TestDatabase.shared();
    private final ChatNode here = ChatNode.open(database);
    private final ChatNode there = ChatNode.open(database);

    @AfterEach
    void closeNodes() {
        here.close();
        there.close();
    }

    /** It has read everything, holds a snapshot, has written and wants to notify. */
    @Test
    void transactionThatStaysOpenHoldsUpNothing() throws SQLException {
        Membership room = here.room();
        Heard heard = there.listen(room);
        here.post(room, "before");
        try (Connection other = database.admin().getConnection();
                Statement statement = other.createStatement()) {
            other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            other.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM ephemeral_chat.room, ephemeral_chat.entry");
            statement.execute("CREATE TABLE theirs (id int)");
            statement.execute("NOTIFY " + SignalReceiver.CHANNEL + ", 'theirs'");
            long end = System.nanoTime() + Duration.ofSeconds(Rounds.of(1, 60)).toNanos();
            Duration slowest = Duration.ZERO;
            int posted = 1;
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                here.post(room, "while open");
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                slowest = took.compareTo(slowest) > 0 ? took : slowest;
                int all = ++posted;
                Await.until(SOON, "it is heard", () -> heard.messages() == all);
            }
            System.out.printf("open transaction: %d posts, the slowest %d ms%n", posted, slowest.toMillis());
            assertThat(slowest).isLessThan(CLOSED);
            other.rollback();
        }
        assertThat(heard.resets()).isZero();
    }

    @Test
    void rowThatSomebodyHasLockedFailsPostsInTime() throws SQLException {
        Membership room = here.room();
        Heard heard = there.listen(room);
        try (Connection other = database.admin().getConnection();
                PreparedStatement lock =
                        other.prepareStatement("SELECT 1 FROM ephemeral_chat.room WHERE code = ? FOR UPDATE")) {
            other.setAutoCommit(false);
            lock.setString(1, room.room().id().value());
            lock.execute();
            assertThat(here.failToPost(room, "while locked")).isLessThan(CLOSED);
            there.post(there.room(), "other rooms go on");
            other.rollback();
        }
        here.post(room, "after");
        Await.until(SOON, "it is heard", () -> heard.hasText("after"));
        assertThat(heard.hasText("while locked")).isFalse();
    }
}
