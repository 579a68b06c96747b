package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Two people, each with a browser profile of their own. The second one's network can be cut. */
abstract class TwoPeople {

    static final Duration TIMEOUT = Duration.ofSeconds(10);

    static ChatServer server;
    static TcpProxy network;
    static Browser ada;
    static Browser ben;

    @BeforeAll
    static void start() throws IOException {
        server = ChatServer.start(ServerOptions.local(0), MemoryRoomStore.create());
        network = new TcpProxy(server.uri());
        ada = Browser.start();
        ben = Browser.start();
    }

    @AfterAll
    static void stop() {
        ben.close();
        ada.close();
        network.close();
        server.close();
    }

    @AfterEach
    void nothingWentWrongInThePages() {
        assertThat(ada.troubles()).isEmpty();
        assertThat(ben.troubles()).isEmpty();
    }

    static void createRoom(Visitor who, URI server, int minutes, int seats) {
        createRoom(who, server, minutes, seats, "");
    }

    /** A room that the server can read. */
    static void createPlainRoom(Visitor who, URI server, int minutes, int seats, String passcode) {
        who.open(server + "/");
        who.click("plain-room");
        fillIn(who, minutes, seats, passcode);
    }

    static void createRoom(Visitor who, URI server, int minutes, int seats, String passcode) {
        who.open(server + "/");
        fillIn(who, minutes, seats, passcode);
    }

    private static void fillIn(Visitor who, int minutes, int seats, String passcode) {
        who.type("name-input", "Ada");
        who.type("ttl-input", String.valueOf(minutes));
        who.type("capacity-input", String.valueOf(seats));
        if (!passcode.isEmpty()) {
            who.type("passcode-input", passcode);
        }
        who.click("create-room");
        who.see("room-view");
        who.seeState("live");
        assertThat(who.text("room-code")).matches("[1-9A-HJ-NP-Za-km-z]{8}");
    }

    /** Takes the link that the page copies. Ben's way to the server is the network that can be cut. */
    static String benJoinsThroughTheLink() {
        return joinsThroughTheLink(ben, ada, server, network);
    }

    static String joinsThroughTheLink(Visitor ben, Visitor ada, ChatServer server, TcpProxy network) {
        String link = linkFrom(ada);
        assertThat(link).startsWith(server.uri() + "/room/" + ada.text("room-code") + "#k=");
        join(ben, "Ben", link.replace(server.uri().toString(), network.uri().toString()));
        ben.seeState("live");
        return link;
    }

    /** The link to the room, as the page copies it. */
    static String linkFrom(Visitor who) {
        who.click("copy-link");
        return who.copiedText();
    }

    static void join(Visitor who, String name, String link) {
        who.open(link);
        who.see("invite-join");
        who.type("name-input", name);
        who.click("invite-join");
    }

    static String say(Visitor who, String text) {
        who.say(text);
        return text;
    }
}
