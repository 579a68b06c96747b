package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.bidi.BiDi;
import org.openqa.selenium.bidi.Command;
import org.openqa.selenium.bidi.Connection;
import org.openqa.selenium.bidi.Event;
import org.openqa.selenium.remote.http.ClientConfig;
import org.openqa.selenium.remote.http.HttpClient;

/** Firefox without a window. It speaks WebDriver BiDi itself, so there is no driver between. */
public final class FirefoxBrowser implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("WebDriver BiDi listening on (ws://\\S+)");
    private static final Duration START = Duration.ofSeconds(40);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long END_SECONDS = 10;
    private static final Set<String> TROUBLE = Set.of("warn", "error");

    /** A page may use the clipboard without a question; nothing is asked of the network. */
    private static final List<String> PREFERENCES = List.of(
            "user_pref(\"dom.events.testing.asyncClipboard\", true);",
            "user_pref(\"network.captive-portal-service.enabled\", false);",
            "user_pref(\"network.connectivity-service.enabled\", false);");

    private final Path profile;
    private final Process process;
    private final BiDi bidi;

    private FirefoxBrowser(Path profile, Process process, BiDi bidi) {
        this.profile = profile;
        this.process = process;
        this.bidi = bidi;
    }

    /** {@return a browser in which nobody has a page yet} */
    public static FirefoxBrowser start() {
        Path profile = LocalMachine.temporaryFolder("chat-firefox");
        Path output = profile.resolve("output.txt");
        try {
            Files.write(profile.resolve("user.js"), PREFERENCES);
            Process process = new ProcessBuilder(
                            LocalMachine.installed("firefox-esr", "firefox").toString(),
                            "--headless",
                            "--no-remote",
                            "--remote-debugging-port=0",
                            "--profile",
                            profile.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new FirefoxBrowser(profile, process, session(process, output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BiDi session(Process process, Path output) {
        try {
            return connect(address(process, output));
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static String address(Process process, Path output) {
        return Awaitility.await("Firefox")
                .atMost(START)
                .failFast("Firefox ended", () -> !process.isAlive())
                .until(() -> ADDRESS.matcher(Files.readString(output)), Matcher::find)
                .group(1);
    }

    private static BiDi connect(String address) {
        HttpClient client = HttpClient.Factory.createDefault()
                .createClient(ClientConfig.defaultConfig().baseUri(URI.create(address)));
        BiDi bidi = new BiDi(new Connection(client, address + "/session"), TIMEOUT);
        bidi.send(new Command<>("session.new", Map.of("capabilities", Map.of())));
        return bidi;
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> send(String method, Map<String, Object> parameters) {
        return bidi.send(new Command<>(method, parameters, result -> (Map<String, Object>) result));
    }

    /** {@return the warnings and errors of a page, added to as they come} */
    Queue<String> troubles(String context) {
        Queue<String> troubles = new ConcurrentLinkedQueue<>();
        bidi.addListener(context, new Event<>("log.entryAdded", entry -> entry), entry -> {
            if (TROUBLE.contains(String.valueOf(entry.get("level")))) {
                troubles.add(String.valueOf(entry.get("text")));
            }
        });
        return troubles;
    }

    /** Ends the browser and deletes its profile. */
    @Override
    public void close() {
        try {
            send("browser.close", Map.of());
        } catch (WebDriverException e) {
            process.destroy();
        }
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        bidi.close();
        LocalMachine.delete(profile);
    }
}
