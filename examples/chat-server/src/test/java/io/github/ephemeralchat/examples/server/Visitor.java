package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.WebPage;
import java.time.Duration;
import java.util.List;

/** Somebody who looks at the page and clicks, in whatever browser. */
interface Visitor extends WebPage {

    /** {@return what the page has put on the clipboard} */
    String copiedText();

    default void say(String text) {
        type("composer", text);
        click("send");
    }

    default void seeState(String state) {
        eventually(state)
                .untilAsserted(() ->
                        assertThat(attribute("connection-status", "data-state")).isEqualTo(state));
    }

    default void seeMessages(List<String> texts) {
        eventually("messages")
                .untilAsserted(() -> assertThat(texts("message-text")).isEqualTo(texts));
    }

    default void seeMembers(String... names) {
        eventually("members")
                .untilAsserted(() -> assertThat(texts("member"))
                        .hasSize(names.length)
                        .allSatisfy(text -> assertThat(names).anyMatch(text::contains)));
    }

    default void seeEnd(String reason, Duration within) {
        eventually(reason)
                .atMost(within)
                .untilAsserted(
                        () -> assertThat(attribute("ended-view", "data-reason")).isEqualTo(reason));
    }
}
