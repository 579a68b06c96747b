package io.github.ephemeralchat.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes whole responses to a connection, on its event loop. */
final class ResponseWriter {

    /** How long a client that is refused in the middle of a body may go on sending, so that it gets to see why. */
    private static final int LINGER_MILLIS = 1_000;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private ResponseWriter() {}

    /** Has the client send the body of its request. Past the codec, which would take it for the response to this request. */
    @SuppressWarnings("FutureReturnValueIgnored") // If it fails, the connection ends.
    static void writeContinue(ChannelHandlerContext context) {
        context.pipeline().context(HttpResponseEncoder.class).writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
    }

    /**
     * Writes a response; another may follow.
     *
     * @param asked the request, null if it is not known
     */
    static ChannelFuture write(ChannelHandlerContext context, @Nullable HttpRequest asked, FullHttpResponse response) {
        response.headers().set(HttpHeaderNames.DATE, HttpDate.now());
        if (!response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
            HttpUtil.setContentLength(response, response.content().readableBytes());
        }
        if (asked != null && asked.method().equals(HttpMethod.HEAD)) {
            response.content().clear();
        }
        return context.writeAndFlush(response);
    }

    /** Writes the last response of a connection. */
    static void writeLast(ChannelHandlerContext context, @Nullable HttpRequest asked, FullHttpResponse response) {
        write(context, asked, response).addListener(done -> closeWhenRead(context));
    }

    /** Where bytes that were not read are thrown away, so is the response that is on its way. */
    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    private static void closeWhenRead(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) context.channel()).shutdownOutput();
        } else {
            tls.closeOutbound(); // So the client can tell the end from a cut.
        }
        context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
