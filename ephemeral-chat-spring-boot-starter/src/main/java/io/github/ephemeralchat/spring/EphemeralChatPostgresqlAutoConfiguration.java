package io.github.ephemeralchat.spring;

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
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
            "org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration"
        })
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
            throw new IllegalStateException("ephemeral-chat.store=postgresql needs one DataSource");
        }
        if (properties.postgresql().createSchema()) {
            PostgresqlChat.createSchema(pool);
        }
        return PostgresqlChat.builder(pool)
                .maxConnections(properties.postgresql().maxConnections())
                .logLimits(EphemeralChatAutoConfiguration.logLimits(properties))
                .open();
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
