package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.LocalMachine;
import io.github.ephemeralchat.testsupport.SseClient;
import io.github.ephemeralchat.testsupport.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Behind a real nginx that is set up as docs/EMBEDDING.md says, pages post and streams arrive. */
@EnabledIf(value = "hasNginx", disabledReason = "nginx is not here; on Debian etc/test-tools installs it")
class NginxTest {

    private static final Pattern BLOCK = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROOM = Pattern.compile("\"id\":\"([1-9A-HJ-NP-Za-km-z]{8})\"");
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private final int port = LocalMachine.freePort();

    @TempDir
    private Path folder;

    private Process nginx;

    static boolean hasNginx() {
        return LocalMachine.serverProgram("nginx").isPresent();
    }

    @AfterEach
    void stop() throws Exception {
        if (nginx != null) {
            nginx.destroy();
            nginx.waitFor();
        }
        service.close();
    }

    /** The block of the page, for our ports. */
    private static String location(String path, URI api) throws IOException {
        String page = Files.readString(Block.ROOT.resolve("docs/EMBEDDING.md"));
        Matcher block = BLOCK.matcher(page);
        assertThat(block.find()).isTrue();
        return block.group(1)
                .replace("location /chat/", "location " + path + "/")
                .replace("proxy_pass http://127.0.0.1:8080;", "proxy_pass " + api + "/;");
    }

    private void start(String listen, String location) throws Exception {
        Path settings = Files.writeString(folder.resolve("nginx.conf"), """
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events {}
                http {
                  access_log off;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  server {
                    listen 127.0.0.1:%s;
                    %s
                  }
                }
                """.formatted(listen, location));
        nginx = new ProcessBuilder(
                        LocalMachine.serverProgram("nginx").orElseThrow().toString(),
                        "-p",
                        folder + "/",
                        "-c",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        Await.until(Duration.ofSeconds(10), "nginx listens", this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpResponse<String> post(HttpClient client, URI uri, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .headers(headers)
                .POST(BodyPublishers.ofString(body));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String first(Pattern pattern, String body) {
        Matcher found = pattern.matcher(body);
        assertThat(found.find()).as("a %s", pattern).isTrue();
        return found.group(1);
    }

    /** Sends what an older browser does, which names its page's origin and not whether that is the same site. */
    private static void talks(HttpClient client, URI api, String origin) throws Exception {
        HttpResponse<String> created = post(client, URI.create(api + "/rooms"), "{}", "Origin", origin);
        assertThat(created.statusCode()).isEqualTo(201);
        String path = api.getPath() + "/rooms/" + first(ROOM, created.body());
        assertThat(created.headers().firstValue("Location").orElseThrow()).endsWith(path);
        assertThat(created.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("; Path=" + path + ";")
                .matches(
                        cookie -> cookie.contains("; Secure") == api.getScheme().equals("https"), "secure with TLS");

        URI room = api.resolve(path);
        String token = first(TOKEN, created.body());
        try (SseClient stream = SseClient.open(client, URI.create(room + "/events"), token, "", event -> {})) {
            stream.await("ready", "");
            HttpResponse<String> posted = post(
                    client,
                    URI.create(room + "/messages"),
                    "{\"text\":\"hello\"}",
                    "Origin",
                    origin,
                    "Authorization",
                    "Bearer " + token);
            assertThat(posted.statusCode()).isEqualTo(201);
            stream.await("message", "\"hello\"");
        }
        assertThat(post(client, URI.create(api + "/rooms"), "{}", "Origin", "https://elsewhere.example")
                        .statusCode())
                .as("another site")
                .isEqualTo(403);
    }

    @Test
    void addressWithAPort_pagePosts_andStreamIsNotHeldBack() throws Exception {
        try (ChatHttpServer server = ChatHttpServer.servlet(service, ChatHttpSettings.defaults(), Container::tomcat)) {
            start(String.valueOf(port), location("/api", server.base()));
            String site = "http://127.0.0.1:" + port;
            talks(HttpClient.newHttpClient(), URI.create(site + "/api"), site);
        }
    }

    @Test
    void tlsEndsAtTheProxy_andItStripsAPrefix() throws Exception {
        String site = "https://127.0.0.1:" + port;
        URI api = URI.create(site + "/shop/chat");
        ChatHttpSettings settings =
                ChatHttpSettings.builder().publicBaseUrl(api).build();
        TestCertificate certificate = TestCertificate.of(folder, "ip:127.0.0.1");
        try (ChatHttpServer server = ChatHttpServer.servlet(service, settings, Container::tomcat)) {
            Path pem = Files.writeString(folder.resolve("site.pem"), certificate.pem() + certificate.keyPem());
            String tls = "ssl_certificate %s;\nssl_certificate_key %s;\n".formatted(pem, pem);
            start(port + " ssl", tls + location("/shop/chat", server.base()));
            HttpClient client =
                    HttpClient.newBuilder().sslContext(certificate.trusting()).build();
            talks(client, api, site);
        }
    }
}
