package io.github.ephemeralchat.netty;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param path the decoded path
 * @param query the raw query, null where there is none
 */
record RequestTarget(String path, @Nullable String query) {

    /**
     * Reads a request's target.
     *
     * @throws IllegalArgumentException where its escapes are malformed
     */
    static RequestTarget of(String uri) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        String query = decoder.rawQuery();
        return new RequestTarget(decoder.path(), query.isEmpty() ? null : query);
    }

    /** A client may name the scheme and the host as well, as it does to a proxy. */
    static String withoutSite(String uri) {
        int site = uri.startsWith("/") ? -1 : uri.indexOf("://");
        int path = site < 0 ? -1 : uri.indexOf('/', site + 3);
        return path < 0 ? uri : uri.substring(path);
    }
}
