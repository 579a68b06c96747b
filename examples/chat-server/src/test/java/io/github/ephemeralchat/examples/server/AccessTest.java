package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Every screen by axe-core's rules for WCAG 2.2 AA, light and dark, on a phone and on a desk; and where the focus goes. */
class AccessTest extends TwoPeople {

    private static final String AXE = read("/axe.min.js");
    private static final String RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']";

    /** What a screen reader would read aloud: what is added to a live region. */
    private static final String NOTE_WHAT_IS_SAID = """
            globalThis.said = [];
            const root = document.querySelector("ephemeral-chat").shadowRoot;
            const isLive = (node) => {
              const region = node.closest?.("[aria-live], [role=status], [role=alert]");
              return region && region.getAttribute("aria-live") !== "off";
            };
            new MutationObserver((records) => {
              for (const { target, addedNodes } of records) {
                const at = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
                if (isLive(at) && addedNodes.length > 0) said.push([...addedNodes].map(({ textContent }) => textContent.trim()).join());
              }
            }).observe(root, { subtree: true, childList: true, characterData: true });""";

    private final List<String> violations = new ArrayList<>();
    private String look = "";

    private static String read(String resource) {
        try (InputStream in = Objects.requireNonNull(AccessTest.class.getResourceAsStream(resource))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void leaveTheDevice() {
        ada.driver().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        ada.driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
    }

    @Test
    void everyScreenOfAPhone_holdsTheRules() {
        walkIn("light", "dark", 360);
    }

    @Test
    @EnabledIfSystemProperty(named = "test.rounds", matches = "full", disabledReason = "a long round: -Pfull")
    void everyScreenOfADesk_holdsTheRules() {
        walkIn("dark", "light", 1280);
    }

    /** In one scheme, and with {@code -Pfull} in the other one too. */
    private void walkIn(String usual, String other, int width) {
        boolean full = "full".equals(System.getProperty("test.rounds"));
        for (String scheme : full ? List.of(usual, other) : List.of(usual)) {
            look = scheme + " " + width;
            ada.look(width, 740, width < 500, scheme);
            walk(width < 500);
        }
        assertThat(violations).isEmpty();
    }

    private void walk(boolean narrow) {
        ada.open(server.uri() + "/room/k3J9xQ2b#k=cut-off");
        ada.click("invite-join");
        ada.see("key-problem");
        check("invite with a problem");
        ada.open(server.uri() + "/");
        ada.see("create-room");
        ada.type("join-code-input", "no code");
        ada.click("join-room");
        check("lobby with a problem");
        createRoom(ada, server.uri(), 5, 3);
        check("empty room");
        ada.click("show-qr");
        ada.settles();
        check("QR code");
        ada.click("close-qr");
        join(ben, "Ben", linkFrom(ada));
        ben.seeState("live");
        ben.say("hello, see https://example.org/");
        ada.say("hi");
        ada.seeMessages(List.of("hello, see https://example.org/", "hi"));
        check("room");
        if (narrow) {
            ada.click("panel-toggle");
        }
        ada.click("member-choices");
        ada.settles();
        check("panel");
        ada.click("free-seat");
        check("dialog");
        ada.click("cancel");
        ada.click("destroy-room");
        ada.click("confirm");
        ada.seeEnd("destroyed", TIMEOUT);
        ada.settles();
        check("end");
    }

    private void check(String screen) {
        ada.driver().executeScript(AXE);
        List<?> found = (List<?>)
                ada.driver()
                        .executeAsyncScript(
                                "const done = arguments[0]; axe.run(document, { runOnly: " + RULES
                                        + ", rules: { 'label-content-name-mismatch': { enabled: true } }, resultTypes: ['violations'] })"
                                        + ".then(({ violations }) => done(violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.flat()}: ${failureSummary}`))));");
        Objects.requireNonNull(found).forEach(each -> violations.add(look + ", " + screen + ": " + each));
    }

    /** A screen reader loses its place where the focus falls to the body. */
    @Test
    void focus_neverFallsToTheBody() {
        createRoom(ada, server.uri(), 5, 3);
        join(ben, "Ben", linkFrom(ada));
        ben.seeState("live");
        hasSomeFocus();
        ada.click("member-choices");
        ada.click("make-reader");
        ada.click("confirm");
        ada.see("role-badge", "reads");
        hasSomeFocus();
        ada.click("free-seat");
        ada.click("confirm");
        ada.seeMembers("Ada");
        hasSomeFocus();
        ada.click("leave-room");
        ada.click("confirm");
        ada.seeEnd("left", TIMEOUT);
        hasSomeFocus();
        ada.click("back-to-lobby");
        ada.see("lobby-view");
        hasSomeFocus();
        ben.seeEnd("left", TIMEOUT);
        assertThat(ben.inPage("return document.activeElement.tagName")).isEqualTo("EPHEMERAL-CHAT");
    }

    private static void hasSomeFocus() {
        assertThat(ada.inPage("return document.activeElement.shadowRoot?.activeElement?.isConnected ?? false"))
                .isEqualTo(true);
    }

    /** What several live regions say would be read as often. */
    @Test
    void brokenConnection_isSaidOnce_andItsReturnToo() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        ben.inPage(NOTE_WHAT_IS_SAID);
        network.cut();
        ben.seeState("connecting");
        network.mend();
        ben.seeState("live");
        assertThat(ben.inPage("return said.filter((words) => words.includes('onnect'))"))
                .isEqualTo(List.of(
                        "The connection broke. It is being made again, and what you miss is filled in.",
                        "The connection is back."));
    }

    @Test
    void ownMessage_isSaidOnce() {
        createRoom(ada, server.uri(), 5, 2);
        ada.say("history");
        ada.sees("message-list", "aria-live", "polite");
        ada.inPage(NOTE_WHAT_IS_SAID);
        ada.say("said once");
        ada.seeMessages(List.of("history", "said once"));
        ada.say("and the next");
        ada.seeMessages(List.of("history", "said once", "and the next"));
        assertThat(ada.inPage("return said.filter((words) => words.includes('said once')).length"))
                .isEqualTo(1L);
    }
}
