package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** In the page: who is typing, and who is connected. */
class PageSignalsTest extends TwoPeople {

    /** A browser whose stream came late asks by short responses, and counts as connected for 35 s after the last one. */
    private static final Duration UNTIL_AWAY = Duration.ofSeconds(45);

    private static final String LOG = "return all('[data-role=message-list]')[0].getBoundingClientRect().height";

    private static void seesTyping(Browser who, String text) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(who.inPage("return all('[data-role=typing]')[0].textContent"))
                        .isEqualTo(text));
    }

    /** What the members' panel shows of each, and a screen reader says. */
    private static void seesPresence(Browser who, String... words) {
        await().atMost(UNTIL_AWAY)
                .untilAsserted(() -> assertThat(who.inPage("""
                                return all('[data-role=presence]').map((each) => each.getClientRects().length > 0 && each.textContent)""")).isEqualTo(List.of(words)));
    }

    @Test
    void typingIsSeen_untilTheMessageComes_orNothingIsWrittenAnyMore() {
        createRoom(ada, server.uri(), 5, 3);
        benJoinsThroughTheLink();
        Object height = ben.inPage(LOG);
        ada.type("composer", "I am about to");
        seesTyping(ben, "Ada is typing…");
        seesTyping(ada, "");
        assertThat(ben.inPage(LOG)).isEqualTo(height);
        assertThat(ben.inPage("return all('[data-role=typing]')[0].closest('[aria-live], [role=status], [role=log]')"))
                .isNull();
        ada.click("send");
        ben.seeMessages(List.of("I am about to"));
        seesTyping(ben, "");

        ben.type("composer", "no");
        seesTyping(ada, "Ben is typing…");
        ben.all("composer").get(0).sendKeys(Keys.BACK_SPACE, Keys.BACK_SPACE);
        seesTyping(ada, "");
    }

    @Test
    void presenceIsSeenInThePanel_andHeard() {
        createRoom(ada, server.uri(), 5, 3);
        benJoinsThroughTheLink();
        seesPresence(ada, "here", "here");
        assertThat(ada.text("seats")).isEqualTo("2 of 3 seats, 2 here now");
        ben.reload();
        ben.seeState("live");
        seesPresence(ben, "here", "here");
        network.cut();
        seesPresence(ada, "here", "away");
        assertThat(ada.text("seats")).isEqualTo("2 of 3 seats, 1 here now");
        network.mend();
        seesPresence(ada, "here", "here");
    }
}
