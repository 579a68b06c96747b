package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves the HTTP API and its event streams without a servlet container. It speaks HTTP/1.1 in the clear: TLS and HTTP/2
 * are a proxy's. Thread-safe.
 *
 * <p>A connection belongs to one event loop, and so does its stream. To signal a stream is to leave a task in the loop's
 * queue; the loop first reads what all its connections have sent, then writes to the streams; if few of them wait, after
 * a few responses already. So what several clients post to a large room at once leaves in one write for each stream.
 *
 * <p>It neither opens nor closes the service: the host does, after this.
 */
public final class NettyChatServer implements AutoCloseable {

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final ChatApi api;

    /** Without a thread if the host has an executor of its own. */
    private final ExecutorService pool;

    private final EventLoopGroup loops;
    private final Channel listening;

    private NettyChatServer(ChatApi api, ExecutorService pool, EventLoopGroup loops, Channel listening) {
        this.api = api;
        this.pool = pool;
        this.loops = loops;
        this.listening = listening;
    }

    /**
     * Starts from the defaults.
     *
     * @param service the rooms
     * @return a new builder
     */
    public static Builder builder(EphemeralChatService service) {
        return new Builder(service);
    }

    /**
     * Returns where the server listens.
     *
     * @return the address and the port, also if any free one was asked for
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** {@return how many event streams are open} */
    public int streamCount() {
        return api.streamCount();
    }

    /**
     * Takes no more connections, ends the streams with a hint to their clients when to come back, and closes all
     * connections: within 3 seconds. Idempotent.
     */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        api.close();
        pool.shutdownNow();
        loops.shutdownGracefully(0, CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_WITHIN.toMillis());
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        /** A silent store holds up to 64 requests for two seconds: the rest must still find a thread. */
        private static final int REQUEST_THREADS = 200;

        private final EphemeralChatService service;
        private ChatHttpSettings settings = ChatHttpSettings.defaults();
        private String host = "localhost";
        private int port;
        private String path = "/api";
        private int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        private @Nullable Executor requestExecutor;
        private RequestHooks<HttpRequest> hooks = RequestHooks.defaults();
        private Function<? super HttpRequest, ? extends FullHttpResponse> fallback =
                request -> Responses.status(HttpResponseStatus.NOT_FOUND);

        private Builder(EphemeralChatService service) {
            this.service = service;
        }

        /**
         * Sets what the host decides about the API, {@link ChatHttpSettings#defaults()} by default.
         *
         * @param settings the settings
         * @return this
         */
        public Builder settings(ChatHttpSettings settings) {
            this.settings = settings;
            return this;
        }

        /**
         * Sets the address to listen on, {@code localhost} by default.
         *
         * @param host a name or an address of this machine; {@code 0.0.0.0} is every one
         * @return this
         */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /**
         * Sets the port, any free one by default.
         *
         * @param port 0 for any free one
         * @return this
         */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /**
         * Sets below which path the API is, {@code /api} by default.
         *
         * @param path with a slash at its beginning and none at its end, of characters that need no escaping
         * @return this
         */
        public Builder path(String path) {
            this.path = path;
            return this;
        }

        /**
         * Sets the number of event loops, half of the processors by default: the kernel needs the other half.
         *
         * @param threads from 1
         * @return this
         */
        public Builder threads(int threads) {
            this.threads = threads;
            return this;
        }

        /**
         * Sets where the API's requests run, which block as long as the store does. By default that is a pool of up to
         * 200 threads. For a store that never waits, as the one in memory, {@code Runnable::run} leaves them on the event
         * loops, which spares each request two changes of thread.
         *
         * @param requestExecutor an executor; what it rejects gets a 503
         * @return this
         */
        public Builder requestExecutor(Executor requestExecutor) {
            this.requestExecutor = requestExecutor;
            return this;
        }

        /**
         * Sets what the host decides about each request, {@link RequestHooks#defaults()} by default.
         *
         * @param hooks called where the API's requests run
         * @return this
         */
        public Builder hooks(RequestHooks<HttpRequest> hooks) {
            this.hooks = hooks;
            return this;
        }

        /**
         * Sets what responds outside of the API's path: by default a 404.
         *
         * @param fallback called on an event loop, so it must not block; the length, the date and what concerns the
         *     connection is added to its response
         * @return this
         */
        public Builder fallback(Function<? super HttpRequest, ? extends FullHttpResponse> fallback) {
            this.fallback = fallback;
            return this;
        }

        /**
         * Starts the server.
         *
         * @return the server, which responds from now on
         * @throws IllegalArgumentException if a setting is out of its bounds
         * @throws IOException if it cannot listen there
         */
        public NettyChatServer start() throws IOException {
            if (threads < 1 || !path.matches("(/[A-Za-z0-9._~-]+)*")) {
                throw new IllegalArgumentException("there is at least one thread, and a path has no slash at its end");
            }
            InetSocketAddress address = new InetSocketAddress(host, port);
            ChatApi api = new ChatApi(service, settings);
            ExecutorService pool = requestThreads();
            Executor executor = requestExecutor == null ? pool : requestExecutor;
            ApiDispatcher dispatcher = new ApiDispatcher(api, path, executor, hooks, fallback);
            EventLoopGroup loops = Transport.loops(threads);
            ChannelFuture bound = Transport.listen(loops, address, dispatcher).awaitUninterruptibly();
            NettyChatServer server = new NettyChatServer(api, pool, loops, bound.channel());
            if (!bound.isSuccess()) {
                server.close();
                throw new IOException("the server can't listen there", bound.cause());
            }
            return server;
        }

        /** No queue: a request that finds no thread is refused, and the thread that was busy last is taken first. */
        private static ExecutorService requestThreads() {
            return new ThreadPoolExecutor(
                    0,
                    REQUEST_THREADS,
                    DaemonThreads.IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    DaemonThreads.factory("ephemeral-chat-request"));
        }
    }
}
