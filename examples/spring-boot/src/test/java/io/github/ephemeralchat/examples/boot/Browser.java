package io.github.ephemeralchat.examples.boot;

import io.github.ephemeralchat.testsupport.ChromiumBrowser;
import java.time.Duration;
import org.openqa.selenium.By;

/** A browser with a profile of its own: a user of the shop who looks and clicks. */
final class Browser extends ChromiumBrowser {

    private Browser() {
        super(Duration.ofSeconds(20));
    }

    static Browser start() {
        return new Browser();
    }

    void logIn(String shop, String user) {
        open(shop);
        driver().findElement(By.name("username")).sendKeys(user);
        driver().findElement(By.name("password")).sendKeys(user);
        driver().findElement(By.cssSelector("button[type=submit]")).click();
    }

    void say(String text) {
        type("composer", text);
        click("send");
        seeMessage(text);
    }

    void seeMessage(String text) {
        eventually(text).until(() -> texts("message-text").contains(text));
    }
}
