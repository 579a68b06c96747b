package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.Feature;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Dimension;

/** The element in pages of hosts, whose policy allows the client's files and nothing else. */
class ElementTest extends InTabs {

    private static final String ELEMENT =
            "<script type='module' src='/ephemeral-chat/element/ephemeral-chat-element.js'></script>";

    private Tab page(String lang, String markup) {
        host.serve(
                "/host",
                "<!doctype html><html lang='" + lang + "'><script type='module' src='/page.js'></script>" + ELEMENT
                        + "<body>" + markup + "</body>");
        return tab(host.uri().resolve("/host"));
    }

    private static void shows(Tab tab, String id, String screen) {
        Tab.eventually(() -> assertThat(tab.run("return document.getElementById(args[0]).screen;", id))
                .isEqualTo(screen));
    }

    /** What an element shows, by the role of what shows it. */
    private static final String INSIDE =
            "const inside = (id, role) => document.getElementById(id).shadowRoot.querySelector(`[data-role=${role}]`);";

    private static void click(Tab tab, String id, String role) {
        Tab.eventually(() -> assertThat(tab.run(
                        INSIDE + "const found = inside(...args); found?.click(); return found !== null;", id, role))
                .isEqualTo(true));
    }

    private static void says(Tab tab, String id, String text) {
        tab.run(INSIDE + """
                const composer = inside(args[0], "composer");
                composer.value = args[1];
                composer.dispatchEvent(new Event("input"));
                inside(args[0], "send").click();""", id, text);
    }

    private static void seesText(Tab tab, String id, List<String> texts) {
        Tab.eventually(() -> assertThat(tab.run(
                        "return [...document.getElementById(args[0]).shadowRoot.querySelectorAll('.message-text')].map(({ textContent }) => textContent);",
                        id))
                .isEqualTo(texts));
    }

    @Test
    void twoElementsOnOnePage_areTwoPeopleInRoomsOfTheirOwn() {
        Membership eve = host.service().createRoom(RoomOptions.defaults(), Identity.named("Eve"));
        Membership kim = host.service().createRoom(RoomOptions.defaults(), Identity.named("Kim"));
        Tab tab = page(
                "en", """
                <ephemeral-chat id="a" code="%s" name="Ada" features="auto-join members leave"></ephemeral-chat>
                <ephemeral-chat id="b" code="%s" name="Ben" features="auto-join members leave"></ephemeral-chat>""".formatted(eve.room().id().value(), kim.room().id().value()));
        shows(tab, "a", "room");
        shows(tab, "b", "room");
        says(tab, "a", "to Eve");
        says(tab, "b", "to Kim");
        seesText(tab, "a", List.of("to Eve"));
        seesText(tab, "b", List.of("to Kim"));
        host.service().asHost(eve.room().id()).destroy();
        shows(tab, "a", "ended");
        says(tab, "b", "still here");
        seesText(tab, "b", List.of("to Kim", "still here"));
        assertThat(host.service().participants(kim.room().id()))
                .extracting(participant -> participant.identity().name())
                .containsExactly("Kim", "Ben");
    }

    @Test
    void elementInTheFrameOfAnotherSite_goesOnWithTheTokenInMemory() throws Exception {
        Membership eve = host.service().createRoom(RoomOptions.defaults(), Identity.named("Eve"));
        String code = eve.room().id().value();
        host.serve(
                "/framed",
                "<!doctype html><html lang='en'>" + ELEMENT + "<ephemeral-chat code='" + code
                        + "' name='Ada' features='auto-join'></ephemeral-chat>");
        try (ClientHost other = ClientHost.start("127.0.0.1", MemoryRoomStore.create(), ChatHttpSettings.defaults())) {
            other.setPolicy("default-src 'none'; script-src 'self'; frame-src " + host.uri());
            other.serve(
                    "/around",
                    "<!doctype html><script src='/tab.js'></script><iframe src='"
                            + host.uri().resolve("/framed") + "'></iframe>");
            other.serve("/tab.js", "globalThis.tab = { ChatError: Error };");
            // As browsers do that block cookies of third parties.
            browser.driver().executeCdpCommand("Network.enable", Map.of());
            browser.driver()
                    .executeCdpCommand(
                            "Network.setCookieControls",
                            Map.of(
                                    "enableThirdPartyCookieRestriction",
                                    true,
                                    "disableThirdPartyCookieMetadata",
                                    true,
                                    "disableThirdPartyCookieHeuristics",
                                    true));
            tab(other.uri().resolve("/around"));
            browser.driver().switchTo().frame(0);
            browser.seeState("live");
            browser.type("composer", "from a frame");
            browser.click("send");
            browser.seeMessages(List.of("from a frame"));
            assertThat(host.service().history(eve.room().id(), 0, 10).messages())
                    .hasSize(1);
            browser.driver().switchTo().defaultContent();
        }
    }

    @Test
    void typingAndPresence_areSwitchedOffByTheElementOrByTheServer() throws Exception {
        ChatHttpSettings without = ChatHttpSettings.builder()
                .disabledFeatures(Set.of(Feature.SIGNALS))
                .build();
        try (ClientHost strict = ClientHost.start("127.0.0.1", MemoryRoomStore.create(), without)) {
            strict.serve(
                    "/host",
                    "<!doctype html><html lang='en'><script type='module' src='/page.js'></script>" + ELEMENT
                            + "<body><ephemeral-chat id='a'></ephemeral-chat>");
            List<Tab> both = List.of(
                    page("en", "<ephemeral-chat id='a' features='create members'></ephemeral-chat>"),
                    tab(strict.uri().resolve("/host")));
            for (Tab tab : both) {
                click(tab, "a", "create-room");
                shows(tab, "a", "room");
                says(tab, "a", "hello");
                seesText(tab, "a", List.of("hello"));
                assertThat(
                                tab.run(
                                        INSIDE
                                                + "return [document.getElementById('a').room.signals.length, inside('a', 'typing'), inside('a', 'presence').hidden];"))
                        .isEqualTo(Arrays.asList(0L, null, true));
            }
            closes(both.get(1));
        }
    }

    @Test
    void elementTellsItsHostWhatHappens() {
        Tab tab = page("en", "<ephemeral-chat id='a' features='create leave destroy'></ephemeral-chat>");
        tab.run("""
                tab.told = [];
                for (const type of ["screen", "joined", "left", "ended", "message", "unread", "error"]) {
                  document.getElementById("a").addEventListener(type, ({ detail }) => tab.told.push(detail.screen ?? type));
                }""");
        shows(tab, "a", "lobby");
        click(tab, "a", "create-room");
        shows(tab, "a", "room");
        says(tab, "a", "hello");
        seesText(tab, "a", List.of("hello"));
        assertThat(
                        tab.run(
                                "const a = document.getElementById('a'); return a.code === a.room.code && a.getAttribute('code') === a.code;"))
                .isEqualTo(true);
        click(tab, "a", "destroy-room");
        click(tab, "a", "confirm");
        shows(tab, "a", "ended");
        assertThat(tab.run("return tab.told;")).isEqualTo(List.of("room", "joined", "message", "ended", "ended"));
        tab.run("document.getElementById('a').code = 'k3J9xQ2b';");
        shows(tab, "a", "invite");
        tab.run("document.getElementById('a').remove();");
        assertThat(tab.run("return tab.told.length;")).isEqualTo(7L);
    }

    @ParameterizedTest
    @CsvSource({"false,", "false, heron at dawn", "true,", "true, heron at dawn"})
    void newRoomLikeThisOne_hasItsNameAndItsSettings(boolean encrypted, @Nullable String passcode) {
        Tab tab = page("en", "<ephemeral-chat id='a'></ephemeral-chat>");
        shows(tab, "a", "lobby");
        tab.run("""
                localStorage.removeItem("ephemeral-chat:name");
                const like = { ttlMinutes: 7, maxParticipants: 3, ownerOnlyDestroy: true, messageTtlSeconds: 45, properties: { title: "Tickets" } };
                const room = await tab.chat.create({ ...like, name: "Ada", encrypted: args[0], passcode: args[1] ?? undefined });
                room.close();
                document.getElementById("a").code = tab.first = room.code;""", encrypted, passcode);
        shows(tab, "a", "room");
        click(tab, "a", "destroy-room");
        click(tab, "a", "confirm");
        click(tab, "a", "like-this");
        if (passcode != null) {
            shows(tab, "a", "lobby");
            click(tab, "a", "create-room");
        }
        shows(tab, "a", "room");
        assertThat(tab.run("""
                const { room } = document.getElementById("a");
                const { me, encrypted, maxParticipants, ownerOnlyDestroy, messageTtlSeconds, properties, msLeft } = room;
                return [room.code !== tab.first, encrypted, me.name, maxParticipants, ownerOnlyDestroy, messageTtlSeconds, properties.title, Math.round(msLeft / 60_000)];""")).isEqualTo(List.of(true, encrypted, "Ada", 3L, true, 45L, "Tickets", 7L));
    }

    /** What was sealed is not told to a server that is not to know it. */
    @Test
    void plainRoomLikeAnEncryptedOne_hasNoneOfItsProperties() {
        Tab tab = page("en", "<ephemeral-chat id='a'></ephemeral-chat>");
        shows(tab, "a", "lobby");
        tab.run("""
                const room = await tab.chat.create({ name: "Ada", encrypted: true, passcode: "x", properties: { title: "Tickets" } });
                room.close();
                document.getElementById("a").code = room.code;""");
        shows(tab, "a", "room");
        click(tab, "a", "destroy-room");
        click(tab, "a", "confirm");
        click(tab, "a", "like-this");
        shows(tab, "a", "lobby");
        click(tab, "a", "plain-room");
        click(tab, "a", "create-room");
        shows(tab, "a", "room");
        assertThat(
                        tab.run(
                                "const { encrypted, properties } = document.getElementById('a').room; return [encrypted, Object.keys(properties).length];"))
                .isEqualTo(List.of(false, 0L));
    }

    @Test
    void host_decidesWhetherRoomsAreEncrypted() {
        Tab tab = page("en", """
                <ephemeral-chat id="a" encryption="off"></ephemeral-chat>
                <ephemeral-chat id="b" encryption="on"></ephemeral-chat>""");
        for (String id : List.of("a", "b")) {
            shows(tab, id, "lobby");
            assertThat(tab.run(INSIDE + "return inside(args[0], 'plain-room') === null;", id))
                    .isEqualTo(true);
            click(tab, id, "create-room");
            shows(tab, id, "room");
        }
        String words = INSIDE
                + "return [document.getElementById(args[0]).room.encrypted, inside(args[0], 'seal').textContent];";
        assertThat(tab.run(words, "a")).isEqualTo(List.of(false, "Not encrypted: the server can read this room"));
        assertThat((List<?>) tab.run(words, "b")).first().isEqualTo(true);
        // Where no link is known, code and key go together, and whoever pastes both is in.
        tab.run("navigator.clipboard.writeText = async (text) => (tab.copied = text);");
        click(tab, "b", "copy-link");
        Tab.eventually(() -> assertThat(String.valueOf(tab.run("return tab.copied;")))
                .matches("[1-9A-HJ-NP-Za-km-z]{8}#k=[\\w-]{43}"));
        says(tab, "b", "sealed");
        seesText(tab, "b", List.of("sealed"));
        String copied = String.valueOf(tab.run("localStorage.clear(); return tab.copied;"));
        Tab other = page("en", "<ephemeral-chat id='c' features='auto-join members'></ephemeral-chat>");
        other.run("document.getElementById('c').code = args[0];", copied);
        shows(other, "c", "room");
        seesText(other, "c", List.of("sealed"));
        assertThat(other.run("""
                const chat = document.getElementById("c");
                return [chat.getAttribute("code") === chat.room.code, chat.key, chat.room.participants.length];""")).isEqualTo(Arrays.asList(true, null, 2L));
    }

    @Test
    void languageAndDirection_areThoseOfThePage() {
        for (Map.Entry<String, String> each : Map.of(
                        "de-AT", "Raum anlegen", "es", "Crear sala", "en", "Create room", "pt", "Create room")
                .entrySet()) {
            Tab tab = page(each.getKey(), "<ephemeral-chat id='a'></ephemeral-chat>");
            Tab.eventually(() -> assertThat(tab.run(INSIDE + "return inside('a', 'create-room')?.textContent;"))
                    .isEqualTo(each.getValue()));
        }
        Tab tab = page("en", "<div dir='rtl'><ephemeral-chat id='a' lang='de'></ephemeral-chat></div>");
        shows(tab, "a", "lobby");
        click(tab, "a", "create-room");
        shows(tab, "a", "room");
        says(tab, "a", "rechts nach links");
        seesText(tab, "a", List.of("rechts nach links"));
        assertThat(tab.run("""
                const root = document.getElementById("a").shadowRoot;
                const at = (selector) => root.querySelector(selector).getBoundingClientRect();
                // Own messages are at the end of the line, which is on the left.
                return [at(".message.own").left < at(".log").left + 100, at(".send").left < at(".composer-text").left];""")).isEqualTo(List.of(true, true));
    }

    /** Each key of the catalogue has words in each language, with the same places for values. */
    @Test
    void catalogues_haveTheSameKeysAndPlaces() {
        Tab tab = tab(host.uri());
        assertThat(tab.run("""
                const [{ english }, { german }, { spanish }] = await Promise.all(
                  ["en", "de", "es"].map((lang) => import(`/ephemeral-chat/element/words-${lang}.js`)));
                const places = (entry) => [...new Set(JSON.stringify(entry).match(/\\{\\w+\\}/g) ?? [])].sort().join();
                const differing = Object.keys({ ...english, ...german, ...spanish }).filter((key) =>
                  [german, spanish].some((other) => other[key] === undefined || places(other[key]) !== places(english[key] ?? "none")));
                return differing;""")).isEqualTo(List.of());
    }

    @Test
    void narrowElement_isLaidOutByItsOwnWidth() {
        browser.driver().manage().window().setSize(new Dimension(1200, 800));
        Tab tab = page("en", "<div id='around'><ephemeral-chat id='a'></ephemeral-chat></div>");
        shows(tab, "a", "lobby");
        click(tab, "a", "create-room");
        shows(tab, "a", "room");
        String panelIsShown = INSIDE
                + "return getComputedStyle(document.getElementById('a').shadowRoot.querySelector('.panel')).visibility === 'visible';";
        assertThat(tab.run(panelIsShown)).isEqualTo(true);
        tab.run("document.getElementById('around').style.width = '360px';");
        Tab.eventually(() -> assertThat(tab.run(panelIsShown)).isEqualTo(false));
        click(tab, "a", "panel-toggle");
        Tab.eventually(() -> assertThat(tab.run(panelIsShown)).isEqualTo(true));
    }

    @Test
    void pagesPropertiesAndFonts_reachTheElementByItsOwnNamesOnly() {
        Tab tab = page("en", "<ephemeral-chat id='a'></ephemeral-chat>");
        shows(tab, "a", "lobby");
        assertThat(tab.run("""
                document.documentElement.style.setProperty("--soft", "rgb(1, 2, 3)");
                document.documentElement.style.setProperty("--accent", "rgb(9, 9, 9)");
                const chat = document.getElementById("a");
                chat.style.setProperty("--chat-soft", "var(--soft)");
                const colour = (selector, name) => getComputedStyle(chat.shadowRoot.querySelector(selector))[name];
                return [colour(".lead", "color"), colour(".primary", "backgroundColor")];""")).isEqualTo(List.of("rgb(1, 2, 3)", "rgb(11, 93, 78)"));
    }

    /** As on a server that renders pages. */
    @Test
    void whereThereAreNoElements_theModuleCanBeImported() {
        host.serve(
                "/worker.js", "import '/ephemeral-chat/element/ephemeral-chat-element.js'; postMessage('imported');");
        assertThat(tab(host.uri()).run("""
                const worker = new Worker("/worker.js", { type: "module" });
                return new Promise((resolve) => {
                  worker.onmessage = ({ data }) => resolve(data);
                  worker.onerror = ({ message }) => resolve(message ?? "failed");
                });""")).isEqualTo("imported");
    }

    @Test
    void propertiesSetBeforeTheElementIsKnown_count() {
        Membership eve = host.service().createRoom(RoomOptions.defaults(), Identity.named("Eve"));
        Tab tab = tab(host.uri());
        tab.run("""
                const chat = document.createElement("ephemeral-chat");
                Object.assign(chat, { id: "a", base: "/chat", code: args[0], name: "Ada", features: ["auto-join"], options: { headers: () => ({ "X-Tenant": String(tab.asked = (tab.asked ?? 0) + 1) }) } });
                document.body.append(chat);
                await import("/ephemeral-chat/element/ephemeral-chat-element.js");""", eve.room().id().value());
        shows(tab, "a", "room");
        assertThat(tab.run("return tab.asked > 1 && document.getElementById('a').getAttribute('features');"))
                .isEqualTo("auto-join");
        // Moved within the page, as frameworks do, it goes on.
        tab.run("document.body.prepend(document.getElementById('a'));");
        shows(tab, "a", "room");
        says(tab, "a", "moved");
        seesText(tab, "a", List.of("moved"));
    }

    @Test
    void noticeOfTheHost_saysWhoseItIs() {
        Tab tab = page("en", "<ephemeral-chat id='a' name='Ada' features='create'></ephemeral-chat>");
        shows(tab, "a", "lobby");
        click(tab, "a", "create-room");
        shows(tab, "a", "room");
        String code = String.valueOf(tab.run("return document.getElementById('a').code;"));
        host.service().asHost(new RoomId(code)).post("closing soon");
        Tab.eventually(() -> assertThat(tab.run(INSIDE + """
                        const head = inside("a", "host-notice")?.querySelector(".message-head");
                        return [...(head?.children ?? [])].slice(0, 2).map(({ textContent }) => textContent);""")).isEqualTo(List.of("Host", "runs this server")));
    }

    @Test
    void draftOfARoomThatEndsUnseen_isForgotten() throws Exception {
        try (ClientHost hasty = ClientHost.start(
                ShortLivedRooms.in(MemoryRoomStore.create(), Duration.ofSeconds(12)), ChatHttpSettings.defaults())) {
            hasty.serve(
                    "/host",
                    "<!doctype html><html lang='en'><script type='module' src='/page.js'></script>" + ELEMENT
                            + "<body><ephemeral-chat id='a' features='create'></ephemeral-chat></body>");
            Tab tab = tab(hasty.uri().resolve("/host"));
            shows(tab, "a", "lobby");
            click(tab, "a", "create-room");
            shows(tab, "a", "room");
            tab.run(INSIDE + """
                    const composer = inside("a", "composer");
                    composer.value = "not sent";
                    composer.dispatchEvent(new Event("input"));
                    document.getElementById("a").code = "";""");
            shows(tab, "a", "lobby");
            String kept = "return Object.values(sessionStorage).join();";
            assertThat(tab.run(kept)).asString().contains("not sent");
            Tab.eventually(() -> assertThat(tab.run(kept)).isEqualTo(""));
        }
    }
}
