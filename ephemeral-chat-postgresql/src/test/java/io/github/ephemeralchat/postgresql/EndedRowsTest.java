package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is left of what has ended, and what the janitor does. */
class EndedRowsTest {

    private static final Duration GONE = Duration.ofSeconds(5);
    private static final String HOURS = "SELECT count(*) FROM pg_class WHERE relname = ?";

    private final TestDatabase database = TestDatabase.shared();
    private final ChatNode node = ChatNode.open(database);
    private final String canary = "canary " + UUID.randomUUID();

    @AfterEach
    void closeNode() {
        node.close();
    }

    @Test
    void noRowHasATextThatWasForgotten() {
        Membership room = node.room();
        long sequence = node.post(room, canary, "k").message().sequence();
        assertThat(database.holdsText(canary)).isTrue();
        node.service().as(room.room().id(), room.token()).forget(sequence);
        assertThat(database.holdsText(canary)).isFalse();
    }

    @Test
    void noRowHasATextWhoseTimeIsOver() {
        Membership room = node.room();
        endsSoon(room, canary);
        assertThat(database.holdsText(canary)).isTrue();
        Await.until(GONE.plusSeconds(5), "no row has the text", () -> !database.holdsText(canary));
    }

    @Test
    void noRowIsLeftOfARoomThatWasDestroyed() {
        Membership room = node.room();
        node.post(room, canary);
        node.service().as(room.room().id(), room.token()).destroy();
        assertThat(database.holdsText(canary)).isFalse();
        assertThat(database.holdsRoom(room.room().id().value())).isFalse();
    }

    @Test
    void noRowIsLeftOfARoomThatHasExpired() {
        Membership room = node.room(Duration.ofSeconds(2), 5);
        node.post(room, canary);
        Await.until(Duration.ofSeconds(2).plus(GONE), "no row has the text", () -> !database.holdsText(canary));
        Await.until(
                GONE,
                "no row is left",
                () -> !database.holdsRoom(room.room().id().value()));
    }

    /** The server's own files: what people write is in no write-ahead log. */
    @Test
    void tablesThatHaveWordsAreUnlogged() {
        node.post(node.room(), canary);
        assertThat(database.ask("SELECT string_agg(DISTINCT c.relpersistence::text, '') FROM pg_class c"
                        + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE n.nspname = 'ephemeral_chat' AND c.relkind = 'r'"))
                .isEqualTo("u");
    }

    @Test
    void hourThatIsOverIsDropped() {
        database.execute("SET search_path = ephemeral_chat; SELECT make_hour(17)");
        assertThat(database.ask(HOURS, "entry_17")).isEqualTo("1");
        database.execute("SELECT ephemeral_chat.turn_hours()");
        assertThat(database.ask(HOURS, "entry_17")).isEqualTo("0");
    }

    /** A lock of somebody else's, such as a dump's, is waited for no longer than a moment. */
    @Test
    void hourThatSomebodyReadsIsDroppedLater() throws SQLException {
        database.execute("SET search_path = ephemeral_chat; SELECT make_hour(18)");
        try (Connection dump = database.admin().getConnection();
                Statement statement = dump.createStatement()) {
            dump.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM ephemeral_chat.entry");
            database.execute("SELECT ephemeral_chat.turn_hours()");
            assertThat(database.ask(HOURS, "entry_18")).isEqualTo("1");
            node.post(node.room(), "goes on meanwhile");
            dump.rollback();
        }
        database.execute("SELECT ephemeral_chat.turn_hours()");
        assertThat(database.ask(HOURS, "entry_18")).isEqualTo("0");
    }

    /** Somebody's backup or update reads one: the others go, and so do rooms. */
    @Test
    void textThatSomebodyHasLockedHoldsUpNoOther() throws SQLException {
        Membership room = node.room();
        long locked = endsSoon(room, "locked").message().sequence();
        try (Connection other = database.admin().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT FROM ephemeral_chat.body b JOIN ephemeral_chat.room r ON r.no = b.room"
                    + " WHERE r.code = '" + room.room().id().value() + "' AND b.sequence = " + locked
                    + " FOR UPDATE OF b");
            Membership ended = node.room(Duration.ofMillis(100), 5);
            endsSoon(node.room(), canary);
            Await.until(GONE.plusSeconds(5), "no row has the text", () -> !database.holdsText(canary));
            Await.until(
                    GONE,
                    "the other room is removed",
                    () -> !database.holdsRoom(ended.room().id().value()));
            other.rollback();
        }
    }

    private PostResult endsSoon(Membership room, String text) {
        return node.service()
                .transport()
                .post(
                        room.room().id(),
                        room.token(),
                        NewMessage.of(text).withId("k").withTtl(Duration.ofSeconds(5)));
    }

    @Test
    void roomOfAFarHourIsCreatedThoughNobodyHasMadeThatHour() {
        Instant now = node.postgresql().store().now();
        Membership like = node.room();
        Room far = new Room(new RoomIncarnation(RoomId.random(), 1), now, now.plus(40, ChronoUnit.DAYS), 5, false);
        assertThat(node.postgresql().store().create(far, like.participant().identity(), TokenHash.of(like.token())))
                .isTrue();
        node.service().asHost(far.id()).destroy();
    }

    @Test
    void nodeOpensOnNoDatabaseWithoutTheSchema() {
        database.execute("CREATE DATABASE empty");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        PostgresqlChat.builder(database.ofDatabase("empty")).open());
    }

    @Test
    void nodeOpensForNoRoleWithoutItsRights() {
        database.execute("CREATE ROLE without_rights LOGIN");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> PostgresqlChat.builder(database.ofRole("without_rights"))
                        .open())
                .withMessageContaining("read_after")
                .withMessageContaining("role.sql");
    }

    @Test
    void nodeOpensOnNoSchemaThatLacksWhatItCalls() {
        database.execute("CREATE DATABASE older");
        DataSource older = database.ofDatabase("older");
        PostgresqlChat.createSchema(older);
        TestDatabase.execute(older, "DROP FUNCTION ephemeral_chat.heads");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> PostgresqlChat.builder(older).open())
                .withMessageContaining("heads")
                .withMessageNotContaining("read_after");
        TestDatabase.execute(
                older,
                "CREATE OR REPLACE FUNCTION ephemeral_chat.format_version() RETURNS int LANGUAGE sql AS 'SELECT 0'");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> PostgresqlChat.builder(older).open());
    }

    /** As a migration or an administrator may have made it, for its rights. */
    @Test
    void schemaIsCreatedInOneThatIsEmpty() {
        database.execute("CREATE DATABASE prepared");
        DataSource prepared = database.ofDatabase("prepared");
        TestDatabase.execute(prepared, "CREATE SCHEMA ephemeral_chat");
        PostgresqlChat.createSchema(prepared);
        try (PostgresqlChat chat = PostgresqlChat.builder(prepared).open()) {
            assertThat(chat.store().find(RoomId.random())).isEmpty();
        }
    }

    @Test
    void schemaIsCreatedOnce() {
        PostgresqlChat.createSchema(database.admin());
        node.post(node.room(), "it is as it was");
    }
}
