package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.testsupport.FirefoxBrowser;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The walk of two people, and the vectors of the encryption, in Firefox. */
class FirefoxTest implements MainWalk {

    private static ChatServer server;
    private static TcpProxy network;
    private static FirefoxBrowser browser;
    private static FirefoxVisitor ada;
    private static FirefoxVisitor ben;

    @BeforeAll
    static void start() throws IOException {
        server = ChatServer.start(ServerOptions.local(0), MemoryRoomStore.create());
        network = new TcpProxy(server.uri());
        browser = FirefoxBrowser.start();
        ada = new FirefoxVisitor(browser);
        ben = new FirefoxVisitor(browser);
    }

    @AfterAll
    static void stop() {
        browser.close();
        network.close();
        server.close();
    }

    @AfterEach
    void nothingWentWrongInThePages() {
        assertThat(ada.troubles()).isEmpty();
        assertThat(ben.troubles()).isEmpty();
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

    @Test
    void moduleMakesTheVectors_andOpensNoneThatIsRefused() {
        ada.open(server.uri() + "/");
        SealingVectors vectors = SealingVectors.read();
        SealingVectors.Page page =
                (body, args) -> ada.inPage("const args = [...arguments]; return (async () => {" + body + "})()", args);
        assertThat(vectors.wrongSecrets(page)).isEqualTo(List.of());
        assertThat(vectors.wrongSeals(page)).isEqualTo(List.of());
        assertThat(vectors.openedOfRefused(page)).isEqualTo(List.of());
    }
}
