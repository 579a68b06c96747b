package io.github.ephemeralchat.examples.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.github.ephemeralchat.testsupport.ChromiumBrowser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A resource server: pages have a token of a login elsewhere, and the browser client sends it with each request. */
class TokenLoginTest {

    private static final SecretKey KEY =
            new SecretKeySpec("a key of the tests, of 32 bytes.".getBytes(StandardCharsets.US_ASCII), "HmacSHA256");

    /** Nothing of it is about the chat, but that the client's files need no token. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class Host {

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/", "/ephemeral-chat/**")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
                    .build();
        }

        @Bean
        JwtDecoder decoder() {
            return NimbusJwtDecoder.withSecretKey(KEY).build();
        }

        @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
        String page() {
            return """
                    <!doctype html>
                    <link rel="icon" href="data:,">
                    <ol id="log"></ol>
                    <script type="module">
                      import { EphemeralChat } from "/ephemeral-chat/ephemeral-chat.js";
                      const [token, code] = location.hash.slice(1).split("/");
                      const chat = new EphemeralChat("/chat", { headers: () => ({ Authorization: `Bearer ${token}` }) });
                      const room = code ? await chat.join(code) : await chat.create();
                      document.title = room.code;
                      room.addEventListener("message", ({ detail }) => {
                        const item = document.createElement("li");
                        item.dataset.role = "line";
                        item.textContent = `${detail.sender.name}: ${detail.text}`;
                        document.getElementById("log").append(item);
                      });
                      room.start();
                      await room.post(code ? "I have come" : "Who is there?");
                    </script>
                    """;
        }
    }

    /** A browser with a profile of its own. */
    private static final class Browser extends ChromiumBrowser {

        Browser() {
            super(Duration.ofSeconds(20));
        }

        String code() {
            eventually("a room").until(() -> driver().getTitle().matches("[0-9A-Za-z]{8}"));
            return driver().getTitle();
        }

        void seeLine(String line) {
            eventually(line).until(() -> texts("line").contains(line));
        }
    }

    private static String token(String user) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject(user)
                .issuedAt(now)
                .expiresAt(now.plusSeconds(600))
                .build();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).build();
        return new NimbusJwtEncoder(new ImmutableSecret<>(KEY))
                .encode(JwtEncoderParameters.from(header, claims))
                .getTokenValue();
    }

    @Test
    void twoUsersTalk_eachByTheTokenOfAnotherLogin() {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Host.class)
                        .properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn")
                        .run();
                Browser anna = new Browser();
                Browser sam = new Browser()) {
            String host = "http://localhost:" + application.getEnvironment().getProperty("local.server.port") + "/#";
            anna.open(host + token("anna"));
            sam.open(host + token("sam") + "/" + anna.code());
            anna.seeLine("sam: I have come");
            sam.seeLine("anna: Who is there?");
            sam.seeLine("sam: I have come");
            assertThat(anna.texts("line")).containsExactly("anna: Who is there?", "sam: I have come");
        }
    }
}
