package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples in Javadoc compile as parts of a configuration. (docs/SPRING-BOOT.md runs the like of them.) */
class SpringJavadocTest {

    private static final String IMPORTS = """
            import io.github.ephemeralchat.*;
            import io.github.ephemeralchat.model.*;
            import io.github.ephemeralchat.spring.*;
            import io.github.ephemeralchat.sse.RateLimits;
            import io.github.ephemeralchat.sse.RateLimits.Limit;
            import java.time.Duration;
            import org.springframework.boot.ApplicationRunner;
            import org.springframework.context.annotation.*;
            import org.springframework.context.event.EventListener;
            """;

    @TempDir
    private Path directory;

    @Test
    void examples_compile() throws Exception {
        for (String file : List.of(
                "package-info.java", "ChatHttpSettingsCustomizer.java", "ChatEvent.java", "LoginIdentity.java")) {
            Path source = Path.of(
                    System.getProperty("project.root"),
                    "ephemeral-chat-spring-boot-starter/src/main/java/io/github/ephemeralchat/spring",
                    file);
            Matcher example = Pattern.compile("<pre>\\{@code\n(.*?)\n[ *]*\\}</pre>", Pattern.DOTALL)
                    .matcher(Files.readString(source));
            assertThat(example.find()).as(file).isTrue();
            String code = example.group(1).replaceAll("(?m)^ *\\* ?", "");
            Path configuration = Files.writeString(
                    directory.resolve("Host.java"),
                    IMPORTS + "@Configuration public class Host {"
                            + " String displayName(org.springframework.security.core.Authentication login) { return \"\"; }"
                            + code + " }");
            ByteArrayOutputStream errors = new ByteArrayOutputStream();
            int status = ToolProvider.getSystemJavaCompiler()
                    .run(null, null, errors, "-proc:none", configuration.toString());
            assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
        }
    }
}
