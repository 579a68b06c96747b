package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The block of docs/BACKENDS.md, as it stands there. */
class DocumentedSetUpTest {

    @Test
    void setUpWorks() {
        DataSource pool = TestDatabase.sharedPool();
        DataSource owner = TestDatabase.shared().admin();
        DataSource unpooled = TestDatabase.shared().unpooled();
        setUp(owner, pool, unpooled);
        assertThat(TestDatabase.shared().ask("SELECT to_regnamespace('ephemeral_chat')"))
                .isEqualTo("ephemeral_chat");
    }

    private static void setUp(DataSource owner, DataSource pool, DataSource unpooled) {
        PostgresqlChat.createSchema(owner); // or a migration that runs schema.sql
        PostgresqlChat postgresql = PostgresqlChat.builder(pool)
                .listeningOver(unpooled) // such as a PGSimpleDataSource: one connection is held for signals
                .maxConnections(8) // of the pool, at once
                .open();
        EphemeralChatService chat = EphemeralChatService.create(postgresql.store(), postgresql.broadcaster());

        chat.close();
        postgresql.close(); // after the service; rooms live on
    }
}
