package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ByteBudget;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes whole responses to a connection, on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection.
final class ResponseWriter {

    /** How long a client that is refused in the middle of a body may go on sending, so that it gets to see why. */
    private static final int LINGER_MILLIS = 1_000;

    /** A client that takes a byte now and then holds its place no longer. */
    private static final int TAKEN_WITHIN_MINUTES = 5;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ApiDispatcher api;
    private final Connection connection;

    ResponseWriter(ApiDispatcher api, Connection connection) {
        this.api = api;
        this.connection = connection;
    }

    /** Has the client send the body of its request. Past the codec, which would take it for the response to this request. */
    static void writeContinue(ChannelHandlerContext context) {
        context.pipeline()
                .context(HttpResponseEncoder.class)
                .writeAndFlush(Unpooled.wrappedBuffer(CONTINUE))
                .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /**
     * Writes a response. If the clients of this node have left too much untaken, that is another one: the request is to come
     * again.
     *
     * @param mayRepeat whether the request changes nothing if it comes again
     * @param keepAlive whether another response may follow on the connection
     */
    void write(
            ChannelHandlerContext context,
            HttpRequest asked,
            FullHttpResponse response,
            boolean mayRepeat,
            boolean keepAlive) {
        connection.responded();
        boolean withBody = !asked.method().equals(HttpMethod.HEAD);
        complete(response, asked, withBody, keepAlive); // A host's may refuse the headers: nothing is held yet.
        ByteBudget.Share share = api.outgoing().newShare();
        FullHttpResponse sent = response;
        if (!share.hold(response.content().readableBytes()) && mayRepeat) {
            response.release();
            sent = refusal(asked, HttpResponseStatus.SERVICE_UNAVAILABLE);
            complete(sent, asked, withBody, keepAlive);
        }
        ChannelFuture written = write(context, sent);
        if (!keepAlive) {
            written.addListener(done -> closeWhenRead(context));
        }
        Future<?> end = written.isDone()
                ? null
                : context.executor().schedule(() -> context.close(), TAKEN_WITHIN_MINUTES, TimeUnit.MINUTES);
        written.addListener(done -> {
            share.hold(0);
            connection.taken();
            if (end != null) {
                end.cancel(false);
            }
        });
    }

    /** Refuses what may be no request, as the last response of the connection. */
    void refuse(ChannelHandlerContext context, @Nullable HttpRequest asked, HttpResponseStatus status) {
        FullHttpResponse response = refusal(asked, status);
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        addLength(response, asked == null || !asked.method().equals(HttpMethod.HEAD));
        connection.responded();
        write(context, response).addListener(done -> {
            connection.taken();
            closeWhenRead(context);
        });
    }

    private FullHttpResponse refusal(@Nullable HttpRequest asked, HttpResponseStatus status) {
        String origin = asked == null ? null : asked.headers().get(HttpHeaderNames.ORIGIN);
        return Responses.full(api.refused(status, origin));
    }

    private static void complete(FullHttpResponse response, HttpRequest asked, boolean withBody, boolean keepAlive) {
        HttpUtil.setKeepAlive(response.headers(), asked.protocolVersion(), keepAlive);
        addLength(response, withBody);
    }

    private static void addLength(FullHttpResponse response, boolean withBody) {
        response.headers().set(HttpHeaderNames.DATE, HttpDate.now());
        if (!response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
            HttpUtil.setContentLength(response, response.content().readableBytes());
        }
        if (!withBody) {
            response.content().clear();
        }
    }

    /** A response that cannot be written, for want of memory, ends the connection: else its client would wait for the rest. */
    private static ChannelFuture write(ChannelHandlerContext context, FullHttpResponse response) {
        return context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    /** Where bytes that were not read are thrown away, so is the response that is on its way. */
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
