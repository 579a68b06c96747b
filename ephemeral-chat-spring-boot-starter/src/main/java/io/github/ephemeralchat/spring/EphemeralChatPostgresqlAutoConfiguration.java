package io.github.ephemeralchat.spring;

import static io.github.ephemeralchat.spring.ChatStartException.set;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.postgresql.PostgresqlChat;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Rooms in the host's database, over its data source. */
@AutoConfiguration(
        before = EphemeralChatAutoConfiguration.class,
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass(PostgresqlChat.class)
@ConditionalOnProperty(name = "ephemeral-chat.store", havingValue = "postgresql")
@EnableConfigurationProperties(EphemeralChatProperties.class)
public class EphemeralChatPostgresqlAutoConfiguration {

    EphemeralChatPostgresqlAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    PostgresqlChat ephemeralChatPostgresql(EphemeralChatProperties properties, ObjectProvider<DataSource> host) {
        DataSource pool = host.getIfUnique();
        if (pool == null) {
            throw new ChatStartException(
                    "ephemeral-chat.store=postgresql needs one DataSource.",
                    "Add spring-boot-starter-jdbc and set spring.datasource.url, or mark one of several as primary.");
        }
        var builder = PostgresqlChat.builder(pool).logLimits(EphemeralChatAutoConfiguration.logLimits(properties));
        set("postgresql.max-connections", properties.postgresql().maxConnections(), builder::maxConnections);
        try {
            if (properties.postgresql().createSchema()) {
                PostgresqlChat.createSchema(pool);
            }
            return builder.open();
        } catch (ChatUnavailableException | IllegalStateException e) {
            throw new ChatStartException(
                    "PostgreSQL, in which the chat's rooms are to be, cannot be used: " + e.getMessage() + ".",
                    "See that the DataSource reaches it, with transactions that are read committed, and that the schema"
                            + " ephemeral_chat is there: have a migration run schema.sql and role.sql of the jar, or set"
                            + " ephemeral-chat.postgresql.create-schema=true.",
                    e);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    RoomStore ephemeralChatStore(PostgresqlChat postgresql) {
        return postgresql.store();
    }

    @Bean
    @ConditionalOnMissingBean
    RoomBroadcaster ephemeralChatBroadcaster(PostgresqlChat postgresql) {
        return postgresql.broadcaster();
    }
}
