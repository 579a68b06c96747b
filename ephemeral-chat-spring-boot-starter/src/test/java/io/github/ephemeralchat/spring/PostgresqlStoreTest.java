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
import io.github.ephemeralchat.testsupport.WebUser;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
                    .run(context -> assertThat(new ChatStartFailureAnalyzer().analyze(context.getStartupFailure()))
                            .as("what whoever starts the application reads")
                            .satisfies(analysis -> assertThat(analysis.getDescription())
                                    .contains("cannot be used: the database has no schema ephemeral_chat"))
                            .satisfies(analysis ->
                                    assertThat(analysis.getAction()).contains("schema.sql", "create-schema=true")));
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

    /** The web server starts before most of what initialises databases, and asks for the chat. */
    @ParameterizedTest
    @ValueSource(classes = {HostApplication.class, OwnChat.class})
    void schemaThatAScriptMakes_isThereBeforeTheChatOpens(Class<?> host) {
        try (PostgresqlProcess server = PostgresqlProcess.start(PostgresqlBinary.found());
                var application = StarterContract.run(
                        List.of(Containers.OnTomcat.class, host),
                        "spring.datasource.url=jdbc:postgresql://localhost:" + server.port() + "/postgres",
                        "spring.datasource.username=" + PostgresqlProcess.ADMIN,
                        "spring.sql.init.mode=always",
                        "spring.sql.init.schema-locations=classpath:io/github/ephemeralchat/postgresql/schema.sql",
                        "spring.sql.init.separator=^^^ END OF SCRIPT ^^^",
                        "ephemeral-chat.store=postgresql")) {
            WebUser guest = new WebUser(StarterContract.address(application));
            assertThat(guest.post("/chat/rooms", "{}").status()).isEqualTo(201);
        }
    }

    /** A host with settings of its own. */
    @Configuration(proxyBeanMethods = false)
    static class OwnChat {

        @Bean
        PostgresqlChat own(DataSource pool) {
            return PostgresqlChat.builder(pool).maxConnections(2).open();
        }
    }

    @Test
    void start_fails_withoutADataSource() {
        runner.run(
                context -> assertThat(context).getFailure().rootCause().hasMessageContaining("needs one DataSource"));
    }
}
