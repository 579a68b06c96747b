package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.AntPathMatcher;

/** A native image has every file that the library reads when it runs. */
class NativeImageTest {

    private static final PathMatchingResourcePatternResolver FILES = new PathMatchingResourcePatternResolver();

    /** The files that are read by their names. */
    private static List<String> read() throws IOException {
        List<String> paths = new ArrayList<>();
        for (String pattern : List.of(
                "io/github/ephemeralchat/**/*.lua",
                "io/github/ephemeralchat/**/*.sql",
                "io/github/ephemeralchat/**/*.yaml",
                "META-INF/resources/ephemeral-chat/**/*.*")) {
            for (Resource file : FILES.getResources("classpath*:" + pattern)) {
                String url = file.getURL().toString();
                paths.add(url.substring(url.lastIndexOf(pattern.substring(0, pattern.indexOf('*')))));
            }
        }
        return paths;
    }

    @Test
    void springsHints_haveEachFile() throws IOException {
        RuntimeHints hints = new RuntimeHints();
        Class<?> registrar = MergedAnnotations.from(EphemeralChatAutoConfiguration.class)
                .get(ImportRuntimeHints.class)
                .getClassArray("value")[0];
        assertThat(registrar).isEqualTo(ChatRuntimeHints.class);
        new ChatRuntimeHints().registerHints(hints, null);
        assertThat(read())
                .hasSizeGreaterThan(60)
                .allMatch(path ->
                        RuntimeHintsPredicates.resource().forResource(path).test(hints));
    }

    @Test
    void metadataOfTheJars_haveEachFile() throws IOException {
        List<String> globs = new ArrayList<>();
        for (Resource metadata : FILES.getResources(
                "classpath*:META-INF/native-image/io.github.ephemeralchat/*/reachability-metadata.json")) {
            Pattern.compile("\"glob\": \"([^\"]+)\"")
                    .matcher(metadata.getContentAsString(StandardCharsets.UTF_8))
                    .results()
                    .map((MatchResult glob) -> glob.group(1))
                    .forEach(globs::add);
        }
        AntPathMatcher matcher = new AntPathMatcher();
        assertThat(read()).allMatch(path -> globs.stream().anyMatch(glob -> matcher.match(glob, path)));
    }
}
