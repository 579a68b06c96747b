package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The application of docs/GETTING-STARTED.md in two browsers. (How it is built, {@code etc/consumer} tries.) */
class GettingStartedTest {

    private static final String ADDRESS = "chat is at ";

    @TempDir
    private Path project;

    private Path write(String file) throws IOException {
        String guide = Files.readString(Path.of(System.getProperty("project.root"), "docs", "GETTING-STARTED.md"));
        Matcher block = Pattern.compile(
                        "<!-- checked by etc/consumer as " + Pattern.quote(file) + " -->\n```\\w+\n(.*?)```",
                        Pattern.DOTALL)
                .matcher(guide);
        assertThat(block.find()).as(file).isTrue();
        Path target = project.resolve(file);
        Files.createDirectories(target.getParent());
        return Files.writeString(target, block.group(1));
    }

    private Process start() throws IOException {
        String path = System.getProperty("java.class.path");
        Path source = write("src/main/java/app/Main.java");
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-cp", path, "-d", project.toString(), source.toString());
        assertThat(status).isZero();
        write("web/index.html");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dport=0",
                        "-cp",
                        project + System.getProperty("path.separator") + path,
                        "app.Main")
                .directory(project.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void twoBrowsersTalkOnThePageOfTheGuide() throws Exception {
        Process application = start();
        try (Browser anna = Browser.start();
                Browser ben = Browser.start()) {
            String line = application.inputReader(StandardCharsets.UTF_8).readLine();
            assertThat(line).startsWith(ADDRESS);
            anna.open(line.substring(ADDRESS.length()));
            await().until(() -> anna.address().matches(".*#\\w{8}"));
            ben.open(anna.address());
            sees(anna, 2, "is here");
            ben.driver().findElement(By.id("text")).sendKeys("hello, <b>Anna</b>");
            ben.driver().findElement(By.cssSelector("button")).click();
            sees(anna, 1, ": hello, <b>Anna</b>");
            sees(ben, 1, ": hello, <b>Anna</b>");
            assertThat(anna.troubles()).isEmpty();
            assertThat(ben.troubles()).isEmpty();
        } finally {
            application.destroyForcibly();
        }
    }

    private static void sees(Browser browser, int times, String end) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(browser.driver().findElements(By.cssSelector("#log li")))
                        .filteredOn(item -> item.getText().endsWith(end))
                        .hasSize(times));
    }
}
