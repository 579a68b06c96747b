package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A browser with a profile of its own: somebody who looks at the page and clicks. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    /** It warns of a protocol version that is not used here. Held, because a logger that nobody holds forgets its level. */
    private static final Logger devtools = Logger.getLogger("org.openqa.selenium.devtools");

    static {
        devtools.setLevel(Level.SEVERE);
    }

    private final Path profile;
    private final ChromeDriver driver;

    private Browser(Path profile, ChromeDriver driver) {
        this.profile = profile;
        this.driver = driver;
    }

    static Browser start() throws IOException {
        Path profile = Files.createTempDirectory("chat-browser");
        System.setProperty("webdriver.chrome.driver", onPath("chromedriver").getPath());
        return new Browser(profile, new ChromeDriver(options(profile)));
    }

    private static ChromeOptions options(Path profile) {
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(onPath("chromium", "chromium-browser", "google-chrome"));
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

    private static File onPath(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(names[0] + " is not installed; etc/test-tools does that"));
    }

    // ---- What a person does ----

    void open(String address) {
        driver.get(address);
    }

    void reload() {
        driver.navigate().refresh();
    }

    void click(String role) {
        see(role);
        eventually(() -> one(role).click());
    }

    void type(String role, String text) {
        see(role);
        WebElement field = one(role);
        field.clear();
        field.sendKeys(text);
    }

    void say(String text) {
        type("composer", text);
        click("send");
    }

    String copiedText() {
        driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        return (String) driver.executeAsyncScript("navigator.clipboard.readText().then(arguments[0])");
    }

    // ---- What a person sees ----

    void see(String role) {
        eventually(() -> assertThat(all(role)).as(role).anyMatch(WebElement::isDisplayed));
    }

    void seeState(String state) {
        eventually(
                () -> assertThat(attribute("connection-status", "data-state")).isEqualTo(state));
    }

    void seeMessages(List<String> texts) {
        eventually(() -> assertThat(texts("message-text")).isEqualTo(texts));
    }

    void seeMembers(String... names) {
        eventually(() -> assertThat(texts("member"))
                .hasSize(names.length)
                .allSatisfy(text -> assertThat(names).anyMatch(text::contains)));
    }

    void seeEnd(String reason, Duration within) {
        await().pollInterval(POLL)
                .atMost(within)
                .untilAsserted(
                        () -> assertThat(attribute("ended-view", "data-reason")).isEqualTo(reason));
    }

    String text(String role) {
        see(role);
        return one(role).getText();
    }

    /** What all elements with this role say, read in one step so that none of them changes meanwhile. */
    @SuppressWarnings("unchecked")
    List<String> texts(String role) {
        return (List<String>) driver.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)", selector(role));
    }

    String attribute(String role, String name) {
        Object value = ((JavascriptExecutor) driver)
                .executeScript(
                        "return document.querySelector(arguments[0])?.getAttribute(arguments[1])",
                        selector(role),
                        name);
        return String.valueOf(value);
    }

    String address() {
        return driver.getCurrentUrl();
    }

    /** What went wrong in the page since the last time. A refused or broken request is not the page's fault. */
    List<String> troubles() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("Failed to load resource") && !message.contains("net::ERR_"))
                .toList();
    }

    ChromeDriver driver() {
        return driver;
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().pollInterval(POLL).atMost(PATIENCE).ignoreExceptions().untilAsserted(assertion);
    }

    private WebElement one(String role) {
        return driver.findElement(By.cssSelector(selector(role)));
    }

    private List<WebElement> all(String role) {
        return driver.findElements(By.cssSelector(selector(role)));
    }

    private static String selector(String role) {
        return "[data-role='" + role + "']";
    }

    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
