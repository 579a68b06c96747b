package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.postgresql.PostgresqlChat;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.testsupport.PostgresqlBinary;
import io.github.ephemeralchat.testsupport.PostgresqlProcess;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Rooms in the host's database. */
class PostgresqlStoreTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EphemeralChatAutoConfiguration.class, EphemeralChatPostgresqlAutoConfiguration.class))
            .withPropertyValues("ephemeral-chat.store=postgresql");

    private static DataSource of(PostgresqlProcess server) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName("postgres");
        source.setUser(PostgresqlProcess.ADMIN);
        return source;
    }

    @Test
    void rooms_areInTheHostsDatabase() {
        try (PostgresqlProcess server = PostgresqlProcess.start(PostgresqlBinary.found())) {
            runner.withBean(DataSource.class, () -> of(server))
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining("no schema ephemeral_chat"));
            runner.withBean(DataSource.class, () -> of(server))
                    .withPropertyValues("ephemeral-chat.postgresql.create-schema=true")
                    .run(context -> {
                        PostgresqlChat postgresql = context.getBean(PostgresqlChat.class);
                        assertThat(context.getBean(RoomStore.class)).isSameAs(postgresql.store());
                        assertThat(context.getBean(RoomBroadcaster.class)).isSameAs(postgresql.broadcaster());
                        EphemeralChatService chat = context.getBean(EphemeralChatService.class);
                        Membership owner = chat.createRoom(RoomOptions.defaults(), Identity.anonymous());
                        assertThat(postgresql.store().find(owner.room().id())).isPresent();
                    });
        }
    }

    @Test
    void start_fails_withoutADataSource() {
        runner.run(
                context -> assertThat(context).getFailure().rootCause().hasMessageContaining("needs one DataSource"));
    }
}
