package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** E11: Redis's time is all that counts. */
class StoreTimeTest {

    /** A node whose wall clock is an hour off: nothing here ever looks at it. */
    @Test
    void noClassAsksTheWallClock() throws IOException {
        Path classes = Path.of("target");
        List<Path> ours;
        try (Stream<Path> files = Files.walk(classes)) {
            ours = files.filter(
                            file -> file.toString().matches(".*classes/io/github/ephemeralchat/redis/[^/]*\\.class"))
                    .filter(file -> !file.toString().contains("test-classes"))
                    .toList();
        }
        assertThat(ours).isNotEmpty().allSatisfy(file -> {
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(content)
                    .doesNotContain("currentTimeMillis")
                    .doesNotContain("java/time/Clock")
                    .doesNotContain("java/time/InstantSource")
                    .doesNotContain("java/util/Date")
                    .doesNotContain("()Ljava/time/LocalDateTime");
        });
    }
}
