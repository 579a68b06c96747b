package io.github.ephemeralchat.examples.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user of the shop without a browser: with its session, and with the token of the seat in the chat. */
final class Visitor {

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .build();
    private final URI shop;
    private String seat = "";

    private Visitor(URI shop) {
        this.shop = shop;
    }

    /** An answer. */
    record Answer(int status, String body) {

        String text(String member) {
            return first("\"" + member + "\"\\s*:\\s*\"([^\"]*)\"", body);
        }
    }

    static Visitor loggedIn(URI shop, String user) {
        Visitor visitor = new Visitor(shop);
        String csrf = first(
                "name=\"_csrf\"[^>]*value=\"([^\"]+)\"", visitor.get("/login").body());
        visitor.post(
                "/login",
                "application/x-www-form-urlencoded",
                "username=%s&password=%s&_csrf=%s".formatted(user, user, csrf));
        return visitor;
    }

    static Visitor stranger(URI shop) {
        return new Visitor(shop);
    }

    private static String first(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("nothing matches " + pattern);
        }
        return matcher.group(1);
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer post(String path, String json) {
        return post(path, "application/json", json);
    }

    Answer end(String code) {
        return send(request("/chat/rooms/" + code).DELETE());
    }

    private Answer post(String path, String type, String body) {
        return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    Answer join(String code) {
        Answer seat = post("/chat/rooms/" + code + "/participants", "{}");
        this.seat = seat.text("token");
        return seat;
    }

    /** The lines of a room's events, as they come. */
    List<String> listen(String code) throws IOException, InterruptedException {
        HttpRequest request = request("/chat/rooms/" + code + "/events").GET().build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        List<String> lines = new CopyOnWriteArrayList<>();
        Thread reader =
                new Thread(() -> new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))
                        .lines()
                        .forEach(lines::add));
        reader.setUncaughtExceptionHandler((thread, end) -> {});
        reader.setDaemon(true);
        reader.start();
        return lines;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(shop.resolve(path));
        cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
                .map(HttpCookie::getValue)
                .findFirst()
                .ifPresent(token -> request.header("X-XSRF-TOKEN", token));
        return seat.isEmpty() ? request : request.header("Authorization", "Bearer " + seat);
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
