package io.github.ephemeralchat.it;

import java.util.Locale;

/** What is sent over a raw connection, and what is seen of its answers. */
final class RawRequest {

    private RawRequest() {}

    /** A head without the empty line that ends it. */
    static String head(String method, String path, String... headers) {
        String first = method + " /api" + path + " HTTP/1.1\r\nHost: localhost\r\n";
        return headers.length == 0 ? first : first + String.join("\r\n", headers) + "\r\n";
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    /** Whether the server closes the connection after this answer. */
    static boolean isLast(String answer) {
        return answer.toLowerCase(Locale.ROOT).contains("\r\nconnection: close");
    }
}
