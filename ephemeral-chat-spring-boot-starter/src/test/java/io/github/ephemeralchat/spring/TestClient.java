package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.tck.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody with a browser's cookies and none of its pages, who keeps the token of the latest seat. */
final class Guest {

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
            .build();
    private final URI host;
    private String token = "";

    Guest(URI host) {
        this.host = host;
    }

    /** An answer. */
    record Answer(int status, String body) {

        /** The first member of that name whose value is a string. */
        String text(String member) {
            Matcher matcher =
                    Pattern.compile("\"" + member + "\"\\s*:\\s*\"([^\"]*)\"").matcher(body);
            if (!matcher.find()) {
                throw new AssertionError("no " + member + " in an answer of status " + status);
            }
            return matcher.group(1);
        }
    }

    Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    Answer post(String path, String json, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    Answer postForm(String path, String form) {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    /** Through the page of Spring Security, with its token. */
    void logIn(String user, String password) {
        Matcher csrf = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"")
                .matcher(get("/login").body());
        if (!csrf.find()) {
            throw new AssertionError("the login page has no token");
        }
        postForm("/login", "username=" + user + "&password=" + password + "&_csrf=" + csrf.group(1));
    }

    /** The events of a room, as they come. */
    Stream stream(String room) {
        try {
            HttpRequest request =
                    request("/chat/rooms/" + room + "/events").GET().build();
            return new Stream(http.send(request, BodyHandlers.ofInputStream()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(host.resolve(path)).timeout(Duration.ofSeconds(20));
        if (!token.isEmpty()) {
            builder.header("Authorization", "Bearer " + token);
        }
        return headers.length == 0 ? builder : builder.headers(headers);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            Answer answer = new Answer(response.statusCode(), response.body());
            token = answer.status() == 201 && answer.body().contains("\"token\"") ? answer.text("token") : token;
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lines of an event stream. */
    static final class Stream implements AutoCloseable {

        private final HttpResponse<InputStream> response;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private volatile boolean ended;

        private Stream(HttpResponse<InputStream> response) {
            this.response = response;
            Thread reader = new Thread(this::read, "stream");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | RuntimeException e) {
                // Cut by one side or the other.
            } finally {
                ended = true;
            }
        }

        int status() {
            return response.statusCode();
        }

        boolean isEnded() {
            return ended;
        }

        List<String> lines() {
            return List.copyOf(lines);
        }

        void awaitLine(String part) {
            Await.until(Duration.ofSeconds(10), part, () -> lines.stream().anyMatch(line -> line.contains(part)));
        }

        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException e) {
                // It was over.
            }
        }
    }
}
