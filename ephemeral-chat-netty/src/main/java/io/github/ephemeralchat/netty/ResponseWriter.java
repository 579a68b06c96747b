package io.github.ephemeralchat.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/** Writes whole responses to a connection, on its event loop. */
final class ResponseWriter {

    /** How long a client that is refused in the middle of a body may go on sending, so that it gets to see why. */
    private static final int LINGER_MILLIS = 1_000;

    private ResponseWriter() {}

    /** Writes a response; another may follow. */
    static ChannelFuture write(ChannelHandlerContext context, FullHttpResponse response, boolean headOnly) {
        response.headers().set(HttpHeaderNames.DATE, HttpDate.now());
        if (!response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
            HttpUtil.setContentLength(response, response.content().readableBytes());
        }
        if (headOnly) {
            response.content().clear();
        }
        return context.writeAndFlush(response);
    }

    /** Writes the last response of a connection. */
    static void writeLast(ChannelHandlerContext context, FullHttpResponse response, boolean headOnly) {
        write(context, response, headOnly).addListener(done -> closeWhenRead(context));
    }

    /** Where bytes that were not read are thrown away, so is the response that is on its way. */
    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    private static void closeWhenRead(ChannelHandlerContext context) {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((SocketChannel) context.channel()).shutdownOutput();
        } else {
            tls.closeOutbound(); // So the client can tell the end from a cut.
        }
        context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
