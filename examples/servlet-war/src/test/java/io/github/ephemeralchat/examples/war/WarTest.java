package io.github.ephemeralchat.examples.war;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The WAR as it was built, in a Tomcat that knows nothing else of it. */
@Timeout(120)
class WarTest {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Tomcat tomcat = new Tomcat();
    private String base;

    @BeforeEach
    void deploy(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("webapps"));
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.setHostname("127.0.0.1");
        tomcat.setAddDefaultWebXmlToWebapp(false); // It has JSP, of which there is nothing here.
        Context application = tomcat.addWebapp("/support", System.getProperty("war"));
        application.getJarScanner().setJarScanFilter((type, jar) -> jar.startsWith("ephemeral-chat"));
        Tomcat.addServlet(application, "files", DefaultServlet.class.getName());
        application.addServletMapping("/", "files");
        application.addWelcomeFile("index.html");
        tomcat.getConnector();
        tomcat.start();
        base = "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/support";
    }

    @AfterEach
    void stop() throws LifecycleException {
        tomcat.stop();
        tomcat.destroy();
        Await.until(Duration.ofSeconds(5), "the application leaves no thread behind", () -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ephemeral-chat"))
                .count();
    }

    private HttpResponse<String> send(String method, String path, String token, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /** The first string under a name. */
    private static String in(String json, String name) {
        return Pattern.compile("\"" + name + "\":\"([^\"]+)\"")
                .matcher(json)
                .results()
                .findFirst()
                .map((MatchResult found) -> found.group(1))
                .orElseThrow();
    }

    @Test
    void thePageIsThere() throws Exception {
        assertThat(send("GET", "/", "none", "").body()).contains("<title>Support</title>");
        assertThat(send("GET", "/support.js", "none", "").statusCode()).isEqualTo(200);
    }

    @Test
    void theBrowserClientComesFromTheJar() throws Exception {
        HttpResponse<String> client = send("GET", "/ephemeral-chat/ephemeral-chat.js", "none", "");
        assertThat(client.statusCode()).isEqualTo(200);
        assertThat(client.body()).contains("export class EphemeralChat");
        assertThat(send("GET", "/ephemeral-chat/element/vendor/uqr.js", "none", "")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theBrowserClientComesFromTheApi() throws Exception {
        for (String path : List.of("/chat/ephemeral-chat.js", "/chat/element/vendor/uqr.js")) {
            HttpResponse<String> client = send("GET", path, "none", "");
            assertThat(client.statusCode()).isEqualTo(200);
            assertThat(client.body()).contains("export ");
            assertThat(client.headers().firstValue("Content-Type").orElse("")).contains("javascript");
        }
    }

    @Test
    void twoTalkUntilTheRoomIsDestroyed() throws Exception {
        HttpResponse<String> created = send("POST", "/chat/rooms", "none", "{\"name\":\"Anna\"}");
        assertThat(created.statusCode()).isEqualTo(201);
        String path = "/chat/rooms/" + in(created.body(), "id");
        String anna = in(created.body(), "token");
        String ben = in(
                send("POST", path + "/participants", "none", "{\"name\":\"Ben\"}")
                        .body(),
                "token");

        HttpRequest listen = HttpRequest.newBuilder(URI.create(base + path + "/events"))
                .header("Authorization", "Bearer " + ben)
                .build();
        HttpResponse<InputStream> stream = http.send(listen, BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream;charset=utf-8");
        try (BufferedReader events = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(send("POST", path + "/messages", anna, "{\"text\":\"hello\"}")
                            .statusCode())
                    .isEqualTo(201);
            awaitLine(events, "\"text\":\"hello\"");
            assertThat(send("DELETE", path, ben, "").statusCode()).isEqualTo(204);
            awaitLine(events, "\"reason\":\"destroyed\"");
            assertThat(events.lines()).allMatch(String::isEmpty);
        }
        assertThat(send("GET", path, anna, "").statusCode()).isEqualTo(401);
    }

    private static void awaitLine(BufferedReader events, String part) throws Exception {
        String line = events.readLine();
        while (line != null && !line.contains(part)) {
            line = events.readLine();
        }
        assertThat(line).as("a line with " + part).isNotNull();
    }
}
