package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.ChromiumBrowser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.WebElement;

/** Chromium with a profile of its own: somebody who looks at the page and clicks. */
final class Browser extends ChromiumBrowser implements Visitor {

    private Browser() {
        super(Duration.ofSeconds(10));
    }

    static Browser start() {
        return new Browser();
    }

    @Override
    public String copiedText() {
        driver().executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        return (String) driver().executeAsyncScript("navigator.clipboard.readText().then(arguments[0])");
    }

    /** Enters wrong passcodes until the room makes newcomers wait: from the eleventh on, for longer each time. */
    void keepsGuessing() {
        for (int wrong = 1; !text("invite-view").contains("Too many wrong"); wrong++) {
            assertThat(wrong).isLessThan(20);
            type("passcode-input", "wrong " + wrong);
            click("invite-join");
            eventually("an answer")
                    .until(() -> text("invite-view").matches("(?s).*(not the passcode|Too many wrong).*"));
        }
    }

    /** Waits for what moves on the page, but for the fuse, which burns all the time. */
    void settles() {
        eventually("rest")
                .until(
                        () -> Boolean.TRUE.equals(
                                inPage(
                                        "return [document, ...all('ephemeral-chat').map(({ shadowRoot }) => shadowRoot)].flatMap((each) => each.getAnimations()).every(({ playState, effect }) => playState !== 'running' || effect.target.closest('.fuse'))")));
    }

    void sees(String role, String attribute, String value) {
        eventually(role)
                .untilAsserted(() -> assertThat(attribute(role, attribute)).isEqualTo(value));
    }

    void doNotSee(String role) {
        eventually("no " + role).until(() -> all(role).stream().noneMatch(WebElement::isDisplayed));
    }
}
