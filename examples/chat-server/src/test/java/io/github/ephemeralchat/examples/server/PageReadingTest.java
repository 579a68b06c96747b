package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reading and writing in the page: what is new, what is not sent yet, and the way in and on. */
class PageReadingTest extends TwoPeople {

    private static final String FOCUSED =
            "return document.activeElement.shadowRoot?.activeElement?.dataset.role ?? document.activeElement.tagName";

    private static void post(Browser who, String... texts) {
        for (String text : texts) {
            who.driver()
                    .executeAsyncScript(
                            "document.querySelector('ephemeral-chat').room.post(arguments[0]).then(() => arguments[1]())",
                            text);
        }
    }

    private static void looksAway(Browser who, boolean away) {
        who.driver()
                .executeScript(
                        "Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => arguments[0] });"
                                + " document.dispatchEvent(new Event('visibilitychange'));",
                        away ? "hidden" : "visible");
    }

    private static List<String> talkThatFillsTheScreen() {
        List<String> said = new ArrayList<>(
                IntStream.range(0, 30).mapToObj(i -> "message " + i).toList());
        post(ada, said.toArray(String[]::new));
        ada.seeMessages(said);
        return said;
    }

    @Test
    void readerWhoHasGoneUp_seesTheWayToTheEnd_andWhereTheNewBegins() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        List<String> said = talkThatFillsTheScreen();
        ada.doNotSee("jump-to-new");
        await().until(() -> {
            ada.inPage("all('[data-role=message-list]')[0].scrollTop = 0");
            return ada.texts("jump-to-new").equals(List.of("To the end"));
        });
        ada.see("jump-to-new");
        post(ben, "first news", "second news");
        said.addAll(List.of("first news", "second news"));
        ada.see("jump-to-new", "2 new messages");
        assertThat(
                        ada.inPage(
                                "return all('[data-role=unread-divider]')[0].parentElement.querySelector('.message-text').textContent"))
                .isEqualTo("first news");
        ada.click("jump-to-new");
        ada.doNotSee("jump-to-new");
        assertThat(ada.inPage(FOCUSED)).isEqualTo("message-list");
        ada.say("an answer");
        said.add("an answer");
        ada.seeMessages(said);
        assertThat(ada.texts("unread-divider")).isEmpty();
    }

    @Test
    void pageThatNobodyLooksAt_countsInItsTitleAndIcon() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        post(ben, "history");
        ada.seeMessages(List.of("history"));
        await().until(() -> "polite".equals(ada.attribute("message-list", "aria-live")));
        looksAway(ada, true);
        post(ben, "one", "two");
        await().untilAsserted(() -> assertThat(ada.driver().getTitle()).startsWith("(2) "));
        assertThat(ada.driver().executeScript("return document.querySelector('link[rel=icon]').href"))
                .asString()
                .startsWith("data:image/svg+xml")
                .contains("%3E2%3C");
        looksAway(ada, false);
        await().untilAsserted(() -> assertThat(ada.driver().getTitle()).doesNotStartWith("("));
        assertThat(ada.driver().executeScript("return document.querySelector('link[rel=icon]').href"))
                .asString()
                .endsWith("/assets/icon.svg");
    }

    @Test
    void whatIsNotSentYet_outlivesAReload_andIsSentOnce() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        ben.driver().executeCdpCommand("Network.enable", Map.of());
        ben.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of("*/rooms/*/messages")));
        ben.say("written in a tunnel");
        ben.see("message-retry");
        ben.type("composer", "half a text");
        await().until(() -> String.valueOf(ben.driver().executeScript("return Object.values(sessionStorage).join()"))
                .contains("half a text"));
        ben.reload();
        ben.see("message-retry");
        ben.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of()));
        ada.seeMessages(List.of("written in a tunnel"));
        ben.seeMessages(List.of("written in a tunnel"));
        assertThat(ben.inPage("return all('[data-role=composer]')[0].value")).isEqualTo("half a text");
        ada.click("destroy-room");
        ada.click("confirm");
        ben.seeEnd("destroyed", TIMEOUT);
        assertThat(ben.driver()
                        .executeScript(
                                "return Object.keys(sessionStorage).filter((key) => key.includes('unsent')).length"))
                .isEqualTo(0L);
    }

    @Test
    void messagesOfTwoDays_haveALineBetweenThem() {
        ada.open(server.uri() + "/");
        Object lines = ada.driver().executeAsyncScript("""
                const done = arguments[0];
                Promise.all(["ui", "message-list"].map((name) => import(`/ephemeral-chat/element/${name}.js`))).then(([{ Ui }, { MessageList }]) => {
                  const ui = new Ui({ features: null }, document, { words: {}, lang: "en" });
                  const list = new MessageList("me", ui, { onUnseen() {} });
                  const day = 86_400_000;
                  const entry = (sequence, at) => ["message", { sequence, id: `m${sequence}`, text: "x", sender: { id: "p", name: "Eve" }, sentAt: new Date(at) }];
                  list.add([entry(1, Date.now() - day), entry(2, Date.now() - day), entry(4, Date.now())]);
                  list.add([entry(3, Date.now() - day)]);
                  done([...list.entries.querySelectorAll(".row")].map((row) => row.querySelector(".day")?.textContent ?? ""));
                });""");
        assertThat(lines).isEqualTo(List.of("", "", "", "Today"));
    }

    /** In a busy room there is no silence after what was said before. */
    @Test
    void roomThatIsNeverSilent_isReadOut_andWhatIsNewCounts() {
        ada.open(server.uri() + "/");
        Object told = ada.driver().executeAsyncScript("""
                const done = arguments[0];
                Promise.all(["ui", "message-list"].map((name) => import(`/ephemeral-chat/element/${name}.js`))).then(([{ Ui }, { MessageList }]) => {
                  const ui = new Ui({ features: null }, document, { words: {}, lang: "en" });
                  const list = new MessageList("me", ui, { onUnseen() {} });
                  list.away = true;
                  let sequence = 0;
                  const talk = setInterval(() => {
                    sequence++;
                    list.add([["message", { sequence, id: `m${sequence}`, text: "x", sender: { id: "p", name: "Eve" }, sentAt: new Date() }]]);
                    if (list.unseen < 3 && sequence < 80) return;
                    clearInterval(talk);
                    done([list.log.getAttribute("aria-live"), list.unseen]);
                  }, 100);
                });""");
        assertThat(told).isEqualTo(List.of("polite", 3L));
    }

    @Test
    void keyboardThatCoversThePage_leavesTheComposerInSight() {
        createRoom(ada, server.uri(), 5, 2);
        ada.driver()
                .executeScript(
                        "Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => 400 }); visualViewport.dispatchEvent(new Event('resize'));");
        await().untilAsserted(() -> assertThat(ada.inPage(
                        "return Math.round(all('[data-role=composer]')[0].getBoundingClientRect().bottom) <= 400"))
                .isEqualTo(true));
    }

    @Test
    void whoIsInside_isToldSeatsAndTime_andMakesANewRoomLikeThisOneAfterwards() {
        createRoom(ada, server.uri(), 5, 3);
        ada.see("share-facts", "2 seats are free. Open until ");
        String first = ada.text("room-code");
        ada.click("destroy-room");
        ada.click("confirm");
        ada.click("like-this");
        ada.seeState("live");
        assertThat(ada.text("room-code")).isNotEqualTo(first);
        assertThat(ada.address()).endsWith("/room/" + ada.text("room-code"));
        ada.see("seats", "1 of 3 seats");
        ada.see("countdown", "4:5");
        ada.see("notice", "You joined");
        ada.seeMembers("Ada");
    }

    @Test
    void roomWithAPasscode_isMadeAnewInTheLobby() {
        createRoom(ada, server.uri(), 5, 3, "first");
        ada.click("destroy-room");
        ada.click("confirm");
        ada.click("like-this");
        ada.see("lobby-view");
        assertThat(ada.inPage("return ['ttl', 'capacity'].map((name) => all(`#${name}`)[0].value)"))
                .isEqualTo(List.of("5", "3"));
        assertThat(ada.address()).isEqualTo(server.uri() + "/");
    }

    @Test
    void codeIsFound_howeverItIsWritten() {
        ada.open(server.uri() + "/");
        for (String typed : List.of(
                "k3J9xQ2b",
                "k3J9 xQ2b",
                "k3J9-xQ2b",
                "\u201ck3J9xQ2b\u201d,",
                "The code is k3J9xQ2b, see you!",
                "https://h.example/chat/room/k3J9xQ2b?a=b#c",
                "see https://h.example/#k3J9xQ2b\u3002",
                "\u00abhttps://h.example/room/k3J9xQ2b\u00bb",
                "https://h.example/room/k3J9xQ2b)",
                "k3J9\u200bxQ2b")) {
            assertThat(codeIn(typed)).as(typed).isEqualTo("k3J9xQ2b");
        }
        for (String typed :
                List.of("come to the birthday party", "k3J9xQ2", "k3J9xQ2b and k3J9xQ2c", "k3J9xQ2bb", "")) {
            assertThat(codeIn(typed)).as(typed).isNull();
        }
    }

    @Test
    void longTextWithoutACode_isReadInNoTime() {
        ada.open(server.uri() + "/");
        Object milliseconds = ada.driver().executeAsyncScript("""
                const done = arguments[0];
                import("/ephemeral-chat/element/invitation.js").then(({ findInvitation }) => {
                  const begun = performance.now();
                  findInvitation(`x${".".repeat(50_000)}a`);
                  done(Math.round(performance.now() - begun));
                });""");
        assertThat((Long) milliseconds).isLessThan(500);
    }

    private static Object codeIn(String typed) {
        return ada.driver()
                .executeAsyncScript(
                        "const [typed, done] = arguments; import('/ephemeral-chat/element/room-code.js').then(({ findRoomCode }) => done(findRoomCode(typed)));",
                        typed);
    }

    @Test
    void pageBelowAPath_worksBehindAProxyThatTakesThePathOff() throws Exception {
        try (PrefixProxy proxy = new PrefixProxy("/talk/here");
                ChatServer below = ChatServer.start(
                        new ServerOptions("localhost", 0, true, 100, true, proxy.uri(), null),
                        MemoryRoomStore.create())) {
            proxy.passTo(below.uri());
            createRoom(ada, proxy.uri(), 5, 2);
            assertThat(ada.address()).isEqualTo(proxy.uri() + "/room/" + ada.text("room-code"));
            String link = linkFrom(ada);
            assertThat(link).startsWith(ada.address() + "#k=");
            join(ben, "Ben", link);
            ben.seeState("live");
            say(ada, "below a path");
            ben.seeMessages(List.of("below a path"));
            ben.reload();
            ben.seeMessages(List.of("below a path"));
            ben.click("leave-room");
            ben.click("confirm");
            ben.seeEnd("left", TIMEOUT);
            ben.click("back-to-lobby");
            ben.see("lobby-view");
            assertThat(ben.address()).isEqualTo(proxy.uri() + "/");
            // From nowhere the focus goes: it is where the person goes on.
            assertThat(ben.inPage(FOCUSED)).isNotEqualTo("BODY");
        }
    }
}
