package io.github.ephemeralchat.examples.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Serves the web page. A room's address shows the page whether or not there is such a room: only the API knows, and it
 * tells participants only.
 */
final class Pages implements Function<HttpRequest, FullHttpResponse> {

    private static final Pattern ROOM = Pattern.compile("/room/[^/]+/?");

    private final WebFiles files;
    private final BooleanSupplier ready;

    /**
     * Creates the pages.
     *
     * @param root the path at which clients see the server, without a slash at its end
     * @param ready whether this node should get requests; it must not block
     */
    Pages(String root, BooleanSupplier ready) {
        this.files = new WebFiles(root);
        this.ready = ready;
    }

    @Override
    public FullHttpResponse apply(HttpRequest request) {
        FullHttpResponse response = answer(request);
        PageHeaders.set(response.headers()::set);
        return response;
    }

    private FullHttpResponse answer(HttpRequest request) {
        if (!isRead(request.method())) {
            FullHttpResponse refusal = text(HttpResponseStatus.METHOD_NOT_ALLOWED, "Method not allowed");
            refusal.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return refusal;
        }
        String path = path(request);
        if (path.equals("/health") || path.equals("/health/live")) {
            return health(true);
        }
        if (path.equals("/health/ready")) {
            return health(ready.getAsBoolean());
        }
        Optional<WebFile> file = isPage(path) ? Optional.of(files.page()) : files.asset(path);
        return file.map(found -> send(found, request)).orElseGet(() -> text(HttpResponseStatus.NOT_FOUND, "Not found"));
    }

    private static FullHttpResponse health(boolean good) {
        FullHttpResponse response =
                good ? text(HttpResponseStatus.OK, "ok") : text(HttpResponseStatus.SERVICE_UNAVAILABLE, "not ready");
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        return response;
    }

    private static boolean isRead(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    /** A path with malformed escapes names nothing. */
    private static String path(HttpRequest request) {
        try {
            return new QueryStringDecoder(request.uri()).path();
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isPage(String path) {
        return path.equals("/") || ROOM.matcher(path).matches();
    }

    /** Browsers keep a copy and ask each time whether it is still good: a new version is seen at once. */
    private static FullHttpResponse send(WebFile file, HttpRequest request) {
        boolean known = file.isNamedIn(request.headers().get(HttpHeaderNames.IF_NONE_MATCH));
        FullHttpResponse response = known
                ? body(HttpResponseStatus.NOT_MODIFIED, file.contentType(), new byte[0])
                : body(HttpResponseStatus.OK, file.contentType(), file.content());
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-cache").set(HttpHeaderNames.ETAG, file.etag());
        return response;
    }

    private static FullHttpResponse text(HttpResponseStatus status, String text) {
        return body(status, "text/plain;charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The server drops the body of an answer to HEAD. */
    private static FullHttpResponse body(HttpResponseStatus status, String contentType, byte[] body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        return response;
    }
}
