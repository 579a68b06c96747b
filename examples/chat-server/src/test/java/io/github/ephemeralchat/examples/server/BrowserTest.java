package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WindowType;

/** What two people see of a room, and sometimes a third. */
class BrowserTest extends TwoPeople {

    private static final Duration TOLD_WITHIN = Duration.ofSeconds(2);
    private static final Duration SHORT_LIFE = Duration.ofSeconds(10);

    @Test
    void twoPeopleTalkAndAReloadKeepsEveryMessageOnceAndInOrder() {
        createRoom(ada, server.uri(), 5, 2);
        assertThat(ada.text("countdown")).matches("[45]:\\d\\d");
        benJoinsThroughTheLink();
        ada.seeMembers("Ada", "Ben");
        ben.seeMembers("Ada", "Ben");

        List<String> said = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            said.add(say(ada, "question " + i + " <b>&amp;"));
            ben.seeMessages(said);
            said.add(say(ben, "answer " + i + " \u201c\ud83d\udd6f\u201d"));
            ada.seeMessages(said);
        }
        assertThat(ada.attribute("message", "data-own")).isEqualTo("true");
        assertThat(ben.attribute("message", "data-own")).isEqualTo("false");

        ben.reload();
        ben.seeState("live");
        ben.seeMessages(said);
        said.add(say(ben, "still here"));
        ada.seeMessages(said);
        ben.seeMessages(said);
        ada.seeMembers("Ada", "Ben");
    }

    @Test
    void aCutNetworkLosesNothingAndDoublesNothing() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        List<String> said = new ArrayList<>();
        said.add(say(ada, "before"));
        ben.seeMessages(said);
        network.cut();
        ben.seeState("connecting");
        for (int i = 1; i <= 5; i++) {
            said.add(say(ada, "while you were away " + i));
            ada.seeMessages(said);
        }
        ben.say("written while away");
        network.mend();
        said.add("written while away");
        ada.seeMessages(said);
        ben.seeMessages(said);
        ben.seeState("live");
        said.add(say(ada, "welcome back"));
        ben.seeMessages(said);
        ben.reload();
        ben.seeMessages(said);
    }

    @Test
    void linkThatDoesNotLeadWhereItSeemsTo_isPlainText() {
        List<String> honest = List.of(
                "https://example.org/a?b=c#d",
                "http://example.org:8080/",
                "https://EXAMPLE.org:443/x",
                "http://[::1]:8080/",
                "https://example.org/who@example.com");
        List<String> deceptive = List.of(
                "https://good.example@evil.example/",
                "https://good.example:x@evil.example/",
                "https://good.example\u2044@evil.example/",
                "https://example.org/\u202Egpj.exe",
                "https://exa\u00ADmple.org/",
                "https://ex\u0430mple.org/", // A Cyrillic letter.
                "https://ex%61mple.org/",
                "http://2130706433/");
        ada.open(server.uri() + "/");
        assertThat(links(honest)).isEqualTo(honest);
        assertThat(links(deceptive)).isEmpty();
    }

    private static List<?> links(List<String> texts) {
        return (List<?>) ada.driver().executeAsyncScript("""
                        const [texts, done] = arguments;
                        import("/ephemeral-chat/element/linkify.js").then(({ linkified }) =>
                          done(texts.flatMap((text) => linkified(text))
                            .filter((node) => typeof node !== "string").map((node) => node.textContent)));
                        """, texts);
    }

    @Test
    void aSecondTabShowsTheSameAndWhoLeavesInOneIsToldInTheOther() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        List<String> said = new ArrayList<>();
        said.add(say(ada, "in the first tab"));
        String first = ada.driver().getWindowHandle();
        String room = ada.address();
        ada.driver().switchTo().newWindow(WindowType.TAB);
        ada.open(room);
        ada.seeMessages(said);
        said.add(say(ada, "in the second"));
        said.add(say(ben, "whichever"));
        ben.seeMessages(said);
        ada.seeMessages(said);
        ada.seeMembers("Ada", "Ben");
        ada.click("leave-room");
        ada.click("confirm");
        ada.seeEnd("left", PATIENCE);
        ada.driver().close();
        ada.driver().switchTo().window(first);
        ada.seeEnd("left", PATIENCE);
        assertThat(ada.texts("message")).isEmpty();
        ben.seeMembers("Ben");
    }

    @Test
    void aThirdVisitorIsToldThatTheRoomIsFull() {
        createRoom(ada, server.uri(), 5, 2);
        String link = benJoinsThroughTheLink();
        try (Browser cleo = Browser.start()) {
            join(cleo, "Cleo", link);
            cleo.seeEnd("full", PATIENCE);
            assertThat(cleo.texts("message")).isEmpty();
            assertThat(cleo.troubles()).isEmpty();
        }
        ada.seeMembers("Ada", "Ben");
    }

    @Test
    void whatOneDestroysTheOtherIsToldWithinTwoSeconds() {
        createRoom(ada, server.uri(), 5, 2);
        String link = benJoinsThroughTheLink();
        say(ada, "a secret");
        ben.seeMessages(List.of("a secret"));
        ada.click("destroy-room");
        ada.click("confirm");
        ben.seeEnd("destroyed", TOLD_WITHIN);
        ada.seeEnd("destroyed", TOLD_WITHIN);
        for (Browser each : List.of(ada, ben)) {
            assertThat(each.inPage("return all('*').map((one) => (one.shadowRoot ?? one).innerHTML).join()"))
                    .asString()
                    .contains("Back to the lobby")
                    .doesNotContain("a secret");
        }
        ben.open(link);
        ben.click("invite-join");
        ben.seeEnd("not-found", PATIENCE);
    }

    @Test
    void aRoomEndsOnBothSidesAtItsDeadline() throws IOException {
        MemoryRoomStore rooms = MemoryRoomStore.create();
        try (ChatServer hasty = ChatServer.start(ServerOptions.local(0), ShortLivedRooms.in(rooms, SHORT_LIFE))) {
            long begin = System.nanoTime();
            createRoom(ada, hasty.uri(), 1, 2);
            join(ben, "Ben", linkFrom(ada));
            ben.seeState("live");
            say(ada, "be quick");
            ben.seeMessages(List.of("be quick"));
            for (Browser each : List.of(ada, ben)) {
                each.seeEnd("expired", SHORT_LIFE.plus(TOLD_WITHIN));
                assertThat(each.texts("message")).isEmpty();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(SHORT_LIFE.minusSeconds(1));
        }
    }
}
