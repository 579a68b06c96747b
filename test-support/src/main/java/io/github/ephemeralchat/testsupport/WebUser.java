package io.github.ephemeralchat.testsupport;

import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user of a host application, without a browser: keeps cookies, repeats the token of the cookie {@code XSRF-TOKEN} in a
 * header, as the host's scripts do, and sends the token of the latest seat.
 */
public final class WebUser {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final int MULTIPLE_CHOICES = 300;

    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .cookieHandler(cookies)
            .build();
    private final URI host;
    private String token = "";

    /**
     * A user who is not logged in.
     *
     * @param host the application's address
     */
    public WebUser(URI host) {
        this.host = host;
    }

    /**
     * {@return this user, logged in through the page of Spring Security}
     *
     * @param name the user's name
     * @param password the user's password
     */
    public WebUser logIn(String name, String password) {
        submit("/login", "username=%s&password=%s&".formatted(name, password));
        return this;
    }

    /** Logs out through the page of Spring Security. The token of the latest seat is kept, as another tab may keep it. */
    public void logOut() {
        submit("/logout", "");
    }

    /** {@return this user, whose page is opened anew: it has the cookies, and no token} */
    public WebUser opensAnotherPage() {
        token = "";
        return this;
    }

    private void submit(String page, String fields) {
        Matcher csrf = CSRF.matcher(get(page).body());
        if (!csrf.find()) {
            throw new AssertionError("the page has no token");
        }
        send(request(page)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields + "_csrf=" + csrf.group(1))));
    }

    /**
     * {@return the answer to a request}
     *
     * @param path the path in the application
     */
    public Answer get(String path) {
        return send(request(path).GET());
    }

    /**
     * {@return the answer to a request}
     *
     * @param path the path in the application
     */
    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    /**
     * {@return the answer to a request} If it is a seat, its token is sent from then on.
     *
     * @param path the path in the application
     * @param json the body
     * @param headers further names and values
     */
    public Answer post(String path, String json, String... headers) {
        HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        Answer answer = send(request.POST(BodyPublishers.ofString(json)));
        if (answer.status() < MULTIPLE_CHOICES && answer.json().has("token")) {
            token = answer.text("token");
        }
        return answer;
    }

    /**
     * {@return the events of a room below {@code /chat}}
     *
     * @param room the room's code
     */
    public SseClient stream(String room) {
        return SseClient.open(http, host.resolve("/chat/rooms/" + room + "/events"), token, "", event -> {});
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(host.resolve(path)).timeout(TIMEOUT);
        cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
                .map(HttpCookie::getValue)
                .findFirst()
                .ifPresent(csrf -> request.header("X-XSRF-TOKEN", csrf));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) {
        return Answer.to(http, request.build());
    }
}
