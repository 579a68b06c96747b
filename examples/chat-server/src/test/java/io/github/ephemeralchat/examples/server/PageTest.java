package io.github.ephemeralchat.examples.server;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PageTest {

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff",
            "Cross-Origin-Opener-Policy",
            "same-origin");

    private static final HttpClient client = HttpClient.newHttpClient();
    private static ChatServer server;

    @BeforeAll
    static void start() throws IOException {
        server = ChatServer.start(ServerOptions.local(0), MemoryRoomStore.create());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aRoomsAddressShowsThePageWhetherOrNotThereIsSuchARoom() throws Exception {
        HttpResponse<String> lobby = get("/");
        HttpResponse<String> room = get("/room/k3J9xQ2b");
        assertThat(lobby.statusCode()).isEqualTo(200);
        assertThat(header(lobby, "Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(lobby.body()).contains("<!doctype html>", "/assets/app.js");
        assertThat(room.statusCode()).isEqualTo(200);
        assertThat(room.body()).isEqualTo(lobby.body());
        assertThat(room.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void everyAnswerOutsideTheApiHasTheHeaders() throws Exception {
        for (String path : List.of("/", "/room/k3J9xQ2b", "/assets/app.js", "/health", "/nothing", "/assets/%2e%2e/")) {
            HttpResponse<String> answer = get(path);
            HEADERS.forEach((name, value) ->
                    assertThat(header(answer, name)).as("%s of %s", name, path).isEqualTo(value));
            assertThat(answer.headers().firstValue("Server")).as(path).isEmpty();
            assertThat(answer.headers().firstValue("X-Powered-By")).as(path).isEmpty();
        }
    }

    @Test
    void assetsHaveTheirTypesAndAreAskedForEachTime() throws Exception {
        Map<String, String> types = Map.of(
                "/assets/app.js", "text/javascript;charset=utf-8",
                "/ephemeral-chat/ephemeral-chat.js", "text/javascript;charset=utf-8",
                "/ephemeral-chat/element/ephemeral-chat-element.js", "text/javascript;charset=utf-8",
                "/ephemeral-chat/element/vendor/uqr.js", "text/javascript;charset=utf-8",
                "/assets/page.css", "text/css;charset=utf-8",
                "/assets/icon.svg", "image/svg+xml");
        for (Map.Entry<String, String> each : types.entrySet()) {
            HttpResponse<String> asset = get(each.getKey());
            assertThat(asset.statusCode()).as(each.getKey()).isEqualTo(200);
            assertThat(header(asset, "Content-Type")).isEqualTo(each.getValue());
            assertThat(header(asset, "Cache-Control")).isEqualTo("no-cache");
            HttpResponse<String> again = send("GET", each.getKey(), "If-None-Match", header(asset, "ETag"));
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "PATCH")) {
            HttpResponse<String> answer = send(method, "/assets/app.js");
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
        }
        HttpResponse<String> head = send("HEAD", "/assets/app.js");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "Content-Length")).matches("[1-9]\\d*");
    }

    @Test
    void noPathLeadsToAListingOrOutOfThePage() throws Exception {
        for (String path : List.of(
                "/nothing",
                "/index.html",
                "/web/index.html",
                "/assets",
                "/assets/",
                "/ephemeral-chat/element/",
                "/ephemeral-chat/element/../../../MANIFEST.MF",
                "/assets/nothing.js",
                "/assets/app.js/",
                "/ephemeral-chat/",
                "/ephemeral-chat/../../MANIFEST.MF",
                "/assets//app.js",
                "/assets/../io/github/ephemeralchat/examples/server/version.properties",
                "/assets/../../io/github/ephemeralchat/examples/server/version.properties",
                "/assets/%2e%2e/%2e%2e/META-INF/MANIFEST.MF",
                "/assets/..%2f..%2fMETA-INF/MANIFEST.MF",
                "/assets/..;/..;/META-INF/MANIFEST.MF",
                "/assets/%5c..%5capp.js",
                "/assets/app.js%00.css",
                "/room/",
                "/room/a/b",
                "/%zz",
                "//")) {
            String status = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(status).as(path).matches("(?s)HTTP/1.1 40[04] .*");
            assertThat(status).as(path).doesNotContain("version=").doesNotContain("Manifest-Version");
        }
    }

    @Test
    void theContainersOwnRefusalsAreShortAndEchoNothing() throws Exception {
        String answer =
                raw("GET /<script>alert(1)</script>%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json", "\"code\":\"invalid_request\"")
                .hasSizeLessThan(500)
                .doesNotContain("script>");
    }

    @Test
    void theApiIsMountedBesideIt() throws Exception {
        HttpResponse<String> contract = get("/api/openapi.yaml");
        assertThat(contract.statusCode()).isEqualTo(200);
        assertThat(contract.body()).startsWith("openapi: 3");
        HttpResponse<String> nobody = get("/api/rooms/k3J9xQ2b");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(header(nobody, "Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void healthSaysOk() throws Exception {
        HttpResponse<String> health = get("/health");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).isEqualTo("ok\n");
        for (String path : List.of("/health/live", "/health/ready")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    private static HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.uri() + path)).method(method, noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** What no HTTP client sends as it stands. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", server.uri().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
