package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.orm.jpa.SharedEntityManagerCreator;

/** On Tomcat, in memory, beside a database. */
class TomcatMemoryTest extends StarterContract {

    private static final int POOL = 2;

    @Override
    ConfigurableApplicationContext start() {
        return run(
                List.of(Containers.OnTomcat.class, Database.class),
                "spring.datasource.url=jdbc:h2:mem:host",
                "spring.datasource.hikari.maximum-pool-size=" + POOL,
                "spring.jpa.hibernate.ddl-auto=create",
                "spring.jpa.open-in-view=true");
    }

    /** The host's own accounts. */
    @Entity(name = "Account")
    static class Account {
        @Id
        String name;
    }

    /** A host that looks its users up in a database, on the way to a seat. */
    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = TomcatMemoryTest.class)
    static class Database {

        @Bean
        @Primary // In place of those that it builds on.
        RequestHooks<HttpServletRequest> accounts(
                EntityManagerFactory factory, @Qualifier("identities") RequestHooks<HttpServletRequest> identities) {
            EntityManager entities = SharedEntityManagerCreator.createSharedEntityManager(factory);
            return identities.withMayCreate(request ->
                    entities.createQuery("from Account").getResultList().isEmpty());
        }
    }

    @Test
    void openStreams_holdNoDatabaseConnection() {
        List<SseClient> streams = new ArrayList<>();
        for (int i = 0; i < 3 * POOL; i++) {
            WebUser guest = guest();
            streams.add(guest.stream(guest.post("/chat/rooms", "{}").text("id")));
        }
        streams.forEach(stream -> stream.await(":", "open"));
        assertThat(streams).noneMatch(SseClient::isEnded);
        HikariDataSource pool = application().getBean(HikariDataSource.class);
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        streams.forEach(SseClient::close);
    }
}
