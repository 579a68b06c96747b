package io.github.ephemeralchat.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.PostgresqlBinary;
import io.github.ephemeralchat.testsupport.PostgresqlProcess;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** The shop with its rooms in its database. */
class PostgresqlProfileTest {

    @Test
    void chatsAreInTheShopsDatabase() {
        try (PostgresqlProcess database = PostgresqlProcess.start(PostgresqlBinary.found());
                ConfigurableApplicationContext shop = start(database)) {
            URI address = URI.create("http://localhost:" + shop.getEnvironment().getProperty("local.server.port"));
            WebUser anna = new WebUser(address).logIn("anna", "anna");
            String code = anna.post("/support/chat", "").text("code");
            assertThat(anna.post("/chat/rooms/" + code + "/participants", "{}").status())
                    .isEqualTo(200); // The shop has opened it in her name.
            try (SseClient stream = anna.stream(code)) {
                anna.post("/chat/rooms/" + code + "/messages", "{\"text\":\"Are screws in the parcel?\"}");
                stream.await("message", "Are screws in the parcel?");
            }
            assertThat(rooms(shop)).containsExactly(code);
            assertThat(anna.delete("/chat/rooms/" + code).status()).isEqualTo(204);
            assertThat(rooms(shop)).isEmpty();
        }
    }

    private static ConfigurableApplicationContext start(PostgresqlProcess database) {
        return new SpringApplicationBuilder(Shop.class)
                .profiles("postgresql")
                .run(
                        "--server.port=0",
                        "--spring.main.banner-mode=off",
                        "--logging.level.root=warn",
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres",
                        "--spring.datasource.username=" + PostgresqlProcess.ADMIN);
    }

    private static List<String> rooms(ConfigurableApplicationContext shop) {
        return shop.getBean(JdbcTemplate.class).queryForList("SELECT code FROM ephemeral_chat.room", String.class);
    }
}
