package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** Boot waits 30 s for requests that are under way, and a stream is one. */
class GracefulShutdownTest {

    static final String NO_DATABASE = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
            + "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration";

    @Test
    void openStreams_doNotDelayTomcatsShutdown() {
        assertEndsSoon(Containers.OnTomcat.class);
    }

    @Test
    void openStreams_doNotDelayJettysShutdown() {
        assertEndsSoon(Containers.OnJetty.class);
    }

    private static void assertEndsSoon(Class<?> container) {
        ConfigurableApplicationContext application = StarterContract.run(
                List.of(container),
                "spring.autoconfigure.exclude=" + NO_DATABASE,
                "server.shutdown=graceful",
                "spring.lifecycle.timeout-per-shutdown-phase=30s");
        List<SseClient> streams = new ArrayList<>();
        WebUser guest = new WebUser(StarterContract.address(application));
        for (int i = 0; i < 5; i++) {
            streams.add(guest.stream(guest.post("/chat/rooms", "{}").text("id")));
        }
        streams.forEach(stream -> stream.await(":", "open"));
        long begin = System.nanoTime();
        application.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        for (SseClient stream : streams) {
            Await.until(Duration.ofSeconds(2), "the end", stream::isEnded);
            assertThat(stream.events("retry"))
                    .as("one at the start, and one at the end")
                    .hasSize(2);
        }
    }
}
