package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ApiResponse;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Responses in Netty's terms. */
final class Responses {

    private Responses() {}

    static FullHttpResponse content(ApiResponse.Content content) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(content.status()),
                Unpooled.wrappedBuffer(content.body()));
        add(response.headers(), content.headers());
        String contentType = content.contentType();
        if (contentType != null) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        return response;
    }

    /** What follows is raw bytes until the connection ends: no frame around each of the stream's. */
    static HttpResponse head(ApiResponse.Stream stream) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        add(response.headers(), stream.headers());
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, ApiResponse.Stream.CONTENT_TYPE);
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        return response;
    }

    private static void add(HttpHeaders to, Map<String, String> headers) {
        headers.forEach(to::add);
    }

    /** A status and its name, without the request's words. */
    static FullHttpResponse status(HttpResponseStatus status) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                status,
                Unpooled.wrappedBuffer((status.reasonPhrase() + "\n").getBytes(StandardCharsets.US_ASCII)));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain;charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        return response;
    }
}
