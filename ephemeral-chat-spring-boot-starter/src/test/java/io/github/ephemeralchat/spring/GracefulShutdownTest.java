package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** As a checkpoint does that the process is restored from. */
    @ParameterizedTest
    @ValueSource(classes = {Containers.OnTomcat.class, Containers.OnJetty.class})
    void contextThatIsStoppedAndStartedAgain_hasStreams(Class<?> container) {
        try (var application = StarterContract.run(List.of(container), "spring.autoconfigure.exclude=" + NO_DATABASE)) {
            WebUser guest = new WebUser(StarterContract.address(application));
            SseClient before = guest.stream(guest.post("/chat/rooms", "{}").text("id"));
            application.stop();
            Await.until(Duration.ofSeconds(2), "the end", before::isEnded);

            application.start();

            WebUser again = new WebUser(StarterContract.address(application));
            try (SseClient after = again.stream(again.post("/chat/rooms", "{}").text("id"))) {
                assertThat(after.status()).isEqualTo(200);
                after.await(":", "open");
            }
        }
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
