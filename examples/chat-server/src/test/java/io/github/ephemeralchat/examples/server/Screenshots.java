package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Takes the pictures of the documentation from the real page. {@code etc/screenshot} runs it; it is no part of the suite. */
class Screenshots {

    private static final Path DOCS = Path.of(System.getProperty("project.root"), "docs");

    @Test
    void takeThem() throws IOException {
        try (ChatServer server = ChatServer.start(ServerOptions.local(0), MemoryRoomStore.create());
                Browser ada = Browser.start();
                Browser ben = Browser.start()) {
            ada.look(1200, 720, false, "light");
            ben.look(390, 780, true, "dark");
            createRoom(ada, server);
            join(ben, TwoPeople.linkFrom(ada));
            ada.type("title-input", "Cabin weekend");
            ada.click("save-title");
            talk(ada, ben);
            ada.picture(DOCS.resolve("chat.png"));
            ben.picture(DOCS.resolve("chat-phone.png"));
            ada.look(390, 780, true, "light");
            ada.click("panel-toggle");
            ada.click("member-choices");
            ada.settles();
            ada.picture(DOCS.resolve("steering.png"));
        }
    }

    private static void createRoom(Browser ada, ChatServer server) {
        ada.open(server.uri() + "/");
        ada.type("name-input", "Wren_4f21ac");
        ada.type("ttl-input", "25");
        ada.type("capacity-input", "4");
        ada.type("passcode-input", "heron at dawn");
        ada.click("create-room");
        ada.seeState("live");
    }

    private static void join(Browser ben, String link) {
        ben.open(link);
        ben.type("name-input", "Juno_b07e93");
        ben.type("passcode-input", "heron at dawn");
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
}
