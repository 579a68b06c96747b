package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.HttpProxy;
import io.github.ephemeralchat.testsupport.HttpProxy.Treatment;
import io.github.ephemeralchat.testsupport.HttpProxy.Treatment.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page says on networks that fail, and what it makes of hands that are quick. */
class PageNetworkTest extends TwoPeople {

    private static final String FOCUSED = "return document.activeElement.shadowRoot?.activeElement?.dataset.role";

    private static final String NAME_PROBLEM = "return all('#name-problem')[0].textContent";

    private HttpProxy proxy;

    @BeforeEach
    void openProxy() {
        proxy = new HttpProxy(server.uri());
    }

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    @Test
    void roomThatALoginPageHides_isShownOnceItIsAnswered() {
        createRoom(ada, proxy.uri(), 5, 2);
        ada.say("still here");
        ada.seeMessages(List.of("still here"));
        proxy.treat(".*/rooms/.*", new Answer("404 Not Found", "Content-Type: text/html\r\n", "Please log in"));
        ada.reload();
        ada.seeEnd("unavailable", TIMEOUT);
        proxy.passAll();
        ada.seeMessages(List.of("still here")); // It looks again by itself.
    }

    @Test
    void firstConnectionThatTakesLong_isSaid() {
        createRoom(ada, server.uri(), 5, 2);
        proxy.treat("\\S+ .*/events.*", new Treatment.Hold());
        join(
                ben,
                "Ben",
                linkFrom(ada).replace(server.uri().toString(), proxy.uri().toString()));
        ben.see("connection-strip", "takes longer than usual");
        proxy.passAll();
        ben.click("reconnect");
        ben.seeState("live");
        ben.doNotSee("connection-strip");
    }

    @Test
    void textThatIsNotSent_isThereAfterAVisitElsewhere() {
        createRoom(ada, server.uri(), 5, 2);
        ada.type("composer", "half a text");
        ada.open(server.uri() + "/health");
        ada.driver().navigate().back();
        ada.seeState("live");
        assertThat(ada.inPage("return all('[data-role=composer]')[0].value")).isEqualTo("half a text");
    }

    /** What is wrong with a name moves the button that is clicked, if it is said before the click is over. */
    @Test
    void clickThatLeavesAnEmptyName_counts() {
        ada.open(server.uri() + "/");
        ada.type("name-input", " ");
        ada.inPage("all('[data-role=name-input]')[0].blur()");
        assertThat(ada.inPage(NAME_PROBLEM)).isEqualTo("");
        ada.click("create-room");
        assertThat(ada.inPage(FOCUSED)).isEqualTo("name-input");
        assertThat(ada.inPage(NAME_PROBLEM)).isNotEqualTo("");
        ada.type("name-input", "Ada");
        ada.click("create-room");
        ada.seeState("live");
    }

    @Test
    void textInHebrew_andOneThatIsIndented_areShownAsTheyAreWritten() {
        createRoom(ada, server.uri(), 5, 2);
        ada.type("composer", "\u05e9\u05dc\u05d5\u05dd");
        assertThat(ada.inPage("return all('[data-role=composer]')[0].matches(':dir(rtl)')"))
                .isEqualTo(true);
        ada.click("send");
        ada.say("    indented");
        ada.seeMessages(List.of("\u05e9\u05dc\u05d5\u05dd", "    indented"));
        assertThat(ada.inPage("""
                return all("[data-role=message-text]").map((each) => [each.matches(":dir(rtl)"), getComputedStyle(each).whiteSpaceCollapse])""")).isEqualTo(List.of(List.of(true, "preserve"), List.of(false, "preserve")));
    }

    @Test
    void lifeThatIsChosen_isSeenInForcedColours() {
        ada.driver()
                .executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "forced-colors", "value", "active"))));
        try {
            ada.open(server.uri() + "/");
            ada.see("create-room");
            assertThat(ada.inPage("""
                    const look = (each) => getComputedStyle(each).backgroundColor + getComputedStyle(each).color;
                    const chosen = all(".chip[aria-pressed=true]"), others = all(".chip[aria-pressed=false]");
                    return chosen.length === 1 && others.every((each) => look(each) !== look(chosen[0]))""")).isEqualTo(true);
        } finally {
            ada.driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        }
    }
}
