package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** A tab in which a host's page uses the browser client. The page notes what its room tells, as {@code page.js} says. */
final class Tab implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(30);

    private final ChromeDriver driver;
    private final String handle;

    private Tab(ChromeDriver driver, String handle) {
        this.driver = driver;
        this.handle = handle;
    }

    static Tab open(Browser browser, URI page) {
        ChromeDriver driver = browser.driver();
        driver.switchTo().window(driver.getWindowHandles().iterator().next());
        driver.switchTo().newWindow(WindowType.TAB);
        driver.manage().timeouts().scriptTimeout(TIMEOUT);
        driver.get(page.toString());
        return new Tab(driver, driver.getWindowHandle());
    }

    /** Runs the body of an async function; its result, or the code (else the name) of the error that it throws. */
    @Nullable
    Object run(String body, Object... args) {
        driver.switchTo().window(handle);
        return driver.executeAsyncScript(
                """
                const args = [...arguments], done = args.pop();
                (async () => {
                  while (!globalThis.tab) await new Promise((resolve) => setTimeout(resolve, 5));
                """ + body
                        + "})().then((value) => done(value ?? null), (error) => done(error instanceof tab.ChatError ? error.code : error.name));",
                args);
    }

    /** Creates a room, follows it, and returns its code. */
    String creates() {
        return String.valueOf(run("return tab.follow(await tab.chat.create({ name: 'Ada' }));"));
    }

    void joins(String code, String name) {
        assertThat(run("return tab.follow(await tab.chat.join(args[0], { name: args[1] }));", code, name))
                .isEqualTo(code);
    }

    /** Follows the room with the seat that the browser has. */
    Tab opens(String code) {
        assertThat(run("return tab.follow(await tab.chat.open(args[0]));", code))
                .isEqualTo(code);
        return this;
    }

    void posts(String text) {
        assertThat(run("return (await tab.room.post(args[0])).text;", text)).isEqualTo(text);
    }

    /** Posts without waiting for what becomes of it. */
    void beginsToPost(String text) {
        run("tab.room.post(args[0]);", text);
    }

    void sees(List<String> texts) {
        eventually(() -> assertThat(run("return tab.seen;")).isEqualTo(texts));
    }

    void sees(List<String> texts, Duration within) {
        await().pollInterval(POLL)
                .atMost(within)
                .untilAsserted(() -> assertThat(run("return tab.seen;")).isEqualTo(texts));
    }

    /** As the browser tells a page that is brought to the front. */
    void isLookedAt() {
        run("document.dispatchEvent(new Event('visibilitychange'));");
    }

    /** As a tab in front of others, or behind them. */
    void isVisible(boolean visible) {
        run("""
                Object.defineProperty(document, "visibilityState", { configurable: true, get: () => args[0] });
                document.dispatchEvent(new Event("visibilitychange"));""", visible ? "visible" : "hidden");
    }

    /** Lets time pass in the page. */
    void pauses(Duration time) {
        run("await new Promise((resolve) => setTimeout(resolve, args[0]));", time.toMillis());
    }

    void seesConnection(String state) {
        eventually(() -> assertThat(run("return tab.room.connection;")).isEqualTo(state));
    }

    void seesEnd(String reason, boolean own) {
        eventually(() -> assertThat(run("return tab.end;")).isEqualTo(Map.of("reason", reason, "own", own)));
    }

    /** Whether this is the tab that keeps the stream for all. */
    boolean leads() {
        return Boolean.TRUE.equals(run("""
                const held = async () => (await navigator.locks.query()).held;
                const me = await navigator.locks.request("me", async () => (await held()).find(({ name }) => name === "me"));
                return (await held()).some(({ name, clientId }) => name !== "me" && clientId === me.clientId);"""));
    }

    /** Whether an event of that type came. */
    boolean wasTold(String type) {
        return Boolean.TRUE.equals(run("return tab.told.some((each) => each.type === args[0]);", type));
    }

    static void eventually(ThrowingRunnable assertion) {
        await().pollInterval(POLL).atMost(TIMEOUT).untilAsserted(assertion);
    }

    void reload() {
        driver.switchTo().window(handle);
        driver.navigate().refresh();
    }

    /** As a browser does with tabs that nobody has looked at for a while. */
    void freeze(boolean frozen) {
        driver.switchTo().window(handle);
        driver.executeCdpCommand("Page.setWebLifecycleState", Map.of("state", frozen ? "frozen" : "active"));
    }

    /** As the system tells a page whose network is gone, or back. */
    void isOffline(boolean offline) {
        driver.switchTo().window(handle);
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of("offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }

    /** Of the whole browser. */
    void clearCookies() {
        driver.switchTo().window(handle);
        driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    }

    @Override
    public void close() {
        driver.switchTo().window(handle);
        driver.close();
        driver.switchTo().window(driver.getWindowHandles().iterator().next());
    }
}
