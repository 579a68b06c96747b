package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections share: the API, its mount, and where its requests run.
 *
 * @param fallback responds outside of the mount
 */
record ApiDispatcher(
        ChatApi api,
        String mount,
        Executor executor,
        RequestHooks<HttpRequest> hooks,
        Function<? super HttpRequest, ? extends FullHttpResponse> fallback) {

    private static final Logger log = LoggerFactory.getLogger(ApiDispatcher.class);

    /** Has the API respond, on whatever thread its requests run. */
    void dispatch(HttpRequest request, RequestTarget target, byte[] body, Channel channel, Consumer<ApiResponse> then) {
        try {
            executor.execute(() -> then.accept(api.handle(translate(request, target, body, channel))));
        } catch (RejectedExecutionException e) {
            then.accept(api.overloaded(translate(request, target, body, channel)));
        }
    }

    /** Has the host respond; what it does wrong is nobody else's to see. */
    FullHttpResponse respondOutside(HttpRequest request) {
        try {
            return Objects.requireNonNull(fallback.apply(request));
        } catch (RuntimeException e) {
            log.error("The host's fallback failed", Failures.withoutMessages(e));
            return Responses.status(HttpResponseStatus.INTERNAL_SERVER_ERROR);
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
                false,
                !channel.eventLoop().inEventLoop(),
                hooks.bind(request, client.getAddress().getHostAddress()));
    }
}
