package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** Messages in the page that end before their room: by clicks, and by keys. */
class PageForgetTest extends TwoPeople {

    private static final String TEXTS = "return all('[data-role=message-text]').map((each) => each.textContent)";

    private static List<?> textsOf(Browser who) {
        return (List<?>) who.inPage(TEXTS);
    }

    private static void sees(Browser who, String... texts) {
        await().untilAsserted(() -> assertThat(textsOf(who)).isEqualTo(List.of(texts)));
    }

    private static void choose(Browser who, String role, String value) {
        who.inPage("""
                const one = all(`[data-role=${arguments[0]}]`)[0];
                one.value = arguments[1];
                one.dispatchEvent(new Event("change", { bubbles: true }));
                """, role, value);
    }

    /** Where a picture is wanted, to be judged by eye. */
    private static void picture(Browser who, String name) throws IOException {
        String folder = System.getProperty("test.pictures");
        if (folder != null) {
            Files.createDirectories(Path.of(folder));
            for (String scheme : List.of("light", "dark")) {
                who.look(1000, 700, false, scheme);
                who.picture(Path.of(folder, name + "-" + scheme + ".png"));
                who.look(360, 740, true, scheme);
                who.picture(Path.of(folder, name + "-phone-" + scheme + ".png"));
            }
            who.look(1000, 700, false, "light");
        }
    }

    @Test
    void deletedMessage_isGoneOnBothScreens() throws IOException {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        ben.say("by Ben");
        ben.say("by Ben as well");
        sees(ada, "by Ben", "by Ben as well");
        assertThat(ben.attribute("message-list", "data-may-delete")).isEqualTo("own");
        assertThat(ada.attribute("message-list", "data-may-delete")).isEqualTo("all");

        new Actions(ben.driver()).moveToElement(ben.all("message-text").get(0)).perform();
        ben.click("delete-message");
        ben.see("confirm");
        picture(ben, "delete");
        ben.click("confirm");
        ada.see("gone", "Deleted");
        sees(ada, "by Ben as well");
        sees(ben, "by Ben as well");

        // The owner, by keys: the button of the message that is left.
        ada.inPage("all('[data-role=delete-message]')[0].focus()");
        new Actions(ada.driver()).sendKeys(Keys.ENTER).perform();
        ada.see("confirm");
        new Actions(ada.driver()).sendKeys(Keys.TAB, Keys.ENTER).perform();
        sees(ben);
        sees(ada);
        assertThat(ada.driver().executeScript("return document.activeElement.shadowRoot?.activeElement?.dataset.role"))
                .isEqualTo("message-list");
        picture(ada, "deleted");
    }

    @Test
    void messageToReadOnce_isReadByOne_andTheSenderSeesWhatIsLeft() throws IOException {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        ada.click("message-life");
        ada.click("message-once");
        choose(ada, "message-readers", "2");
        picture(ada, "life");
        ada.say("for two of you");
        ada.see("claims-left", "2 more may read this");
        ben.see("claim", "2 left");
        picture(ben, "claim");
        assertThat(textsOf(ben)).isEmpty();

        ben.click("claim");

        sees(ben, "for two of you");
        ada.see("claims-left", "1 more may read this");
        assertThat(textsOf(ada)).isEmpty();
        ben.reload();
        ben.see("claim", "1 left");
        // The choice was for one message.
        ada.say("for all");
        sees(ben, "for all");
    }

    @Test
    void messageOfAShortLife_saysWhenItGoes_andGoes() throws IOException {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        sayForFiveSeconds(ada, "short");
        sees(ben, "short");
        assertThat(ben.text("until")).matches("Goes at \\d\\d:\\d\\d");
        picture(ben, "short");
        ben.see("gone", "Its time was over");
        ada.see("gone", "Its time was over");
        sees(ada);
        sees(ben);
    }

    private static void sayForFiveSeconds(Browser who, String text) {
        who.click("message-life");
        who.inPage("all('[data-role=message-ttl]')[0].append(new Option('5 s', '5'))");
        choose(who, "message-ttl", "5");
        who.say(text);
    }

    @Test
    void ownMessageOfAShortLife_goes_thoughNoStreamComes() {
        createRoom(ada, server.uri(), 5, 2);
        ada.driver().executeCdpCommand("Network.enable", Map.of());
        ada.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of("*/rooms/*/events*")));
        ada.reload();
        sayForFiveSeconds(ada, "short");
        sees(ada, "short");
        ada.see("gone", "Its time was over");
        sees(ada);
        ada.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of()));
    }

    @Test
    void claimedMessageOfAShortLife_goesFromTheScreenOfWhoeverHasClaimedIt() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        ada.click("message-life");
        ada.click("message-once");
        ada.inPage("all('[data-role=message-ttl]')[0].append(new Option('5 s', '5'))");
        choose(ada, "message-ttl", "5");
        ada.say("for one of you");
        ben.click("claim");
        sees(ben, "for one of you");
        ben.see("gone", "Its time was over");
        sees(ben);
    }

    @Test
    void messageThatIsStored_isNotKeptInTheTab() {
        createRoom(ada, server.uri(), 5, 2);
        benJoinsThroughTheLink();
        ada.say("to be kept nowhere");
        sees(ben, "to be kept nowhere");
        await().untilAsserted(() -> assertThat(
                        String.valueOf(ada.driver().executeScript("return Object.values(sessionStorage).join()")))
                .doesNotContain("nowhere"));
    }

    @Test
    void roomWhoseMessagesGo_isMadeInTheLobby() throws IOException {
        ada.open(server.uri() + "/");
        ada.see("messages-stay");
        choose(ada, "messages-stay", "30");
        picture(ada, "lobby");
        ada.click("create-room");
        ada.see("room-code");
        ada.say("usual");
        sees(ada, "usual");
        assertThat(ada.text("until")).startsWith("Goes at");
    }
}
