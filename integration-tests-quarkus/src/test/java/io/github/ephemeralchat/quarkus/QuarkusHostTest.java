package io.github.ephemeralchat.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.SseClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The application on Quarkus that docs/HOSTS.md shows. */
@QuarkusTest
class QuarkusHostTest {

    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final Pattern DOCUMENTED = Pattern.compile("\n## Quarkus\n.*?```java\n(.*?)```", Pattern.DOTALL);

    @TestHTTPResource("/chat")
    URI base;

    @Test
    void twoTalkUntilTheirRoomIsDestroyed() throws Exception {
        ChatClient client = ChatClient.of(base);
        Seat anna = client.create();
        Seat ben = client.join(anna.room());
        try (SseClient stream = ben.stream("", "")) {
            assertThat(stream.status()).isEqualTo(200);
            stream.await("ready", "");
            assertThat(anna.post("hello").status()).isEqualTo(201);
            stream.await("message", "\"hello\"");
            assertThat(anna.destroy().status()).isEqualTo(204);
            stream.await("destroyed", "");
            stream.awaitEnd(Duration.ofSeconds(5));
        }
    }

    @Test
    void theApplicationIsTheDocumentedOne() throws IOException {
        Matcher block = DOCUMENTED.matcher(Files.readString(ROOT.resolve("docs/HOSTS.md")));
        assertThat(block.find()).isTrue();
        List<String> application =
                Stream.of("ChatServlet", "Rooms").flatMap(QuarkusHostTest::code).toList();
        assertThat(application)
                .containsExactlyElementsOf(
                        block.group(1).lines().filter(line -> !line.isBlank()).toList());
    }

    /** A class without its package, its imports, and what only the gates ask for. */
    private static Stream<String> code(String name) {
        try {
            return Files.readAllLines(ROOT.resolve("integration-tests-quarkus/src/main/java")
                            .resolve(QuarkusHostTest.class.getPackageName().replace('.', '/'))
                            .resolve(name + ".java"))
                    .stream()
                    .filter(line -> !line.isBlank() && !line.matches("(package |import |@SuppressWarnings).*"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
