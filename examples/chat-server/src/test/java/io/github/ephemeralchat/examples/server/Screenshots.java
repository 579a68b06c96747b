package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Takes the pictures of the README from the real page. {@code etc/screenshot} runs it; it is no part of the suite. */
class Screenshots {

    private static final Path DOCS = Path.of(System.getProperty("project.root"), "docs");

    @Test
    void takeThem() throws IOException {
        try (ChatServer server = ChatServer.start(ServerOptions.local(0), MemoryRoomStore.create());
                Browser ada = Browser.start();
                Browser ben = Browser.start()) {
            look(ada, 1200, 720, false, "light");
            look(ben, 390, 780, true, "dark");
            createRoom(ada, server);
            join(ben, ada.address());
            talk(ada, ben);
            save(ada, "chat.png");
            save(ben, "chat-phone.png");
        }
    }

    private static void look(Browser browser, int width, int height, boolean phone, String scheme) {
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", phone));
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private static void createRoom(Browser ada, ChatServer server) {
        ada.open(server.uri() + "/");
        ada.type("name-input", "Wren_4f21ac");
        ada.type("ttl-input", "25");
        ada.type("capacity-input", "4");
        ada.click("create-room");
        ada.seeState("live");
    }

    private static void join(Browser ben, String link) {
        ben.open(link);
        ben.type("name-input", "Juno_b07e93");
        ben.click("invite-join");
        ben.seeState("live");
    }

    private static void talk(Browser ada, Browser ben) {
        List<String> said = new ArrayList<>();
        say(said, ada, "Hi! Did the keys to the cabin arrive?");
        say(said, ben, "They did. The neighbour kept them, thank you!");
        say(said, ada, "The door code is 7719, and the heater needs ten minutes.");
        say(said, ada, "This room is gone in a while, so write it down :)");
        say(said, ben, "On paper, like in the old days.");
        say(said, ben, "See you on Saturday!");
        ada.seeMessages(said);
        ben.seeMessages(said);
    }

    private static void say(List<String> said, Browser who, String text) {
        who.seeMessages(said);
        who.say(text);
        said.add(text);
        who.seeMessages(said);
    }

    private static void save(Browser browser, String name) throws IOException {
        String picture = (String) browser.driver()
                .executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                .get("data");
        Files.createDirectories(DOCS);
        Files.write(DOCS.resolve(name), Base64.getDecoder().decode(picture));
    }
}
