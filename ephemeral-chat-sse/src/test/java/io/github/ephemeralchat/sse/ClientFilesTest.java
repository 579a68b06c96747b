package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The API serves the browser client below its own base. */
class ClientFilesTest {

    private final TestApi api = TestApi.create();

    @AfterEach
    void close() {
        api.close();
    }

    private ApiResponse get(String path, String... known) {
        return api.answer(TestRequest.get(path).header("If-None-Match", known));
    }

    @Test
    void eachModuleAndItsTypes_areServed() throws Exception {
        Path folder = Path.of(Objects.requireNonNull(
                                getClass().getResource("/META-INF/resources/ephemeral-chat/ephemeral-chat.js"))
                        .toURI())
                .getParent();
        List<Path> scripts;
        try (Stream<Path> all = Files.walk(folder)) {
            scripts =
                    all.filter(file -> file.toString().matches(".*\\.(js|ts)")).toList();
        }
        assertThat(scripts).hasSizeGreaterThan(50);
        for (Path script : scripts) {
            String path = "/" + folder.relativize(script).toString().replace('\\', '/');
            ApiResponse served = get(path);
            assertThat(served.status()).as(path).isEqualTo(200);
            assertThat(served.body()).as(path).isEqualTo(Files.readAllBytes(script));
            assertThat(served.headers())
                    .containsEntry(
                            "Content-Type",
                            (path.endsWith(".js") ? "text/javascript" : "text/plain") + ";charset=utf-8")
                    .containsEntry("X-Content-Type-Options", "nosniff")
                    .containsEntry("Cache-Control", "no-cache");
        }
    }

    @Test
    void whoHasTheFile_isToldThatItIsTheSame() {
        String tag = get("/ephemeral-chat.js").headers().get("ETag");
        assertThat(tag).matches("\"[A-Za-z0-9_-]{22}\"");
        assertThat(get("/room.js").headers().get("ETag")).isNotEqualTo(tag);
        for (String known : List.of(tag, "W/" + tag, "\"another\", " + tag, "*")) {
            ApiResponse same = get("/ephemeral-chat.js", known);
            assertThat(same.status()).as(known).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            assertThat(same.headers()).containsEntry("ETag", tag);
        }
        assertThat(get("/ephemeral-chat.js", "\"another\"").status()).isEqualTo(200);
    }

    @Test
    void otherPathsAndMethods_areNotFound() {
        for (String path : List.of(
                "/nothing.js",
                "/element/nothing.js",
                "/element/",
                "/element/../ephemeral-chat.js",
                "/..%2fephemeral-chat.js",
                "/element%2fdom.js",
                "//ephemeral-chat.js",
                "/ephemeral-chat.js/",
                "/ephemeral-chat.JS",
                "/ephemeral-chat.js%00.d.ts",
                "/openapi.js")) {
            assertThat(get(path).status()).as(path).isEqualTo(404);
        }
        assertThat(api.answer(TestRequest.post("/ephemeral-chat.js")).status()).isEqualTo(404);
        assertThat(api.answer(TestRequest.of("HEAD", "/ephemeral-chat.js")).status())
                .isEqualTo(200);
    }

    @Test
    void pageOfAListedOrigin_mayImportIt_andAPageLoadIsNotCounted() {
        try (TestApi listed = TestApi.with(settings -> settings.allowedOrigins(Set.of("https://shop.example.org"))
                .rateLimits(RateLimits.off().withRequestsPerAddress(RateLimits.Limit.of(1, Duration.ofMinutes(1)))))) {
            for (int i = 0; i < 100; i++) {
                ApiResponse served = listed.answer(
                        TestRequest.get("/ephemeral-chat.js").header("Origin", "https://shop.example.org"));
                assertThat(served.status()).isEqualTo(200);
                assertThat(served.headers()).containsEntry("Access-Control-Allow-Origin", "https://shop.example.org");
                assertThat(new String(served.body(), StandardCharsets.UTF_8)).contains("export class EphemeralChat");
            }
        }
    }

    @Test
    void whoAsksForFilesThatAreNotThere_isCounted() {
        try (TestApi limited = TestApi.with(settings -> settings.rateLimits(
                RateLimits.off().withRequestsPerAddress(RateLimits.Limit.of(2, Duration.ofMinutes(1)))))) {
            for (int status : new int[] {404, 404, 429}) {
                assertThat(limited.answer(TestRequest.get("/nothing.js")).status())
                        .isEqualTo(status);
            }
        }
    }
}
