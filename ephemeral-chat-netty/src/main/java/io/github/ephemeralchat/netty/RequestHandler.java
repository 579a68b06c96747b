package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.EventPoll;
import io.github.ephemeralchat.sse.EventStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends requests: one after the other, each gets its response before the next is looked at. Lives on
 * its event loop; only the API may run elsewhere.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write or a close that fails ends the connection, which is seen there.
final class RequestHandler extends ChannelInboundHandlerAdapter {

    private enum State {
        /** A request is awaited or read. */
        READING,
        /** The API is working on a response: what comes meanwhile is queued. */
        RESPONDING,
        /** No more requests are taken on this connection. */
        ENDED
    }

    private final ApiDispatcher api;
    private final RequestDecoder decoder;
    private final Connection connection;
    private final Connections connections;
    private final ResponseWriter responses;
    private State state = State.READING;
    private @Nullable HttpRequest request;
    private final BodyBuffer body;

    private final AwaitedPoll poll;

    private final RequestDeadline deadline;

    private final RequestQueue queue = new RequestQueue();

    /** Whether the client has ended its side of the connection, and only reads. */
    private boolean inputEnded;

    RequestHandler(
            ApiDispatcher api,
            RequestDecoder decoder,
            Duration completeWithin,
            Connection connection,
            Connections connections) {
        this.api = api;
        this.decoder = decoder;
        this.deadline = new RequestDeadline(completeWithin);
        this.body = new BodyBuffer(api.incoming());
        this.connection = connection;
        this.connections = connections;
        this.responses = new ResponseWriter(api, connection);
        this.poll = new AwaitedPoll(connection, connections);
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
        if (!queue.drain(context, this)) {
            return;
        }
        Channel channel = context.channel();
        if (!inputEnded && channel.config().isAutoRead() != queue.isEmpty()) {
            channel.config().setAutoRead(queue.isEmpty());
        }
        if (inputEnded && state == State.READING && queue.isEmpty()) {
            state = State.ENDED; // No request is whole, and none will come.
            context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(ChannelFutureListener.CLOSE); // After the responses.
        }
    }

    boolean mayTake(ChannelHandlerContext context) {
        return state != State.RESPONDING && context.channel().isWritable();
    }

    /** Others have had their turn. */
    void nextRow(ChannelHandlerContext context) {
        if (!context.isRemoved() && context.channel().isActive()) {
            drainQueue(context);
        }
    }

    /** Takes a message off the queue, and releases it. */
    void take(ChannelHandlerContext context, HttpObject message) {
        try {
            if (state == State.ENDED) {
                return;
            }
            if (message.decoderResult().isFailure()) {
                refuse(context, RefusedException.status(message.decoderResult().cause(), request == null));
                return;
            }
            if (message instanceof HttpRequest begun) {
                begin(context, begun);
            }
            if (message instanceof HttpContent content && request != null) {
                HttpResponseStatus refusal = body.add(content.content());
                if (refusal != null) {
                    refuse(context, refusal);
                } else if (content instanceof LastHttpContent) {
                    respond(context, request);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest begun) {
        request = begun;
        try {
            RequestHead.check(begun);
        } catch (RefusedException e) {
            refuse(context, e.status);
            return;
        }
        if (HttpUtil.is100ContinueExpected(begun)) {
            respondToExpectation(context, begun);
        }
    }

    /** Whoever asks before it sends a body is told at once what does not depend on it. */
    private void respondToExpectation(ChannelHandlerContext context, HttpRequest asked) {
        if (api.wantsBody(asked)) {
            ResponseWriter.writeContinue(context);
        } else {
            HttpUtil.setKeepAlive(asked, false); // The body may come all the same, and is no request.
            respond(context, asked);
        }
    }

    private void respond(ChannelHandlerContext context, HttpRequest asked) {
        queue.countRequest();
        byte[] content = body.take();
        RequestTarget target;
        try {
            target = RequestTarget.of(asked.uri());
        } catch (IllegalArgumentException e) {
            refuse(context, HttpResponseStatus.BAD_REQUEST);
            return;
        }
        connection.responding();
        if (!target.isBelow(api.mount())) {
            write(context, asked, api.respondOutside(asked), isGet(asked));
            return;
        }
        state = State.RESPONDING;
        api.dispatch(
                asked, target, content, context.channel(), response -> send(context, asked, response, isGet(asked)));
    }

    private static boolean isGet(HttpRequest asked) {
        return asked.method().equals(HttpMethod.GET);
    }

    /**
     * Sends a response, or what it waits for.
     *
     * @param mayRepeat whether the request changes nothing if it comes again
     */
    private void send(ChannelHandlerContext context, HttpRequest asked, ApiResponse response, boolean mayRepeat) {
        EventStream stream = response.stream();
        EventPoll events = response.poll();
        if (state == State.ENDED) {
            ApiDispatcher.abort(response); // The connection is gone.
        } else if (events != null && connections.toPoll(connection)) {
            awaitEvents(context, asked, response, events);
        } else if (stream != null && connections.toStream(connection)) {
            startStream(context, Responses.head(response), stream);
        } else {
            ApiDispatcher.abort(response); // It would be one too many.
            state = State.READING;
            boolean isWhole = stream == null && events == null;
            HttpResponseStatus tooMany = HttpResponseStatus.TOO_MANY_REQUESTS;
            write(context, asked, isWhole ? Responses.full(response) : Responses.refused(tooMany), mayRepeat);
            FlushScheduler.ofThisLoop().responded();
            drainQueue(context);
        }
    }

    private void awaitEvents(ChannelHandlerContext context, HttpRequest asked, ApiResponse response, EventPoll events) {
        poll.await(events, context.executor(), body -> send(context, asked, response.whole(body), true));
        if (inputEnded) {
            poll.finish();
        }
    }

    private void write(ChannelHandlerContext context, HttpRequest asked, FullHttpResponse response, boolean mayRepeat) {
        request = null;
        boolean keepAlive = HttpUtil.isKeepAlive(asked) && !(inputEnded && queue.isEmpty());
        state = keepAlive ? state : State.ENDED;
        responses.write(context, asked, response, mayRepeat, keepAlive);
    }

    /** The connection ends with the response: what else comes over it may be the rest of a bad request. */
    private void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
        HttpRequest asked = request;
        state = State.ENDED;
        request = null;
        responses.refuse(context, asked, status);
    }

    /** From here on the connection is the stream's alone. */
    private void startStream(ChannelHandlerContext context, HttpResponse head, EventStream stream) {
        state = State.ENDED;
        Channel channel = context.channel();
        channel.closeFuture().addListener(done -> connections.streamClosed());
        ChannelSink sink = new ChannelSink(channel, stream, context.write(head));
        ChannelPipeline pipeline = context.pipeline().addLast(sink);
        // This one first: what the codec has read ahead and releases is no request any more.
        pipeline.remove(this);
        pipeline.remove(decoder);
        pipeline.remove(HttpResponseEncoder.class);
        pipeline.remove(IdleCloser.class);
        if (!inputEnded) {
            channel.config().setAutoRead(true);
        }
        sink.start();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        queue.readComplete();
        if (decoder.isWithinRequest()) {
            deadline.begin(context.executor(), () -> timeOut(context));
        } else {
            deadline.end();
        }
    }

    private void timeOut(ChannelHandlerContext context) {
        if (state == State.READING && queue.isEmpty()) {
            refuse(context, HttpResponseStatus.REQUEST_TIMEOUT);
        } else {
            channelReadComplete(context); // It is not the client that is waited for.
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        state = State.ENDED;
        poll.abort();
        body.clear();
        deadline.end();
        queue.clear();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        handlerRemoved(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            poll.finish(); // Most clients that send no more are gone: the write tells.
            drainQueue(context);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
