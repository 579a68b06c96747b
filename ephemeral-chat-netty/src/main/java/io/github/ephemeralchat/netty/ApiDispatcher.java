package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.ChatApi;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** What all connections share: the API, where it is mounted, and where its calls run. */
final class ApiDispatcher {

    private final ChatApi api;
    private final String mount;
    private final Executor calls;
    private final RequestHooks host;
    private final HttpDate date = new HttpDate();

    ApiDispatcher(ChatApi api, String mount, Executor calls, RequestHooks host) {
        this.api = api;
        this.mount = mount;
        this.calls = calls;
        this.host = host;
    }

    HttpDate date() {
        return date;
    }

    boolean isForApi(RequestTarget target) {
        String path = target.path();
        return path.startsWith(mount) && (path.length() == mount.length() || path.charAt(mount.length()) == '/');
    }

    FullHttpResponse otherwise(HttpRequest request) {
        return host.otherwise().apply(request);
    }

    /** Has the API answer, on whatever thread its calls run. */
    void answer(
            HttpRequest request,
            RequestTarget target,
            byte[] body,
            InetSocketAddress client,
            Consumer<ApiResponse> then) {
        ApiRequest call = call(request, target, body, client);
        try {
            calls.execute(() -> then.accept(api.handle(call)));
        } catch (RejectedExecutionException e) {
            then.accept(api.overloaded(call));
        }
    }

    private ApiRequest call(HttpRequest request, RequestTarget target, byte[] body, InetSocketAddress client) {
        return new ApiRequest(
                request.method().name(),
                target.path().substring(mount.length()),
                target.query(),
                name -> values(request, name),
                new BodyStream(body),
                mount,
                false,
                () -> clientAddress(request, client),
                () -> host.identity().apply(request),
                () -> host.mayCreate().test(request));
    }

    /** Most headers that are asked for are not there, which costs nothing to see. */
    private static List<String> values(HttpRequest request, String name) {
        return request.headers().contains(name) ? request.headers().getAll(name) : List.of();
    }

    private String clientAddress(HttpRequest request, InetSocketAddress client) {
        String told = host.clientAddress().apply(request);
        return told == null ? client.getAddress().getHostAddress() : told;
    }
}
