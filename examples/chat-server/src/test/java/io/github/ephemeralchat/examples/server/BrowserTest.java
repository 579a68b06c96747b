package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.TcpProxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WindowType;

/** What two people see of a room, and sometimes a third. */
class BrowserTest extends TwoPeople implements MainWalk {

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

    /** An encrypted room's text may come from another client than this one. */
    @Test
    void longTailOfAnAddress_takesNoTime() {
        ada.open(server.uri() + "/");
        List<String> addresses = List.of(
                "http://a" + ")".repeat(17_890),
                "http://a" + ".".repeat(60_000) + "a",
                "http://a" + ".)".repeat(8_945));
        for (String address : addresses) {
            assertThat(millisecondsFor(address)).as(address.substring(0, 10)).isLessThan(500);
        }
    }

    @Test
    void linkEndsBeforeWhatFollowsIt() {
        ada.open(server.uri() + "/");
        assertThat(links(List.of(
                        "(see http://a.example/b).",
                        "(see http://a.example/c.)",
                        "http://a.example/d_(e)",
                        "[(http://a.example/f_(g))]",
                        "http://a.example/h)i)",
                        "http://a.example/j?!")))
                .isEqualTo(List.of(
                        "http://a.example/b",
                        "http://a.example/c",
                        "http://a.example/d_(e)",
                        "http://a.example/f_(g)",
                        "http://a.example/h)i",
                        "http://a.example/j"));
    }

    private static long millisecondsFor(String text) {
        return (Long) ada.driver().executeAsyncScript("""
                        const [text, done] = arguments;
                        import("/ephemeral-chat/element/linkify.js").then(({ linkified }) => {
                          const begun = performance.now();
                          linkified(text);
                          done(Math.round(performance.now() - begun));
                        });
                        """, text);
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
        ada.seeEnd("left", TIMEOUT);
        ada.driver().close();
        ada.driver().switchTo().window(first);
        ada.seeEnd("left", TIMEOUT);
        assertThat(ada.texts("message")).isEmpty();
        ben.seeMembers("Ben");
    }

    @Test
    void aThirdVisitorIsToldThatTheRoomIsFull() {
        createRoom(ada, server.uri(), 5, 2);
        String link = benJoinsThroughTheLink();
        try (Browser cleo = Browser.start()) {
            join(cleo, "Cleo", link);
            cleo.seeEnd("full", TIMEOUT);
            assertThat(cleo.texts("message")).isEmpty();
            assertThat(cleo.troubles()).isEmpty();
        }
        ada.seeMembers("Ada", "Ben");
    }
}
