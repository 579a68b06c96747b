package io.github.ephemeralchat.netty;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param path the path as it was sent, still encoded
 * @param query the raw query, null if there is none
 */
record RequestTarget(String path, @Nullable String query) {

    /**
     * Reads a request's target.
     *
     * @throws IllegalArgumentException if its escapes are malformed
     */
    static RequestTarget of(String uri) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        decoder.path(); // Checks the escapes.
        String query = decoder.rawQuery();
        return new RequestTarget(decoder.rawPath(), query.isEmpty() ? null : query);
    }

    /** Whether the path is the mount's or below it. An encoded slash is part of a name, so it is compared as it was sent. */
    boolean isBelow(String mount) {
        return path.startsWith(mount) && (path.length() == mount.length() || path.charAt(mount.length()) == '/');
    }
}
