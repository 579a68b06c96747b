package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TypeScript says of the declarations and of the examples for frameworks, and the examples in a page. */
class FrameworksTest extends InTabs {

    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final long TIMEOUT_SECONDS = 180;

    @BeforeAll
    static void declarationsHold_andExamplesAreBundled(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("output.txt");
        Process types = new ProcessBuilder("etc/types")
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(types.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output)).isEqualTo("the types hold\n");
        } finally {
            types.destroy();
        }
    }

    @Test
    void react_showsTheElement_andIsToldOfMessages() throws IOException {
        showsTheElement("react");
    }

    @Test
    void vue_showsTheElement_andIsToldOfMessages() throws IOException {
        showsTheElement("vue");
    }

    private void showsTheElement(String framework) throws IOException {
        Membership eve = host.service().createRoom(RoomOptions.defaults(), Identity.named("Eve"));
        RoomId code = eve.room().id();
        host.serve("/app.js", Files.readString(ROOT.resolve("target/types/bundles/" + framework + ".js")));
        host.serve("/tab.js", "globalThis.tab = { ChatError: Error };");
        host.serve("/app", """
                <!doctype html><html lang="en"><script src="/tab.js"></script>
                <body><div id="app"></div><script type="module" src="/app.js"></script>""");
        Tab tab = tab(host.uri().resolve("/app#" + code.value()));
        browser.seeState("live");
        host.service().as(code, eve.token()).post("hello Ada");
        tellsTheHostsPage(tab, "hello Ada");
        browser.say("hello Eve");
        tellsTheHostsPage(tab, "hello Eve");
        browser.seeMessages(List.of("hello Ada", "hello Eve"));
        assertThat(host.service().participants(code))
                .extracting(participant -> participant.identity().name())
                .containsExactly("Eve", "Ada");
    }

    private static void tellsTheHostsPage(Tab tab, String latest) {
        Tab.eventually(() -> assertThat(tab.run("return document.querySelector('#app > p').textContent;"))
                .isEqualTo(latest));
    }
}
