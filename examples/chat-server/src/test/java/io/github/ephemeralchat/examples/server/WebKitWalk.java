package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The walk of two people in WebKitGTK. {@code etc/webkit} runs it; it is no part of the suite. */
class WebKitWalk implements MainWalk {

    private static ChatServer server;
    private static TcpProxy network;
    private static WebKitVisitor ada;
    private static WebKitVisitor ben;

    @BeforeAll
    static void start() throws IOException {
        server = ChatServer.start(ServerOptions.local(0), MemoryRoomStore.create());
        network = new TcpProxy(server.uri());
        ada = WebKitVisitor.start();
        ben = WebKitVisitor.start();
    }

    @AfterAll
    static void stop() {
        ben.close();
        ada.close();
        network.close();
        server.close();
    }

    @Override
    public Visitor ada() {
        return ada;
    }

    @Override
    public Visitor ben() {
        return ben;
    }

    @Override
    public ChatServer server() {
        return server;
    }

    @Override
    public TcpProxy network() {
        return network;
    }
}
