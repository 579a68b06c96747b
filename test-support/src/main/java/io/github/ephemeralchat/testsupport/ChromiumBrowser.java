package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A browser with a profile of its own, for pages that name their elements in {@code data-role}. They are found inside custom
 * elements too.
 */
public class ChromiumBrowser implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);

    /** Finds all elements of a selector, those in the shadow trees of others too, in the document's order. */
    private static final String FIND = """
            const find = (root, selector) => [...root.querySelectorAll("*")].flatMap((each) =>
              [...(each.matches(selector) ? [each] : []), ...(each.shadowRoot ? find(each.shadowRoot, selector) : [])]);
            const all = (selector) => find(document, selector);
            """;

    /** It warns of a protocol version that is not used here. Held, because a logger that nobody holds forgets its level. */
    private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

    static {
        DEVTOOLS.setLevel(Level.SEVERE);
    }

    private final Path profile = LocalMachine.temporaryFolder("chat-browser");
    private final Duration timeout;
    private final ChromeDriver driver;

    /**
     * Starts a browser.
     *
     * @param timeout how long it waits for what it is to see
     */
    protected ChromiumBrowser(Duration timeout) {
        this.timeout = timeout;
        System.setProperty("webdriver.chrome.driver", program("chromedriver"));
        this.driver = new ChromeDriver(options(profile));
    }

    private static ChromeOptions options(Path profile) {
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium", "chromium-browser", "google-chrome"));
        options.setCapability("goog:loggingPrefs", logging);
        return options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1200,800",
                "--user-data-dir=" + profile);
    }

    private static String program(String... names) {
        return LocalMachine.program(names)
                .orElseThrow(() -> new IllegalStateException(names[0] + " is not installed; etc/test-tools does that"))
                .toString();
    }

    /**
     * Opens a page.
     *
     * @param address its address
     */
    public final void open(String address) {
        driver.get(address);
    }

    /** Loads the page again. */
    public final void reload() {
        driver.navigate().refresh();
    }

    /**
     * Clicks on an element, once it can be seen.
     *
     * @param role its role
     */
    public final void click(String role) {
        see(role);
        eventually("click on " + role).untilAsserted(() -> one(role).click());
    }

    /**
     * Types into a field, once it can be seen, in place of what is in it.
     *
     * @param role its role
     * @param text what is typed
     */
    public final void type(String role, String text) {
        see(role);
        WebElement field = one(role);
        field.clear();
        field.sendKeys(text);
    }

    /**
     * Waits until an element can be seen.
     *
     * @param role its role
     */
    public final void see(String role) {
        eventually(role).until(() -> all(role).stream().anyMatch(WebElement::isDisplayed));
    }

    /**
     * Waits until an element has a text.
     *
     * @param role its role
     * @param part what its text contains
     */
    public final void see(String role, String part) {
        eventually(part).until(() -> texts(role).stream().anyMatch(text -> text.contains(part)));
    }

    /**
     * {@return the texts of all elements with a role, read in one step so that none of them changes meanwhile}
     *
     * @param role their role
     */
    @SuppressWarnings("unchecked")
    public final List<String> texts(String role) {
        return (List<String>)
                Objects.requireNonNull(inPage("return all(arguments[0]).map((each) => each.textContent)", css(role)));
    }

    /**
     * {@return the text of an element, once it can be seen}
     *
     * @param role its role
     */
    public final String text(String role) {
        see(role);
        return one(role).getText();
    }

    /**
     * {@return an attribute's value, or {@code null} as a text}
     *
     * @param role the role of the element
     * @param name the name of the attribute
     */
    public final String attribute(String role, String name) {
        return String.valueOf(inPage("return all(arguments[0])[0]?.getAttribute(arguments[1])", css(role), name));
    }

    /**
     * {@return what a script in the page returns}
     *
     * @param script its body, for which {@code all(selector)} finds elements in shadow trees too
     * @param arguments its {@code arguments}
     */
    public final @Nullable Object inPage(String script, Object... arguments) {
        return driver.executeScript(FIND + script, arguments);
    }

    /**
     * {@return all elements with a role}
     *
     * @param role their role
     */
    @SuppressWarnings("unchecked")
    public final List<WebElement> all(String role) {
        return (List<WebElement>) Objects.requireNonNull(inPage("return all(arguments[0])", css(role)));
    }

    /** {@return the address of the page} */
    public final String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    /** {@return the warnings and errors since the last time; a refused or broken request is not the page's fault} */
    public final List<String> troubles() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("Failed to load resource") && !message.contains("net::ERR_"))
                .toList();
    }

    /**
     * Pretends to be a device.
     *
     * @param width of the screen
     * @param height of the screen
     * @param phone whether it is a phone
     * @param scheme {@code light} or {@code dark}
     */
    public final void look(int width, int height, boolean phone, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", phone));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /**
     * Writes a picture of the page, in the format PNG.
     *
     * @param file where to
     * @throws IOException if it cannot be written
     */
    public final void picture(Path file) throws IOException {
        Object picture = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                .get("data");
        Files.write(file, Base64.getDecoder().decode(String.valueOf(picture)));
    }

    /** {@return what drives the browser} */
    public final ChromeDriver driver() {
        return driver;
    }

    /**
     * {@return a wait that fails after this browser's time-out; what cannot be asked yet is asked again}
     *
     * @param what what is awaited, for the failure's message
     */
    protected final ConditionFactory eventually(String what) {
        return Awaitility.await(what).pollInterval(POLL).atMost(timeout).ignoreExceptions();
    }

    private WebElement one(String role) {
        return all(role).get(0);
    }

    private static String css(String role) {
        return "[data-role='" + role + "']";
    }

    /** Ends the browser and deletes its profile. */
    @Override
    public void close() {
        driver.quit();
        LocalMachine.delete(profile);
    }
}
