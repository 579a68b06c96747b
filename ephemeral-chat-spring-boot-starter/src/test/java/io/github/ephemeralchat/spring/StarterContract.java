package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;

/** What a host gets from the starter, whatever its container and its store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StarterContract {

    private ConfigurableApplicationContext application;

    abstract ConfigurableApplicationContext start() throws Exception;

    static ConfigurableApplicationContext run(List<Class<?>> parts, String... properties) {
        List<Class<?>> sources = new ArrayList<>(parts);
        sources.add(HostApplication.class);
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "logging.level.root=warn",
                "management.endpoints.web.exposure.include=health,metrics",
                "management.endpoint.health.show-details=always",
                "management.health.redis.enabled=false",
                "ephemeral-chat.max-ttl=30"));
        all.addAll(List.of(properties)); // The last one counts.
        return new SpringApplicationBuilder(sources.toArray(Class[]::new))
                .properties(all.toArray(String[]::new))
                .run();
    }

    @BeforeAll
    void startApplication() throws Exception {
        application = start();
    }

    @AfterAll
    void stopApplication() {
        application.close();
    }

    final ConfigurableApplicationContext application() {
        return application;
    }

    static URI address(ConfigurableApplicationContext application) {
        return URI.create("http://localhost:" + application.getEnvironment().getRequiredProperty("local.server.port"));
    }

    final WebUser guest() {
        return new WebUser(address(application));
    }

    @Test
    void api_isMounted_andParticipantsTalk() {
        WebUser nobody = guest();
        Answer created = nobody.post("/chat/rooms", "{}");
        assertThat(created.status()).isEqualTo(201);
        String room = created.text("id");
        WebUser other = guest();
        assertThat(other.post("/chat/rooms/" + room + "/participants", "{}").status())
                .isEqualTo(201);
        try (SseClient stream = nobody.stream(room)) {
            assertThat(stream.status()).isEqualTo(200);
            other.post("/chat/rooms/" + room + "/messages", "{\"text\":\"hello\"}");
            stream.await("message", "\"hello\"");
            ServletRegistrationBean<?> mounted =
                    application.getBean("ephemeralChatServletRegistration", ServletRegistrationBean.class);
            assertThat(((EphemeralChatServlet) mounted.getServlet()).streamCount())
                    .isPositive();
        }
        assertThat(nobody.get("/chat/openapi.yaml").status()).isEqualTo(200);
    }

    @Test
    void properties_areObeyed() {
        assertThat(guest().post("/chat/rooms", "{\"ttlMinutes\":31}").status()).isEqualTo(400);
        assertThat(guest().post("/chat/rooms", "{\"ttlMinutes\":30}").status()).isEqualTo(201);
    }

    @Test
    void loggedInUser_isTheParticipant_withoutCsrfToken() {
        WebUser anna = guest();
        anna.logIn("anna", "a");
        Answer created = anna.post("/chat/rooms", "{\"name\":\"not this one\"}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body()).contains("\"name\":\"anna\"").doesNotContain("not this one");
    }

    @Test
    void otherSites_areRefused_andHostPathsKeepTheirToken() {
        WebUser anna = guest();
        anna.logIn("anna", "a");
        Answer crossSite = anna.post("/chat/rooms", "{}", "Sec-Fetch-Site", "cross-site");
        assertThat(crossSite.status()).isEqualTo(403);
        assertThat(crossSite.text("code")).isEqualTo("cross_site");
        assertThat(anna.post("/own", "{}").status()).isEqualTo(403);
        assertThat(guest().get("/own").status()).as("to the login page").isEqualTo(302);
    }

    @Test
    void health_provesDelivery() {
        Answer health = guest().get("/actuator/health");
        assertThat(health.body()).contains("ephemeralChat", "\"delivery\":\"delivered\"");
        assertThat(health.status()).isEqualTo(200);
    }

    @Test
    void meters_areInTheHostsRegistry() {
        guest().post("/chat/rooms", "{}");
        Answer meter = guest().get("/actuator/metrics/ephemeral.chat.rooms.opened");
        assertThat(meter.status()).isEqualTo(200);
        assertThat(meter.body()).doesNotContain("\"value\":0.0");
    }

    @Test
    void requests_runOnTheHostsKindOfThread() throws ReflectiveOperationException {
        guest().get("/chat/openapi.yaml");
        boolean wanted =
                application.getEnvironment().getProperty("spring.threads.virtual.enabled", boolean.class, false);
        int java = Runtime.version().feature();
        boolean virtual =
                java >= 21 && (boolean) Thread.class.getMethod("isVirtual").invoke(HostApplication.HANDLER.get());
        assertThat(virtual).isEqualTo(wanted && java >= 21);
    }
}
