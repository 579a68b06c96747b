package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.postgresql.PostgresqlChat;
import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDependsOnDatabaseInitializationDetector;
import org.springframework.util.ClassUtils;

/**
 * Has Flyway, Liquibase or the host's scripts make the schema before the chat opens, also one that is a bean of the host's. The
 * order of auto-configurations would not do: the web server asks for the chat before most beans are made.
 */
final class AfterDatabaseInitialization extends AbstractBeansOfTypeDependsOnDatabaseInitializationDetector {

    AfterDatabaseInitialization() {}

    /** Boot asks in every application with a database, also in one without the chat's module for it. */
    @Override
    protected Set<Class<?>> getDependsOnDatabaseInitializationBeanTypes() {
        String type = "io.github.ephemeralchat.postgresql.PostgresqlChat";
        return ClassUtils.isPresent(type, getClass().getClassLoader()) ? Set.of(PostgresqlChat.class) : Set.of();
    }
}
