package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.ChatApi;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Responses in Netty's terms. */
final class Responses {

    private Responses() {}

    static FullHttpResponse full(ApiResponse response) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                Unpooled.wrappedBuffer(response.body()),
                headers(response),
                EmptyHttpHeaders.INSTANCE);
    }

    /** What follows is raw bytes until the connection ends: no frame around each of the stream's. */
    static HttpResponse head(ApiResponse response) {
        HttpHeaders headers =
                headers(response).set(HttpHeaderNames.CONNECTION, "close").set(HttpHeaderNames.DATE, HttpDate.now());
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), headers);
    }

    private static HttpHeaders headers(ApiResponse response) {
        HttpHeaders headers = new DefaultHttpHeaders();
        response.headers().forEach(headers::add);
        return headers;
    }

    /** What the server itself has to say to a request, without the request's words. */
    static FullHttpResponse refused(HttpResponseStatus status) {
        return full(ChatApi.refused(status.code(), status.reasonPhrase()));
    }
}
