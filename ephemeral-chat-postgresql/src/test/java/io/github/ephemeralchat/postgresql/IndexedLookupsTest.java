package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.HostAuthority;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.PostgresqlBinary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Rows are found by indexes, however small the tables were when a connection made its plans: it keeps them while the tables grow,
 * until PostgreSQL analyzes these again.
 */
class IndexedLookupsTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    /** An idle connection tells what it has counted after 10 s at the latest. */
    private static final Duration COUNTED = Duration.ofSeconds(30);

    private final TestDatabase database = withHours();
    private final ChatNode node = ChatNode.open(database);
    private final ChatNode other = ChatNode.open(database);
    private final HikariDataSource pool = database.pool(4);
    private final PostgresqlChat polling = PostgresqlChat.builder(pool)
            .polling()
            .logLimits(new LogLimits(10, 1 << 20))
            .open();
    private final EphemeralChatService polled = EphemeralChatService.create(polling.store(), polling.broadcaster());

    /** The indexes of a new hour are built by reading its tables: so the hours are here before anybody counts. */
    private static TestDatabase withHours() {
        TestDatabase database = TestDatabase.start(PostgresqlBinary.found(), "autovacuum=off", "track_functions=all");
        database.execute("SET search_path = ephemeral_chat; SELECT need_hour(h) FROM generate_series("
                + Instant.now().getEpochSecond() / 3600 + ", " + (Instant.now().getEpochSecond() / 3600 + 26) + ") h");
        return database;
    }

    private void closeNodes() {
        polled.close();
        polling.close();
        pool.close();
        node.close();
        other.close();
    }

    @AfterEach
    void close() {
        closeNodes();
        database.close();
    }

    @Test
    void noTableIsReadAsAWhole() {
        useAll();
        awaitCalls("turn_hours", 3); // It looks at all rooms, once a minute.
        database.execute("ANALYZE"); // Now PostgreSQL knows how small the tables are, and makes all plans anew.
        database.execute("SELECT pg_stat_reset()");

        useAll();
        node.room(Duration.ofMillis(100), 5);
        awaitCalls("remove_ended_bodies", 6);
        awaitCalls("remove_ended_rooms", 6);

        closeNodes(); // Then each connection has told what it has counted.
        Await.until(
                SOON,
                "all connections are closed",
                () -> database.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'chat'")
                        .equals("0"));
        assertThat(ask("idx_scan > 0")).contains("room", "token", "entry", "body");
        assertThat(ask("seq_scan > 0")).isEmpty();
    }

    /** Which of the library's tables a condition is true of. */
    private String ask(String condition) {
        return database.ask("SELECT coalesce(string_agg(relname, ' '), '') FROM pg_stat_user_tables"
                + " WHERE schemaname = 'ephemeral_chat' AND " + condition);
    }

    private void awaitCalls(String function, int atLeast) {
        Await.until(
                COUNTED,
                function + " is called",
                () -> Integer.parseInt(database.ask(
                                "SELECT coalesce(sum(calls), 0) FROM pg_stat_user_functions WHERE funcname = ?",
                                function))
                        >= atLeast);
    }

    /** Calls whatever reads or writes rows. */
    private void useAll() {
        EphemeralChatService service = node.service();
        Membership owner = service.createRoom(
                RoomOptions.defaults().withProperties(Map.of("topic", "rows")), Identity.anonymous());
        RoomId id = owner.room().id();
        Heard heard = other.listen(owner);
        polled.subscribe(id, Cursor.start(), event -> {});
        Membership guest = service.join(id, Identity.anonymous());
        service.authenticate(id, guest.token());
        node.postgresql().store().authenticate(id, List.of(TokenHash.of(owner.token()), TokenHash.of("another")));
        long first = service.as(id, owner.token()).post("first").sequence();
        service.as(id, guest.token()).post("first", UUID.randomUUID().toString());
        service.asParticipant(id, guest.participant().identity().id()).post("second");
        Draft ending = new Draft(LogEntry.MESSAGE, "ending", "text").withLife(Duration.ofMillis(50), null);
        node.postgresql()
                .store()
                .change(id, new Actor.ByToken(TokenHash.of(owner.token())), new RoomChange.Post(ending));
        Instant end = service.now().plusMillis(50);
        long claimed = service.as(id, owner.token())
                .post(NewMessage.of("once").withClaims(1))
                .sequence();
        service.as(id, guest.token()).claim(claimed);
        service.as(id, owner.token()).forget(first);
        service.history(id, 0, 100);
        service.participants(id);
        HostAuthority host = service.asHost(id);
        host.describe();
        host.endIn(Duration.ofMinutes(5));
        host.lock();
        host.unlock();
        host.setProperty("topic", "indexes");
        host.assign(guest.participant().identity().id(), Role.READER);
        host.postEntry("x-note", "of the host", "note");
        Await.until(SOON, "a message has ended", () -> service.now().isAfter(end));
        for (int i = 0; i < 10; i++) {
            polled.as(id, owner.token()).post("text " + i); // Here the log is full.
        }
        Await.until(SOON, "the last is heard", () -> heard.hasText("text 9"));
        service.as(id, guest.token()).leave();
        node.postgresql().store().addWrongCodes(1);
        host.destroy();
    }
}
