package io.github.ephemeralchat.sse;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as {@link ChatApi} sees it, whatever server it came through. Its functions are called on the thread that
 * calls {@link ChatApi#handle}, {@link ChatApi#begin} or {@link PendingRequest#respond}, and not after that has
 * returned.
 *
 * @param method the HTTP method
 * @param path the path below the mount as it was sent, still encoded, with its leading slash
 * @param query the raw query string, null if there is none
 * @param headers all values of a header, empty if there is none; the name in any case
 * @param body reads the body; called at most once, and only if a body is allowed
 * @param mount the path of the mount as a client sees it, such as {@code /api}; empty for the root
 * @param secure whether the request came over TLS
 * @param mayWait whether the thread serves this request alone, so that the response may wait for readers
 * @param hooks what the host decides about the request
 */
public record ApiRequest(
        String method,
        String path,
        @Nullable String query,
        Function<String, List<String>> headers,
        Body body,
        String mount,
        boolean secure,
        boolean mayWait,
        RequestHooks.Bound<?> hooks) {

    /** The greatest number of bytes of a body. */
    public static final int MAX_BODY_BYTES = 64 << 10;

    /** A body that is read when it is asked for. */
    @FunctionalInterface
    public interface Body {

        /**
         * Reads the body.
         *
         * @return the bytes, not to be changed: all of them, or at least one more than {@link #MAX_BODY_BYTES}
         * @throws IOException if it cannot be read
         */
        byte[] read() throws IOException;
    }

    /** Whether the head says that a body follows. */
    boolean announcesBody() {
        return !Objects.requireNonNullElse(header("Content-Length"), "0").equals("0")
                || header("Transfer-Encoding") != null;
    }

    /** Whether the head says that the body is longer than any that is taken. */
    boolean announcesTooMuch() {
        String length = Objects.requireNonNullElse(header("Content-Length"), "0");
        try {
            return Long.parseLong(length) > MAX_BODY_BYTES;
        } catch (NumberFormatException e) {
            return true; // More than a long: what is no number at all no server lets through.
        }
    }

    ApiRequest with(RequestHooks.Bound<?> otherHooks) {
        return new ApiRequest(method, path, query, headers, body, mount, secure, mayWait, otherHooks);
    }

    ApiRequest with(Body otherBody) {
        return new ApiRequest(method, path, query, headers, otherBody, mount, secure, mayWait, hooks);
    }

    /** The first value of a header, or null. */
    @Nullable
    String header(String name) {
        List<String> values = headers.apply(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** Returns nothing that somebody sent. */
    @Override
    public String toString() {
        return "ApiRequest[...]";
    }
}
