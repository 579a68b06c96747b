package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.testsupport.WebKitBrowser;
import java.time.Duration;
import org.openqa.selenium.Keys;

/** Somebody with WebKitGTK who looks at the page and clicks. */
final class WebKitVisitor extends WebKitBrowser implements Visitor {

    private WebKitVisitor() {
        super(Duration.ofSeconds(20));
    }

    static WebKitVisitor start() {
        return new WebKitVisitor();
    }

    /** Its driver types no characters beyond 16 bits, so the text is put in. */
    @Override
    public void say(String text) {
        see("composer");
        inPage("""
                const [composer] = all("[data-role=composer]");
                composer.value = arguments[0];
                composer.dispatchEvent(new Event("input"));""", text);
        click("send");
    }

    /** No script may read the clipboard here: it is pasted where messages are written. */
    @Override
    public String copiedText() {
        see("composer");
        all("composer").get(0).sendKeys(Keys.chord(Keys.CONTROL, "v"));
        String pasted = String.valueOf(inPage("return all('[data-role=composer]')[0].value"));
        all("composer").get(0).clear();
        return pasted;
    }
}
