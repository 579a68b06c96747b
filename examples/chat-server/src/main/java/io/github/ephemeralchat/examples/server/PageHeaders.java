package io.github.ephemeralchat.examples.server;

import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The headers of every answer that is not the API's. The page is allowed what it needs, and nothing else: {@code data:} is the
 * icon that counts what is unread.
 */
final class PageHeaders {

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "X-Content-Type-Options",
            "nosniff",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()");

    private PageHeaders() {}

    static void set(BiConsumer<String, String> response) {
        HEADERS.forEach(response);
    }
}
