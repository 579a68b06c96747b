package io.github.ephemeralchat.netty;

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
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that asks: one request after the other, each answered before the next is looked at. Lives on its event
 * loop; only the API's calls may run elsewhere.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // A write or a close that fails ends the connection, which is told elsewhere.
final class RequestHandler extends ChannelInboundHandlerAdapter {

    /** How long a client that is refused in the middle of a body may go on sending, so that it gets to see why. */
    private static final int LINGER_MILLIS = 1_000;

    /** How long a request may take from its head to its last byte. */
    private static final Duration COMPLETE_WITHIN = Duration.ofSeconds(30);

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private final ApiDispatcher door;
    private @Nullable HttpRequest request;
    private final BodyBuffer body = new BodyBuffer();
    /** Whether an answer is being made: what comes meanwhile waits. */
    private boolean busy;
    /** Whether nothing more is answered on this connection. */
    private boolean over;
    /** What a client sent ahead, of one read at the most: then reading stops. */
    private @Nullable Deque<HttpObject> ahead;
    /** Whether what was sent ahead is being taken, by a call further up. */
    private boolean takingAhead;

    private long begunAt;

    RequestHandler(ApiDispatcher door) {
        this.door = door;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ahead != null || mustWait(context)) {
            wait(context, (HttpObject) message);
        } else {
            take(context, (HttpObject) message);
        }
    }

    /** A client gets its next answer once this one is made, and once it has taken most of those before. */
    private boolean mustWait(ChannelHandlerContext context) {
        return busy || !context.channel().isWritable();
    }

    private void wait(ChannelHandlerContext context, HttpObject message) {
        if (ahead == null) {
            ahead = new ArrayDeque<>();
            context.channel().config().setAutoRead(false);
        }
        ahead.add(message);
    }

    private void take(ChannelHandlerContext context, HttpObject message) {
        try {
            if (over) {
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
                    answer(context, request);
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
            // Past the codec, which would take it for the answer to this request.
            context.pipeline().context(HttpServerCodec.class).writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest asked) {
        byte[] content = body.take();
        RequestTarget target;
        try {
            target = RequestTarget.of(asked.uri());
        } catch (IllegalArgumentException e) {
            refuse(context, HttpResponseStatus.BAD_REQUEST);
            return;
        }
        if (door.isForApi(target)) {
            call(context, asked, target, content);
        } else {
            send(context, asked, otherwise(asked));
        }
    }

    /** What the host does wrong is nobody else's to see. */
    private FullHttpResponse otherwise(HttpRequest asked) {
        try {
            return Objects.requireNonNull(door.otherwise(asked));
        } catch (RuntimeException e) {
            log.error("The host's own answer failed with {}", e.getClass().getName());
            return Responses.refusal(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        }
    }

    private void call(ChannelHandlerContext context, HttpRequest asked, RequestTarget target, byte[] content) {
        busy = true;
        EventLoop loop = context.channel().eventLoop();
        InetSocketAddress client = (InetSocketAddress) context.channel().remoteAddress();
        door.answer(asked, target, content, client, answer -> {
            if (loop.inEventLoop()) {
                send(context, asked, answer);
            } else {
                sendOn(loop, context, asked, answer);
            }
        });
    }

    private void sendOn(EventLoop loop, ChannelHandlerContext context, HttpRequest asked, ApiResponse answer) {
        try {
            loop.execute(() -> send(context, asked, answer));
        } catch (RejectedExecutionException e) {
            discard(answer); // The server is being closed.
        }
    }

    private static void discard(ApiResponse answer) {
        if (answer instanceof ApiResponse.Stream stream) {
            stream.stream().discard();
        }
    }

    private void send(ChannelHandlerContext context, HttpRequest asked, ApiResponse answer) {
        busy = false;
        if (!context.channel().isActive()) {
            discard(answer);
        } else if (answer instanceof ApiResponse.Stream stream) {
            stream(context, stream);
        } else if (answer instanceof ApiResponse.Content content) {
            send(context, asked, Responses.content(content));
            FlushScheduler.ofThisLoop().answered();
            takeAhead(context);
        }
    }

    private void takeAhead(ChannelHandlerContext context) {
        if (ahead == null || takingAhead) {
            return;
        }
        takingAhead = true;
        while (ahead != null && !ahead.isEmpty() && !mustWait(context)) {
            take(context, ahead.poll());
        }
        takingAhead = false;
        if (ahead != null && ahead.isEmpty() && !mustWait(context)) {
            ahead = null;
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        takeAhead(context);
    }

    private void send(ChannelHandlerContext context, HttpRequest asked, FullHttpResponse response) {
        request = null;
        response.headers().set(HttpHeaderNames.DATE, door.date().now());
        if (!response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
            HttpUtil.setContentLength(response, response.content().readableBytes());
        }
        boolean keepAlive = HttpUtil.isKeepAlive(asked);
        HttpUtil.setKeepAlive(response.headers(), asked.protocolVersion(), keepAlive);
        ChannelFuture sent = context.writeAndFlush(response);
        if (!keepAlive) {
            over = true;
            sent.addListener(done -> context.close());
        }
    }

    /** The connection ends with the answer: what else comes over it cannot be told apart from the rest of a bad request. */
    private void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
        over = true;
        request = null;
        FullHttpResponse response = Responses.refusal(status);
        response.headers().set(HttpHeaderNames.DATE, door.date().now());
        HttpUtil.setContentLength(response, response.content().readableBytes());
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        context.writeAndFlush(response).addListener(done -> {
            ((SocketChannel) context.channel()).shutdownOutput();
            context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    /** From here on the connection is the stream's alone. */
    private void stream(ChannelHandlerContext context, ApiResponse.Stream answer) {
        over = true;
        var head = Responses.head(answer);
        head.headers().set(HttpHeaderNames.DATE, door.date().now());
        ChannelFuture written = context.write(head);
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addLast(new StreamHandler(answer.stream()));
        // This one first: what the codec has read ahead and lets go of is no request any more.
        pipeline.remove(this);
        pipeline.remove(HttpServerCodec.class);
        pipeline.remove(IdleStateHandler.class);
        context.channel().config().setAutoRead(true);
        answer.stream().start(new ChannelSink(context.channel(), answer.stream(), written));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over = true;
        release();
    }

    private void release() {
        Deque<HttpObject> left = ahead;
        ahead = null;
        while (left != null && !left.isEmpty()) {
            ReferenceCountUtil.release(left.poll());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent idle && (idle.state() != IdleState.WRITER_IDLE || isStuck(context))) {
            context.close();
        }
    }

    /** Whether the client has taken nothing of its answer, or has not ended its request, for too long. */
    private boolean isStuck(ChannelHandlerContext context) {
        Channel channel = context.channel();
        boolean takesNothing =
                channel.bytesBeforeUnwritable() < channel.config().getWriteBufferHighWaterMark();
        boolean neverEnds = request != null && !busy && System.nanoTime() - begunAt >= COMPLETE_WITHIN.toNanos();
        return takesNothing || neverEnds;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
