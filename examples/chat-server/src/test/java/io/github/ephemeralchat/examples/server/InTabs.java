package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A browser whose tabs use the browser client on a host's page; the way to the host can be cut. */
abstract class InTabs {

    static Browser browser;

    ClientHost host;
    TcpProxy network;
    final List<Tab> tabs = new ArrayList<>();
    final List<String> said = new ArrayList<>();

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void stopBrowser() {
        browser.close();
    }

    @BeforeEach
    void start() throws Exception {
        host = ClientHost.start(MemoryRoomStore.create(), settings());
        network = new TcpProxy(host.uri());
    }

    private static ChatHttpSettings settings() {
        return ChatHttpSettings.builder()
                .entryKinds(Set.of("x-vote"))
                .cueKinds(Set.of("x-cursor", "x-mood"))
                .build();
    }

    @AfterEach
    void stop() {
        assertThat(browser.troubles()).isEmpty();
        List.copyOf(tabs).forEach(this::closes);
        network.close();
        host.close();
    }

    /** Whoever closes a stream is noticed when it is written to, so Ben goes on talking. */
    void streamsAre(int expected, Ben ben) {
        await().pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            ben.says(said, 1);
            assertThat(host.streams()).isEqualTo(expected);
        });
    }

    Tab tab(URI page) {
        Tab tab = Tab.open(browser, page);
        tabs.add(tab);
        return tab;
    }

    void closes(Tab tab) {
        tabs.remove(tab);
        tab.close();
    }
}
