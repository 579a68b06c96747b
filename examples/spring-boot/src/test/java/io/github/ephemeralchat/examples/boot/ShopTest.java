package io.github.ephemeralchat.examples.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.WebUser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Anna asks and Sam answers, each logged in to the shop. */
class ShopTest {

    private static ConfigurableApplicationContext application;
    private static URI shop;

    @BeforeAll
    static void start() {
        application = new SpringApplicationBuilder(Shop.class)
                .properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn")
                .run();
        shop = URI.create("http://localhost:" + application.getEnvironment().getProperty("local.server.port"));
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void aCustomerAndSupportTalkOverHttp() {
        WebUser anna = new WebUser(shop).logIn("anna", "anna");
        WebUser sam = new WebUser(shop).logIn("sam", "sam");
        String code = anna.post("/support/chat", "").text("code");
        assertThat(join(anna, code).text("name")).isEqualTo("Anna Berg");
        assertThat(sam.get("/desk/requests").body()).contains(code, "Anna Berg");
        assertThat(join(sam, code).text("name")).isEqualTo("Sam from support");
        try (SseClient stream = anna.stream(code)) {
            sam.post("/chat/rooms/" + code + "/messages", "{\"text\":\"How can I help?\"}");
            stream.await("message", "How can I help?");
        }
        assertThat(anna.post("/support/chat", "").text("code"))
                .as("asked twice is one chat")
                .isEqualTo(code);
        assertThat(sam.delete("/chat/rooms/" + code).status()).isEqualTo(204);
        assertThat(sam.get("/desk/requests").body()).isEqualTo("[]");
    }

    @Test
    void aLogoutEndsStreamsAndFreesTheSeat() {
        WebUser anna = new WebUser(shop).logIn("anna", "anna");
        WebUser sam = new WebUser(shop).logIn("sam", "sam");
        String code = anna.post("/support/chat", "").text("code");
        join(anna, code);
        join(sam, code);
        try (SseClient stream = anna.stream(code);
                SseClient desk = sam.stream(code)) {
            stream.await("ready", "");
            desk.await("ready", "");
            anna.logOut();
            await().atMost(Duration.ofSeconds(8)).until(stream::isEnded); // Within 2 s, if the machine is not busy.
            desk.await("left", "\"name\":\"Anna Berg\"");
        }
        assertThat(sam.get("/chat/rooms/" + code).body()).doesNotContain("Anna Berg");
        anna.logIn("anna", "anna");
        assertThat(join(anna, code).status()).as("the seat is free again").isEqualTo(201);
        assertThat(sam.delete("/chat/rooms/" + code).status()).isEqualTo(204);
    }

    private static Answer join(WebUser user, String code) {
        return user.post("/chat/rooms/" + code + "/participants", "{}");
    }

    @Test
    void whoIsNotConcernedStaysOut() {
        WebUser anonymous = new WebUser(shop);
        assertThat(anonymous.post("/chat/rooms", "{}").status()).isEqualTo(401);
        assertThat(anonymous.get("/desk/requests").status()).isEqualTo(401);
        WebUser anna = new WebUser(shop).logIn("anna", "anna");
        assertThat(anna.get("/desk/requests").status()).isEqualTo(403);
        assertThat(anna.post("/chat/rooms", "{}").status())
                .as("chats are opened by the shop only")
                .isEqualTo(403);
    }

    @Test
    void theyTalkInTheirBrowsers() throws IOException {
        Path pictures = Files.createDirectories(Path.of(System.getProperty("project.build.directory"), "pictures"));
        try (Browser anna = Browser.start();
                Browser sam = Browser.start()) {
            anna.look(1200, 760, false, "light");
            sam.look(1200, 760, false, "dark");
            anna.logIn(shop.toString(), "anna");
            sam.logIn(shop.toString(), "sam");
            anna.picture(pictures.resolve("before.png"));
            anna.click("ask");
            anna.say("Hello! The hook rail was to come with screws. Are they in the parcel?");
            sam.see("request", "Anna Berg");
            sam.click("request");
            sam.seeMessage("Hello! The hook rail was to come with screws. Are they in the parcel?");
            sam.say("Hi Anna, they are: five of them, in a paper bag inside the rail's box.");
            anna.seeMessage("Hi Anna, they are: five of them, in a paper bag inside the rail's box.");
            anna.say("Wonderful, thank you.");
            anna.reload();
            anna.seeMessage("Wonderful, thank you.");
            sam.seeMessage("Wonderful, thank you.");
            anna.picture(pictures.resolve("order.png"));
            sam.picture(pictures.resolve("desk.png"));
            anna.look(390, 780, true, "dark");
            anna.picture(pictures.resolve("phone.png"));
            anna.click("end");
            sam.see("words", "This chat was ended. Nothing of it is kept.");
            anna.see("words", "This chat was ended. Nothing of it is kept.");
            assertThat(sam.texts("message")).isEmpty();
            anna.look(1200, 760, false, "light");
            anna.picture(pictures.resolve("after.png"));
        }
    }
}
