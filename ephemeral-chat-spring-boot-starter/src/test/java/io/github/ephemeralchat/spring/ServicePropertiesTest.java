package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What properties say of the service itself. */
class ServicePropertiesTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(EphemeralChatAutoConfiguration.class));

    @Test
    void longestLife_isThatOfMaxTtlUnlessItIsSet() {
        assertLongestLife(1440);
        assertLongestLife(30, "ephemeral-chat.max-ttl=30");
        assertLongestLife(90, "ephemeral-chat.max-ttl=30", "ephemeral-chat.longest-life=90");
    }

    private void assertLongestLife(int minutes, String... properties) {
        application.withPropertyValues(properties).run(context -> {
            Room room = context.getBean(EphemeralChatService.class)
                    .createRoom(RoomOptions.defaults(), Identity.anonymous())
                    .room();
            assertThat(Duration.between(room.createdAt(), room.latestExpiresAt()))
                    .hasMinutes(minutes);
        });
    }

    @Test
    void hostName_isTheSenderOfWhatTheHostPosts() {
        application.withPropertyValues("ephemeral-chat.host-name=Front desk").run(context -> {
            EphemeralChatService chat = context.getBean(EphemeralChatService.class);
            Room room = chat.createRoom(RoomOptions.defaults(), Identity.anonymous())
                    .room();
            assertThat(chat.asHost(room.id()).post("hello").sender().name()).isEqualTo("Front desk");
        });
    }
}
