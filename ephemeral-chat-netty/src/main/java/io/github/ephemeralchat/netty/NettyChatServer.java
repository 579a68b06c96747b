package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.internal.support.Setting;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves the HTTP API and its event streams without a servlet container. It speaks HTTP/1.1, in
 * the clear or over {@linkplain Builder#tls TLS}. For HTTP/2 put a proxy before it. Thread-safe.
 *
 * <p>A connection belongs to one event loop, and so does its stream. To signal a stream is to leave a task in the loop's
 * queue; the loop first reads what all its connections have sent, then writes to the streams; if few of them wait, after
 * a few responses already. So what several clients post to a large room at once leaves in one write for each stream.
 *
 * <p>It does not close the service: the host does, after this.
 */
public final class NettyChatServer implements AutoCloseable {

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    /** The kernel needs the other half of the processors. */
    private static final int USUAL_THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final ChatApi api;

    /** Usually without a thread if the host has an executor of its own. */
    private final ExecutorService pool;

    private final EventLoopGroup loops;
    private final boolean ownsLoops;
    private final Channel listening;
    private final Connections connections;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private NettyChatServer(
            ChatApi api,
            ExecutorService pool,
            EventLoopGroup loops,
            boolean ownsLoops,
            Channel listening,
            Connections connections) {
        this.api = api;
        this.pool = pool;
        this.loops = loops;
        this.ownsLoops = ownsLoops;
        this.listening = listening;
        this.connections = connections;
        loops.forEach(loop -> loop.terminationFuture().addListener(done -> loopEnded()));
    }

    /**
     * Creates a builder that has the defaults.
     *
     * @param service the rooms
     * @return a new builder
     */
    public static Builder builder(EphemeralChatService service) {
        return new Builder(service);
    }

    /**
     * Makes event loops that the server and connections of the host's can share, as many as the server has by default.
     *
     * @return loops of the transport that the server uses: epoll if it is available, else the JDK's selector
     */
    public static EventLoopGroup newEventLoops() {
        return Transport.loops(USUAL_THREADS);
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
     * Returns what completes once the server is closed. It completes exceptionally if nobody has called {@link #close}:
     * then an event loop has ended, for example because the JVM has no memory left, and the server has closed itself.
     * A process that only serves should end then, with an exit code that says so.
     *
     * @return a stage; what depends on it runs on a thread of its own, or on the one that closes the server
     */
    public CompletionStage<Void> closed() {
        return closed.minimalCompletionStage();
    }

    /**
     * Takes no more connections, ends the streams with a hint to their clients when to come back, and closes all
     * connections: within 3 seconds. Idempotent.
     */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            shutDown();
            closed.complete(null);
        }
    }

    /** Half a server is worse than none: nobody sees it, and a part of the clients waits for ever. */
    private void loopEnded() {
        if (closing.compareAndSet(false, true)) {
            new Thread(this::closeAfterFailure, "ephemeral-chat-http-end").start();
        }
    }

    private void closeAfterFailure() {
        try {
            shutDown();
        } finally {
            closed.completeExceptionally(new IllegalStateException("an event loop has ended"));
        }
    }

    private void shutDown() {
        listening.close().awaitUninterruptibly(CLOSE_WITHIN.toMillis());
        api.close();
        pool.shutdownNow();
        connections.close();
        long deadline = System.nanoTime() + CLOSE_WITHIN.toNanos();
        awaitTasks(deadline);
        if (ownsLoops) {
            end(loops, millisUntil(deadline));
        }
    }

    private static void end(EventLoopGroup loops, long millis) {
        loops.shutdownGracefully(0, CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(millis);
    }

    /**
     * Waits until the loops have done what waits for them, such as the responses of polls that were ended: a loop that is told
     * to end closes its connections first.
     */
    private void awaitTasks(long deadline) {
        for (EventExecutor loop : loops) {
            try {
                if (!loop.inEventLoop()) {
                    loop.submit(() -> {}).awaitUninterruptibly(millisUntil(deadline));
                }
            } catch (RejectedExecutionException e) {
                // It has ended, and its connections with it.
            }
        }
    }

    private static long millisUntil(long deadline) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
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
        private int threads = USUAL_THREADS;
        private int maxConnections;
        private int maxConnectionsPerAddress;
        private RequestLimits requestLimits = RequestLimits.USUAL;
        private @Nullable SslContext tls;
        private @Nullable EventLoopGroup eventLoops;
        private @Nullable Executor requestExecutor;
        private RequestHooks<HttpRequest> hooks = RequestHooks.defaults();
        private Function<? super HttpRequest, ? extends FullHttpResponse> fallback =
                request -> Responses.refused(HttpResponseStatus.NOT_FOUND);

        private Builder(EphemeralChatService service) {
            this.service = Objects.requireNonNull(service, "service");
        }

        /**
         * Sets what the host decides about the API, {@link ChatHttpSettings#defaults()} by default.
         *
         * @param settings the settings
         * @return this
         */
        public Builder settings(ChatHttpSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Sets the address to listen on, {@code localhost} by default.
         *
         * @param host a name or an address of this machine; {@code 0.0.0.0} is every one
         * @return this
         */
        public Builder host(String host) {
            this.host = Objects.requireNonNull(host, "host");
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
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder path(String path) {
            Objects.requireNonNull(path, "path");
            Setting.check(
                    path.matches("(/[A-Za-z0-9._~-]+)*"),
                    "path",
                    path,
                    "a path such as /api, with no slash at its end");
            this.path = path;
            return this;
        }

        /**
         * Sets the number of event loops, half of the processors by default. Loops of the {@linkplain #eventLoopGroup host's}
         * are as many as they are.
         *
         * @param threads from 1
         * @return this
         * @throws IllegalArgumentException if there is none
         */
        public Builder threads(int threads) {
            this.threads = Setting.atLeast(1, "threads", threads);
            return this;
        }

        /**
         * Has the server use event loops of the host's in place of its own, such as those that its connections to a store are
         * on: then a post is answered on the loop that has read it.
         *
         * @param group made by {@link NettyChatServer#newEventLoops}; the host ends it, after the server and all others that use it
         * @return this
         */
        public Builder eventLoopGroup(EventLoopGroup group) {
            this.eventLoops = Objects.requireNonNull(group, "eventLoopGroup");
            return this;
        }

        /**
         * Sets how many connections are open at once, by default as many as the process has descriptors and heap for
         * when the server starts: an eighth of the descriptors is left to everything else, and each connection has
         * 8 KiB of the heap. Set it if the rest of the process opens many files or connections of its own.
         *
         * <p>Beyond it the oldest connection gives way that waits for a request or for the rest of one. If there is
         * none, the newcomer is refused. Three quarters of the connections may be event streams, which never give way.
         *
         * @param maxConnections from 1
         * @return this
         * @throws IllegalArgumentException if there is none
         */
        public Builder maxConnections(int maxConnections) {
            this.maxConnections = Setting.atLeast(1, "maxConnections", maxConnections);
            return this;
        }

        /**
         * Sets how many connections one address has at once; of IPv6, one /64 network. By default that is a quarter of
         * all, and any number for addresses of private networks and of this machine, which are usually a proxy's. Once
         * set, it holds for every address. Set it if clients come through a proxy with a public address.
         *
         * @param maxConnectionsPerAddress from 1
         * @return this
         * @throws IllegalArgumentException if there is none
         */
        public Builder maxConnectionsPerAddress(int maxConnectionsPerAddress) {
            this.maxConnectionsPerAddress = Setting.atLeast(1, "maxConnectionsPerAddress", maxConnectionsPerAddress);
            return this;
        }

        /**
         * Sets how many bytes the headers of a request have at most, 32 KiB by default: cookies of other applications on
         * the host come along. More get 431.
         *
         * @param maxHeaderBytes from 1024
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxHeaderBytes(int maxHeaderBytes) {
            this.requestLimits = requestLimits.withMaxHeaderBytes(maxHeaderBytes);
            return this;
        }

        /**
         * Sets how long a connection is kept that waits for its next request, 75 seconds by default. A proxy before this
         * server has to close its idle connections earlier, or it sends requests into closed ones; the usual ones do so
         * after 60 seconds. Event streams are not affected.
         *
         * @param idleTimeout at least a millisecond
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder idleTimeout(Duration idleTimeout) {
            this.requestLimits = requestLimits.withIdle(idleTimeout);
            return this;
        }

        /**
         * Sets how long a request may take from its first byte to its last, 30 seconds by default. A longer one gets 408.
         *
         * @param requestTimeout at least a millisecond
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestLimits = requestLimits.withComplete(requestTimeout);
            return this;
        }

        /**
         * Has every connection begin with TLS; by default none does. Cookies are {@code Secure} then. A handshake may take
         * 10 seconds.
         *
         * @param tls made for a server
         * @return this
         * @throws IllegalArgumentException if it is a client's
         */
        public Builder tls(SslContext tls) {
            if (Objects.requireNonNull(tls, "tls").isClient()) {
                throw new IllegalArgumentException("a server needs TLS for servers");
            }
            this.tls = tls;
            return this;
        }

        /**
         * Sets where the API's requests run that block as long as the store does; a post does not if the store answers it
         * without a thread that waits, as Redis does, and stays on its event loop. By default that is a pool of up to
         * 200 threads. For a store that never waits, as the one in memory, {@code Runnable::run} leaves them on the event
         * loops, which spares each request two changes of thread. Posts that the service's guard judges leave the loops
         * even then.
         *
         * @param requestExecutor an executor; what it rejects gets a 503
         * @return this
         */
        public Builder requestExecutor(Executor requestExecutor) {
            this.requestExecutor = Objects.requireNonNull(requestExecutor, "requestExecutor");
            return this;
        }

        /**
         * Sets what the host decides about each request, {@link RequestHooks#defaults()} by default.
         *
         * @param hooks called where the API's requests run; the one for the client's address may run on an event loop, and must not wait
         * @return this
         */
        public Builder hooks(RequestHooks<HttpRequest> hooks) {
            this.hooks = Objects.requireNonNull(hooks, "hooks");
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
            this.fallback = Objects.requireNonNull(fallback, "fallback");
            return this;
        }

        /**
         * Starts the server.
         *
         * @return the server, which responds from now on
         * @throws IOException if it cannot listen there
         */
        public NettyChatServer start() throws IOException {
            InetSocketAddress address = new InetSocketAddress(host, port);
            ChatApi api = new ChatApi(service, settings);
            ExecutorService pool = requestThreads();
            Executor executor = requestExecutor == null ? pool : requestExecutor;
            ApiDispatcher dispatcher = new ApiDispatcher(api, path, executor, pool, hooks, fallback);
            EventLoopGroup loops = eventLoops == null ? Transport.loops(threads) : eventLoops;
            try {
                Connections connections = new Connections(limits());
                Channel listening = Transport.listen(loops, address, dispatcher, requestLimits, tls, connections);
                api.logStart(listening.localAddress() + path, hooks);
                return new NettyChatServer(api, pool, loops, eventLoops == null, listening, connections);
            } catch (IOException | RuntimeException e) {
                api.close();
                pool.shutdownNow();
                if (eventLoops == null) {
                    end(loops, CLOSE_WITHIN.toMillis()); // With the socket, if it was opened.
                }
                throw e;
            }
        }

        private ConnectionLimits limits() {
            int all = maxConnections > 0 ? maxConnections : ConnectionLimits.ofThisProcess();
            return maxConnectionsPerAddress > 0
                    ? new ConnectionLimits(all, maxConnectionsPerAddress, true)
                    : ConnectionLimits.of(all);
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
