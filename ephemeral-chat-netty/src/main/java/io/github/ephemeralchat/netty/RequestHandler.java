package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.sse.ApiResponse;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that sends requests: one after the other, each gets its response before the next is looked at. Lives on
 * its event loop; only the API may run elsewhere.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write or a close that fails ends the connection, which is seen there.
final class RequestHandler extends ChannelInboundHandlerAdapter {

    /** How long a client that is refused in the middle of a body may go on sending, so that it gets to see why. */
    private static final int LINGER_MILLIS = 1_000;

    /** How long a request may take from its head to its last byte. */
    private static final Duration COMPLETE_WITHIN = Duration.ofSeconds(30);

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private enum State {
        /** A request is awaited or read. */
        READING,
        /** The API is working on a response: what comes meanwhile is queued. */
        RESPONDING,
        /** No more requests are taken on this connection. */
        ENDED
    }

    private final ApiDispatcher api;
    private final HttpDate date;
    private State state = State.READING;
    private @Nullable HttpRequest request;
    private final BodyBuffer body = new BodyBuffer();
    private long begunAt;

    /** What a client has sent ahead, at most what one read brought: then reading stops. */
    private final Queue<HttpObject> queue = new ArrayDeque<>(4);

    /** Whether the queue is being emptied, further up the stack. */
    private boolean draining;

    RequestHandler(ApiDispatcher api, HttpDate date) {
        this.api = api;
        this.date = date;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        queue.add((HttpObject) message);
        drainQueue(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        drainQueue(context);
    }

    /** A client gets its next response once this one is made, and once it has taken most of those before. */
    private void drainQueue(ChannelHandlerContext context) {
        if (draining) {
            return;
        }
        draining = true;
        Channel channel = context.channel();
        try {
            while (!queue.isEmpty() && state != State.RESPONDING && channel.isWritable()) {
                take(context, queue.remove());
            }
        } finally {
            draining = false;
        }
        if (channel.config().isAutoRead() != queue.isEmpty()) {
            channel.config().setAutoRead(queue.isEmpty());
        }
    }

    private void take(ChannelHandlerContext context, HttpObject message) {
        try {
            if (state == State.ENDED) {
                return;
            }
            if (message.decoderResult().isFailure()) {
                refuse(context, statusOf(message.decoderResult().cause()));
                return;
            }
            if (message instanceof HttpRequest begun) {
                begin(context, begun);
            }
            if (message instanceof HttpContent content && request != null) {
                if (!body.add(content.content())) {
                    refuse(context, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
                } else if (content instanceof LastHttpContent) {
                    respond(context, request);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private static HttpResponseStatus statusOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    }

    private void begin(ChannelHandlerContext context, HttpRequest begun) {
        int hosts = begun.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && begun.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            refuse(context, HttpResponseStatus.BAD_REQUEST);
            return;
        }
        begun.setUri(RequestTarget.withoutSite(begun.uri()));
        request = begun;
        begunAt = System.nanoTime();
        if (HttpUtil.is100ContinueExpected(begun)) {
            // Past the codec, which would take it for the response to this request.
            context.pipeline().context(HttpServerCodec.class).writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
        }
    }

    private void respond(ChannelHandlerContext context, HttpRequest asked) {
        byte[] content = body.take();
        RequestTarget target;
        try {
            target = RequestTarget.of(asked.uri());
        } catch (IllegalArgumentException e) {
            refuse(context, HttpResponseStatus.BAD_REQUEST);
            return;
        }
        if (!target.isBelow(api.mount())) {
            send(context, asked, fallback(asked));
            return;
        }
        state = State.RESPONDING;
        EventLoop loop = context.channel().eventLoop();
        api.dispatch(asked, target, content, context.channel(), response -> {
            if (loop.inEventLoop()) {
                send(context, asked, response);
            } else {
                sendOn(loop, context, asked, response);
            }
        });
    }

    /** What the host does wrong is nobody else's to see. */
    private FullHttpResponse fallback(HttpRequest asked) {
        try {
            return Objects.requireNonNull(api.fallback().apply(asked));
        } catch (RuntimeException e) {
            log.error("The host's fallback failed", Failures.withoutMessages(e));
            return Responses.status(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        }
    }

    private void sendOn(EventLoop loop, ChannelHandlerContext context, HttpRequest asked, ApiResponse response) {
        try {
            loop.execute(() -> send(context, asked, response));
        } catch (RejectedExecutionException e) {
            abort(response); // The server is being closed.
        }
    }

    private static void abort(ApiResponse response) {
        if (response instanceof ApiResponse.Stream stream) {
            stream.stream().abort();
        }
    }

    private void send(ChannelHandlerContext context, HttpRequest asked, ApiResponse response) {
        if (state == State.ENDED) {
            abort(response); // The connection is gone.
        } else if (response instanceof ApiResponse.Stream stream) {
            startStream(context, stream);
        } else if (response instanceof ApiResponse.Content content) {
            state = State.READING;
            send(context, asked, Responses.content(content));
            FlushScheduler.ofThisLoop().responded();
            drainQueue(context);
        }
    }

    private void send(ChannelHandlerContext context, HttpRequest asked, FullHttpResponse response) {
        request = null;
        boolean keepAlive = HttpUtil.isKeepAlive(asked);
        HttpUtil.setKeepAlive(response.headers(), asked.protocolVersion(), keepAlive);
        ChannelFuture sent = write(context, response);
        if (!keepAlive) {
            state = State.ENDED;
            sent.addListener(done -> context.close());
        }
    }

    private ChannelFuture write(ChannelHandlerContext context, FullHttpResponse response) {
        setDate(response);
        if (!response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
            HttpUtil.setContentLength(response, response.content().readableBytes());
        }
        return context.writeAndFlush(response);
    }

    private void setDate(HttpResponse response) {
        response.headers().set(HttpHeaderNames.DATE, date.now());
    }

    /** The connection ends with the response: what else comes over it cannot be told apart from the rest of a bad request. */
    private void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
        state = State.ENDED;
        request = null;
        FullHttpResponse response = Responses.status(status);
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        write(context, response).addListener(done -> {
            ((SocketChannel) context.channel()).shutdownOutput();
            context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    /** From here on the connection is the stream's alone. */
    private void startStream(ChannelHandlerContext context, ApiResponse.Stream response) {
        state = State.ENDED;
        HttpResponse head = Responses.head(response);
        setDate(head);
        ChannelFuture written = context.write(head);
        Channel channel = context.channel();
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addLast(new StreamHandler(response.stream()));
        // This one first: what the codec has read ahead and releases is no request any more.
        pipeline.remove(this);
        pipeline.remove(HttpServerCodec.class);
        pipeline.remove(IdleStateHandler.class);
        channel.config().setAutoRead(true);
        response.stream().attach(new ChannelSink(channel, response.stream(), written));
        response.stream().start();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        state = State.ENDED;
        while (!queue.isEmpty()) {
            ReferenceCountUtil.release(queue.remove());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        handlerRemoved(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent idle && (idle.state() != IdleState.WRITER_IDLE || isStuck(context))) {
            context.close();
        }
    }

    /** Whether the client has taken nothing of its response, or has not ended its request, for too long. */
    private boolean isStuck(ChannelHandlerContext context) {
        Channel channel = context.channel();
        boolean takesNothing =
                channel.bytesBeforeUnwritable() < channel.config().getWriteBufferHighWaterMark();
        boolean neverEnds =
                request != null && state == State.READING && System.nanoTime() - begunAt >= COMPLETE_WITHIN.toNanos();
        return takesNothing || neverEnds;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
