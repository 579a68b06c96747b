package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.ByteBudget;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.EventPoll;
import io.github.ephemeralchat.sse.EventStream;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections share: the API, its mount, and where its requests run.
 *
 * @param executor where requests run
 * @param threads where those run that block for the host's guard, if the executor has left them on an event loop
 * @param fallback responds outside of the mount
 */
record ApiDispatcher(
        ChatApi api,
        String mount,
        Executor executor,
        Executor threads,
        RequestHooks<HttpRequest> hooks,
        Function<? super HttpRequest, ? extends FullHttpResponse> fallback) {

    private static final Logger log = LoggerFactory.getLogger(ApiDispatcher.class);

    /**
     * Has the API respond: on the connection's event loop if that needs not wait, else on whatever thread its requests run.
     * Called on that loop.
     *
     * @param then takes the response, on the connection's event loop
     */
    void dispatch(HttpRequest request, RequestTarget target, byte[] body, Channel channel, Consumer<ApiResponse> then) {
        ApiRequest translated = translate(request, target, body, channel);
        Optional<CompletionStage<ApiResponse>> responding;
        try {
            responding = api.handleAsync(translated, task -> runOn(channel.eventLoop(), task));
        } catch (Throwable e) {
            failed(channel, e);
            return;
        }
        responding.ifPresentOrElse(
                response -> response.whenComplete((made, failure) -> {
                    if (failure == null) {
                        deliver(made, channel, then);
                    } else {
                        failed(channel, failure);
                    }
                }),
                () -> dispatchToExecutor(request, target, body, channel, then));
    }

    private static void runOn(EventLoop loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void dispatchToExecutor(
            HttpRequest request, RequestTarget target, byte[] body, Channel channel, Consumer<ApiResponse> then) {
        Runnable responding = () -> respond(request, target, body, channel, then);
        try {
            executor.execute(asksGuard(request, target) ? () -> offTheLoop(responding, channel) : responding);
        } catch (RejectedExecutionException e) {
            deliver(api.overloaded(translate(request, target, body, channel)), channel, then);
        }
    }

    private boolean asksGuard(HttpRequest request, RequestTarget target) {
        return api.asksGuard(request.method().name(), target.path().substring(mount.length()));
    }

    /** All other connections of the loop would wait for the host's guard. */
    private void offTheLoop(Runnable responding, Channel channel) {
        if (channel.eventLoop().inEventLoop()) {
            threads.execute(responding);
        } else {
            responding.run();
        }
    }

    /** Whatever fails, a connection that waits for a response does not wait for ever. */
    private void respond(
            HttpRequest request, RequestTarget target, byte[] body, Channel channel, Consumer<ApiResponse> then) {
        try {
            deliver(api.handle(translate(request, target, body, channel)), channel, then);
        } catch (Throwable e) {
            failed(channel, e);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    private static void failed(Channel channel, Throwable failure) {
        channel.close();
        LoopLog.warn(log, "A request failed", failure);
    }

    private static void deliver(ApiResponse response, Channel channel, Consumer<ApiResponse> then) {
        EventLoop loop = channel.eventLoop();
        if (loop.inEventLoop()) {
            deliverSafely(response, channel, then);
            return;
        }
        try {
            loop.execute(() -> deliverSafely(response, channel, then));
        } catch (RejectedExecutionException e) {
            abort(response); // The server is being closed.
        }
    }

    /** A task of an event loop, which throws nothing. */
    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    private static void deliverSafely(ApiResponse response, Channel channel, Consumer<ApiResponse> then) {
        try {
            then.accept(response);
        } catch (Throwable e) {
            abort(response);
            channel.close();
            LoopLog.warn(log, "A response could not be sent", e);
        }
    }

    /** Ends what a response that is not sent would have waited for. */
    static void abort(ApiResponse response) {
        EventStream stream = response.stream();
        EventPoll poll = response.poll();
        if (stream != null) {
            stream.abort();
        }
        if (poll != null) {
            poll.abort();
        }
    }

    ByteBudget incoming() {
        return api.incoming();
    }

    ByteBudget outgoing() {
        return api.outgoing();
    }

    /** Whether the body of a request makes a difference to its response. */
    boolean wantsBody(HttpRequest request) {
        try {
            RequestTarget target = RequestTarget.of(request.uri());
            return target.isBelow(mount) && api.hasResource(target.path().substring(mount.length()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What the server itself has to say; a page of a listed origin may read it. */
    ApiResponse refused(HttpResponseStatus status, @Nullable String origin) {
        return api.refused(status.code(), status.reasonPhrase(), origin);
    }

    /** Has the host respond; what it does wrong is nobody else's to see. */
    FullHttpResponse respondOutside(HttpRequest request) {
        try {
            return Objects.requireNonNull(fallback.apply(request));
        } catch (Throwable e) {
            LoopLog.warn(log, "The host's fallback failed", e);
            return Responses.refused(HttpResponseStatus.INTERNAL_SERVER_ERROR);
        }
    }

    private ApiRequest translate(HttpRequest request, RequestTarget target, byte[] body, Channel channel) {
        InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
        return new ApiRequest(
                request.method().name(),
                target.path().substring(mount.length()),
                target.query(),
                // Most headers that are asked for are absent, which costs nothing to see.
                name -> request.headers().contains(name) ? request.headers().getAll(name) : List.of(),
                () -> body,
                mount,
                channel.pipeline().get(SslHandler.class) != null,
                !channel.eventLoop().inEventLoop(),
                hooks.bind(request, client.getAddress().getHostAddress()));
    }
}
