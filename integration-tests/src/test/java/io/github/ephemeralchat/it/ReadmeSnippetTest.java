package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The README's Java, as a reader would paste it. */
@Isolated("it takes over System.out")
class ReadmeSnippetTest {

    private static final String IMPORTS = """
            import io.github.ephemeralchat.*;
            import io.github.ephemeralchat.memory.MemoryRoomStore;
            import io.github.ephemeralchat.sse.*;
            import jakarta.servlet.*;
            import java.time.Duration;
            """;

    @TempDir
    private Path directory;

    private static List<String> blocks() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("project.root"), "README.md"));
        return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(readme)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    @Test
    void theFirstSnippetIsShortAndDoesWhatItSays() throws Exception {
        String block = blocks().get(0);
        assertThat(block.lines()).hasSizeLessThanOrEqualTo(12);
        compile(
                "Snippet",
                "public static void main(String[] args) throws Exception { " + block + " Thread.sleep(500); }");
        assertThat(output("Snippet")).isEqualTo("Ben: hello\n");
    }

    @Test
    void theOthersCompileInsideAnApplicationThatHasRoomsAndAServletContext() throws IOException {
        List<String> others = blocks().subList(1, blocks().size());
        assertThat(others).isNotEmpty();
        for (int i = 0; i < others.size(); i++) {
            compile(
                    "Other" + i,
                    "void use(EphemeralChatService chat, ServletContext context) { " + others.get(i) + " }");
        }
    }

    private void compile(String name, String method) throws IOException {
        Path source = directory.resolve(name + ".java");
        Files.writeString(source, IMPORTS + "public class " + name + " { " + method + " }");
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        // path: Surefire names folders that do not exist.
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, errors, "-Xlint:all,-processing,-path", "-proc:none", "-Werror", source.toString());
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
    }

    private String output(String name) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                        new URLClassLoader(new URL[] {directory.toUri().toURL()});
                PrintStream capture = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(before);
        }
        return output.toString(StandardCharsets.UTF_8);
    }
}
