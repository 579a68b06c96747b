package io.github.ephemeralchat.testsupport;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.remote.RemoteWebDriver;

/**
 * A page in a browser that has a driver.
 *
 * @param <D> the driver
 */
public abstract class DriverPage<D extends RemoteWebDriver> implements WebPage {

    private static final Duration POLL = Duration.ofMillis(20);

    private final Duration timeout;
    private final D driver;

    DriverPage(Duration timeout, D driver) {
        this.timeout = timeout;
        this.driver = driver;
    }

    @Override
    public final void open(String address) {
        driver.get(address);
    }

    @Override
    public final void reload() {
        driver.navigate().refresh();
    }

    @Override
    public final String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    @Override
    public final void click(String role) {
        see(role);
        eventually("click on " + role).untilAsserted(() -> one(role).click());
    }

    @Override
    public final void type(String role, String text) {
        see(role);
        WebElement field = one(role);
        field.clear();
        field.sendKeys(text);
    }

    @Override
    public final void see(String role) {
        eventually(role).until(() -> all(role).stream().anyMatch(WebElement::isDisplayed));
    }

    @Override
    public final String text(String role) {
        see(role);
        return one(role).getText();
    }

    @Override
    public final @Nullable Object inPage(String script, Object... arguments) {
        return driver.executeScript(PageScript.FIND + script, arguments);
    }

    /**
     * {@return all elements with a role}
     *
     * @param role their role
     */
    @SuppressWarnings("unchecked")
    public final List<WebElement> all(String role) {
        return (List<WebElement>) Objects.requireNonNull(inPage("return all(arguments[0])", PageScript.css(role)));
    }

    /** {@return what drives the browser} */
    public final D driver() {
        return driver;
    }

    @Override
    public final ConditionFactory eventually(String what) {
        return Awaitility.await(what).pollInterval(POLL).atMost(timeout).ignoreExceptions();
    }

    private WebElement one(String role) {
        return all(role).get(0);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
