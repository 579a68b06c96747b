package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** With Spring Security a login is the participant, without a line of code about the chat. */
class LoginTest {

    private static final String LONG = "carla.maria.von.und.zu.beispielhausen@example.org";

    /** A host with sessions. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Sessions {

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername(LONG).password("{noop}a").build(),
                    User.withUsername("ben").password("{noop}b").build());
        }
    }

    /** A host whose requests bring a token of another server's. Here the token is the user's name. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Tokens {

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
                    .build();
        }

        @Bean
        JwtDecoder decoder() {
            return token -> Jwt.withTokenValue(token)
                    .header("alg", "none")
                    .subject(token)
                    .build();
        }
    }

    /** A host that shows another name than that of the login. */
    @Configuration(proxyBeanMethods = false)
    static class OwnNames {

        @Bean
        LoginIdentity loginIdentity() {
            return login -> Identity.ofUser("user-" + login.getName(), "Ms. or Mr. " + login.getName());
        }
    }

    private static ConfigurableApplicationContext run(Class<?>... parts) {
        return new SpringApplicationBuilder(parts)
                .sources(Containers.OnTomcat.class)
                .properties(
                        "server.port=0",
                        "spring.main.banner-mode=off",
                        "logging.level.root=warn",
                        "spring.autoconfigure.exclude=" + GracefulShutdownTest.NO_DATABASE)
                .run();
    }

    private static WebUser user(ConfigurableApplicationContext application) {
        return new WebUser(StarterContract.address(application));
    }

    @Test
    void sessionLogin_isTheParticipant_whateverItsName() {
        try (ConfigurableApplicationContext application = run(Sessions.class)) {
            WebUser carla = user(application).logIn(LONG, "a");
            Answer created = carla.post("/chat/rooms", "{}");
            assertThat(created.status()).isEqualTo(201);
            assertThat(created.body()).contains("\"name\":\"carla.maria.von.und.zu.beispi…\"");
            assertThat(created.body()).as("the id").doesNotContain(LONG);
        }
    }

    @Test
    void nextUserOfABrowser_isSomebodyElse() {
        try (ConfigurableApplicationContext application = run(Sessions.class)) {
            WebUser browser = user(application).logIn(LONG, "a");
            String room = "/chat/rooms/" + browser.post("/chat/rooms", "{}").text("id");
            browser.logOut();
            browser.logIn("ben", "b").opensAnotherPage();
            assertThat(browser.get(room).status()).isEqualTo(401);
            assertThat(browser.post(room + "/messages", "{\"text\":\"as Carla\"}")
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void anotherName_isShown() {
        try (ConfigurableApplicationContext application = run(Sessions.class, OwnNames.class)) {
            WebUser ben = user(application).logIn("ben", "b");
            assertThat(ben.post("/chat/rooms", "{}").body()).contains("\"name\":\"Ms. or Mr. ben\"");
        }
    }

    @Test
    void bearerToken_provesTheSeat_onEveryCallAndStream() {
        try (ConfigurableApplicationContext application = run(Tokens.class)) {
            WebUser client = user(application);
            assertThat(client.post("/chat/rooms", "{}").status()).isEqualTo(401);
            Answer created = client.post("/chat/rooms", "{}", "Authorization", "Bearer anna");
            assertThat(created.body()).contains("\"name\":\"anna\"");
            String room = "/chat/rooms/" + created.text("id");

            WebUser other = user(application); // Has neither cookie nor token of the seat.
            try (SseClient stream = SseClient.open(
                    HttpClient.newHttpClient(),
                    StarterContract.address(application).resolve(room + "/events"),
                    "anna",
                    "",
                    event -> {})) {
                stream.await("ready", "");
                assertThat(other.post(room + "/messages", "{\"text\":\"hello\"}", "Authorization", "Bearer anna")
                                .status())
                        .isEqualTo(201);
                stream.await("message", "\"hello\"");
            }
            assertThat(other.post(room + "/messages", "{\"text\":\"hello\"}", "Authorization", "Bearer ben")
                            .status())
                    .as("somebody who has no seat")
                    .isEqualTo(401);
        }
    }
}
