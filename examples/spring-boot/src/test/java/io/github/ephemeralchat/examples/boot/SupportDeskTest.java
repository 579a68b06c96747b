package io.github.ephemeralchat.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.test.TestTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** What docs/TESTING.md shows: the half hour of a chat takes no time. */
@SpringBootTest
class SupportDeskTest {

    @TestConfiguration
    static class Time {

        @Bean
        TestTime ephemeralChatTime() {
            return new TestTime();
        }
    }

    @Autowired
    private SupportDesk desk;

    @Autowired
    private TestTime time;

    @Test
    void aChatEndsAfterHalfAnHour() {
        desk.ask(() -> "anna");
        assertThat(desk.requests()).hasSize(1);

        time.advance(Duration.ofMinutes(30));

        assertThat(desk.current(() -> "anna")).isEmpty();
        assertThat(desk.requests()).isEmpty();
    }
}
