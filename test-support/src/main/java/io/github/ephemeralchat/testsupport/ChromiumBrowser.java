package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium with a profile of its own. */
public class ChromiumBrowser extends DriverPage<ChromeDriver> {

    /** It warns of a protocol version that is not used here. Held, because a logger that nobody holds forgets its level. */
    private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

    static {
        DEVTOOLS.setLevel(Level.SEVERE);
    }

    private final Path profile;

    /**
     * Starts a browser.
     *
     * @param timeout how long it waits for what it is to see
     */
    protected ChromiumBrowser(Duration timeout) {
        this(timeout, LocalMachine.temporaryFolder("chat-browser"));
    }

    private ChromiumBrowser(Duration timeout, Path profile) {
        super(timeout, start(profile));
        this.profile = profile;
    }

    private static ChromeDriver start(Path profile) {
        System.setProperty(
                "webdriver.chrome.driver",
                LocalMachine.installed("chromedriver").toString());
        return new ChromeDriver(options(profile));
    }

    private static ChromeOptions options(Path profile) {
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(LocalMachine.installed("chromium", "chromium-browser", "google-chrome")
                .toString());
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

    /** {@return the warnings and errors since the last time; a refused or broken request is not the page's fault} */
    public final List<String> troubles() {
        return driver().manage().logs().get(LogType.BROWSER).getAll().stream()
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
        driver().executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", phone));
        driver().executeCdpCommand(
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
        Object picture = driver().executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                .get("data");
        Files.write(file, Base64.getDecoder().decode(String.valueOf(picture)));
    }

    /** Ends the browser and deletes its profile. */
    @Override
    public void close() {
        super.close();
        LocalMachine.delete(profile);
    }
}
