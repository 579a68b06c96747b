package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

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

    /** Has the API respond, on whatever thread its requests run. */
    void dispatch(HttpRequest request, RequestTarget target, byte[] body, Channel channel, Consumer<ApiResponse> then) {
        try {
            executor.execute(() -> then.accept(api.handle(translate(request, target, body, channel))));
        } catch (RejectedExecutionException e) {
            then.accept(api.overloaded(translate(request, target, body, channel)));
        }
    }

    private ApiRequest translate(HttpRequest request, RequestTarget target, byte[] body, Channel channel) {
        InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
        return new ApiRequest(
                request.method().name(),
                target.path().substring(mount.length()),
                target.query(),
                name -> values(request, name),
                () -> body,
                mount,
                false,
                !channel.eventLoop().inEventLoop(),
                hooks.bind(request, client.getAddress().getHostAddress()));
    }

    /** Most headers that are asked for are absent, which costs nothing to see. */
    private static List<String> values(HttpRequest request, String name) {
        return request.headers().contains(name) ? request.headers().getAll(name) : List.of();
    }
}
