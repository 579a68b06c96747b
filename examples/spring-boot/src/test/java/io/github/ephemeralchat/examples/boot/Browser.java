package io.github.ephemeralchat.examples.boot;

import io.github.ephemeralchat.tck.Await;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;

/** A browser with a profile of its own: a user of the shop who looks and clicks. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** It warns of a protocol version that is not used here. Held, because a logger that nobody holds forgets its level. */
    private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

    static {
        DEVTOOLS.setLevel(Level.SEVERE);
    }

    private final Path profile;
    private final ChromeDriver driver;

    private Browser(Path profile) {
        this.profile = profile;
        ChromeOptions options = new ChromeOptions();
        options.setBinary(onPath("chromium", "chromium-browser", "google-chrome"));
        this.driver = new ChromeDriver(options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile));
    }

    static Browser start() throws IOException {
        System.setProperty("webdriver.chrome.driver", onPath("chromedriver").getPath());
        return new Browser(Files.createTempDirectory("shop-browser"));
    }

    private static File onPath(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(folder -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(names[0] + " is not installed; etc/test-tools does that"));
    }

    void look(int width, int height, boolean phone, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", phone));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void logIn(String shop, String user) {
        driver.get(shop);
        driver.findElement(By.name("username")).sendKeys(user);
        driver.findElement(By.name("password")).sendKeys(user);
        driver.findElement(By.cssSelector("button[type=submit]")).click();
    }

    void click(String role) {
        eventually(role, () -> {
            driver.findElement(By.cssSelector("[data-role='" + role + "']")).click();
            return true;
        });
    }

    void say(String text) {
        eventually("composer", () -> {
            driver.findElement(By.cssSelector("[data-role='composer']")).sendKeys(text);
            return true;
        });
        click("send");
        seeMessage(text);
    }

    void seeMessage(String text) {
        eventually(text, () -> texts("message").contains(text));
    }

    void see(String role, String part) {
        eventually(part, () -> texts(role).stream().anyMatch(text -> text.contains(part)));
    }

    /** What all elements with this role say, read in one step so that none of them changes meanwhile. */
    @SuppressWarnings("unchecked")
    List<String> texts(String role) {
        return (List<String>) driver.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)",
                "[data-role='" + role + "']");
    }

    void reload() {
        driver.navigate().refresh();
    }

    void picture(Path file) throws IOException {
        String picture = (String) driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                .get("data");
        Files.write(file, Base64.getDecoder().decode(picture));
    }

    private interface Condition {
        boolean holds();
    }

    private static void eventually(String what, Condition condition) {
        Await.until(PATIENCE, what, () -> {
            try {
                return condition.holds();
            } catch (WebDriverException e) {
                return false; // It is not there yet.
            }
        });
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
