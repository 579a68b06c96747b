package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.testsupport.FirefoxBrowser;
import io.github.ephemeralchat.testsupport.FirefoxPage;
import java.time.Duration;

/** Somebody with Firefox who looks at the page and clicks. */
final class FirefoxVisitor extends FirefoxPage implements Visitor {

    FirefoxVisitor(FirefoxBrowser browser) {
        super(browser, Duration.ofSeconds(10));
    }

    @Override
    public String copiedText() {
        return String.valueOf(inPage("return navigator.clipboard.readText()"));
    }
}
