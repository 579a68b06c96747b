package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.openqa.selenium.MutableCapabilities;
import org.openqa.selenium.remote.RemoteWebDriver;

/** WebKitGTK's small browser, with the driver that comes with it. It needs a display, and keeps nothing. */
public class WebKitBrowser extends DriverPage<RemoteWebDriver> {

    private static final Duration START = Duration.ofSeconds(40);
    private static final long END_SECONDS = 10;

    private final Process process;

    /**
     * Starts a browser.
     *
     * @param timeout how long it waits for what it is to see
     */
    protected WebKitBrowser(Duration timeout) {
        this(timeout, LocalMachine.freePort());
    }

    private WebKitBrowser(Duration timeout, int port) {
        this(timeout, port, start(port));
    }

    private WebKitBrowser(Duration timeout, int port, Process process) {
        super(timeout, connect(port, process));
        this.process = process;
    }

    private static Process start(int port) {
        try {
            return new ProcessBuilder(LocalMachine.installed("WebKitWebDriver").toString(), "--port=" + port)
                    .inheritIO()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RemoteWebDriver connect(int port, Process process) {
        try {
            return Awaitility.await("a session")
                    .atMost(START)
                    .ignoreExceptions()
                    .until(() -> session(port), driver -> true);
        } catch (RuntimeException e) {
            process.destroy();
            throw e;
        }
    }

    private static RemoteWebDriver session(int port) throws IOException {
        return new RemoteWebDriver(
                URI.create("http://127.0.0.1:" + port).toURL(),
                new MutableCapabilities(Map.of("browserName", "MiniBrowser")));
    }

    /** Ends the browser and its driver. */
    @Override
    public void close() {
        super.close();
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
