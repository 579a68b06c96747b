package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first Java snippet, as a reader would paste it. */
class ReadmeSnippetTest {

    @Test
    void theSnippetIsShortCompilesAndDoesWhatItSays(@TempDir Path directory) throws Exception {
        String readme = Files.readString(Path.of(System.getProperty("project.root"), "README.md"));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(block.find()).as("the README has a Java snippet").isTrue();
        List<String> lines = block.group(1).lines().toList();
        assertThat(lines).hasSizeLessThanOrEqualTo(12);

        Path source = directory.resolve("Snippet.java");
        Files.writeString(source, """
                import io.github.ephemeralchat.*;
                import io.github.ephemeralchat.memory.MemoryRoomStore;
                import java.time.Duration;
                public class Snippet {
                    public static void main(String[] args) throws Exception {
                %s
                        Thread.sleep(500);
                    }
                }
                """.formatted(String.join("\n", lines)));
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, errors, "-Xlint:all,-processing", "-proc:none", "-Werror", source.toString());
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(outputOf(directory)).contains("hello");
    }

    private static String outputOf(Path directory) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {directory.toUri().toURL()});
                PrintStream capture = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            loader.loadClass("Snippet").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}
