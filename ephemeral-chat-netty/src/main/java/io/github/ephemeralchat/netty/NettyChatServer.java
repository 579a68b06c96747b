package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Serves the HTTP API and its event streams without a servlet container. It speaks HTTP/1.1 in the clear: TLS and HTTP/2
 * are a proxy's. Thread-safe.
 *
 * <p>A connection belongs to one event loop, and so does its stream. Whoever wakes a stream only leaves its turn in the
 * loop's queue; the loop first reads what all its connections have sent, then takes the turns; where few streams wait, it
 * does so after a few answers already. So what several clients post to a large room at once leaves in one write for each
 * stream. Where calls run on the loops as well, nobody who posts runs ahead of those who read.
 *
 * <p>It neither opens nor closes the service: the host does, after this.
 */
public final class NettyChatServer implements AutoCloseable {

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(1);

    private final ChatApi api;
    private final EventLoopGroup loops;
    private final Channel listening;
    private final Runnable closeCalls;

    private NettyChatServer(ChatApi api, EventLoopGroup loops, Channel listening, Runnable closeCalls) {
        this.api = api;
        this.loops = loops;
        this.listening = listening;
        this.closeCalls = closeCalls;
    }

    /**
     * Begins with the defaults.
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
     * @return the address and the port, also where any free one was asked for
     */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /**
     * Returns how many event streams are open.
     *
     * @return their number
     */
    public int streamCount() {
        return api.streamCount();
    }

    /**
     * Takes no more connections, ends the streams with a word to their clients on when to come back, and closes all
     * connections: within 3 seconds. Idempotent.
     */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        api.close();
        closeCalls.run();
        loops.shutdownGracefully(0, CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_WITHIN.toMillis());
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        /** A silent store holds up to 64 calls for two seconds: the rest must still find a thread. */
        private static final int CALL_THREADS = 200;

        private final EphemeralChatService service;
        private ChatHttpSettings settings = ChatHttpSettings.defaults();
        private String host = "localhost";
        private int port;
        private String path = "/api";
        private int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        private @Nullable Executor calls;
        private Function<? super HttpRequest, Optional<Identity>> identity = request -> Optional.empty();
        private Predicate<? super HttpRequest> mayCreate = request -> true;
        private Function<? super HttpRequest, @Nullable String> clientAddress = request -> null;
        private Function<? super HttpRequest, ? extends FullHttpResponse> otherwise = request -> Responses.notFound();

        private Builder(EphemeralChatService service) {
            this.service = service;
        }

        /**
         * Sets what the host decides about the API, {@link ChatHttpSettings#defaults()} by default.
         *
         * @param settings settings without the functions that take the request of a servlet
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
         * Sets where the API's calls run, which block as long as the store does. By default that is a pool of up to 200
         * threads. For a store that never waits, as the one in memory, {@code Runnable::run} leaves them on the event
         * loops, which spares each call two changes of thread.
         *
         * @param calls an executor; what it rejects is answered with 503
         * @return this
         */
        public Builder calls(Executor calls) {
            this.calls = calls;
            return this;
        }

        /**
         * Sets how to tell who somebody is, as {@link ChatHttpSettings.Builder#identity} does for servlets.
         *
         * @param identity asked where the API's calls run, only where a seat is taken
         * @return this
         */
        public Builder identity(Function<? super HttpRequest, Optional<Identity>> identity) {
            this.identity = identity;
            return this;
        }

        /**
         * Sets who may create rooms, as {@link ChatHttpSettings.Builder#mayCreate} does for servlets.
         *
         * @param mayCreate asked where the API's calls run
         * @return this
         */
        public Builder mayCreate(Predicate<? super HttpRequest> mayCreate) {
            this.mayCreate = mayCreate;
            return this;
        }

        /**
         * Sets the address that the limits count against, for hosts behind a proxy.
         *
         * @param clientAddress asked where the API's calls run, for every call; null for the connection's own address
         * @return this
         */
        public Builder clientAddress(Function<? super HttpRequest, @Nullable String> clientAddress) {
            this.clientAddress = clientAddress;
            return this;
        }

        /**
         * Sets what is answered outside of the API's path: by default that there is nothing.
         *
         * @param otherwise asked on an event loop, so it must not block; the length, the date and what concerns the
         *     connection is added to its answer
         * @return this
         */
        public Builder otherwise(Function<? super HttpRequest, ? extends FullHttpResponse> otherwise) {
            this.otherwise = otherwise;
            return this;
        }

        /**
         * Starts the server.
         *
         * @return the server, which answers from now on
         * @throws IllegalArgumentException if a setting is out of its bounds
         * @throws IOException if it cannot listen there
         */
        public NettyChatServer start() throws IOException {
            if (threads < 1 || !path.matches("(/[A-Za-z0-9._~-]+)*")) {
                throw new IllegalArgumentException("there is at least one thread, and a path has no slash at its end");
            }
            ChatApi api = ChatApi.forEventLoop(service, settings);
            return calls == null ? startWithCallThreads(api) : start(api, calls, () -> {});
        }

        private NettyChatServer startWithCallThreads(ChatApi api) throws IOException {
            ExecutorService own = RequestThreads.pool(CALL_THREADS);
            return start(api, own, own::shutdownNow);
        }

        private NettyChatServer start(ChatApi api, Executor executor, Runnable closeCalls) throws IOException {
            ApiDispatcher door = new ApiDispatcher(
                    api, path, executor, new RequestHooks(identity, mayCreate, clientAddress, otherwise));
            EventLoopGroup loops = Transport.loops(threads);
            ChannelFuture bound;
            try {
                bound = Transport.listen(loops, host, port, door).awaitUninterruptibly();
            } catch (RuntimeException e) {
                Future<?> unused = loops.shutdownGracefully();
                closeCalls.run();
                api.close();
                throw e;
            }
            NettyChatServer server = new NettyChatServer(api, loops, bound.channel(), closeCalls);
            if (!bound.isSuccess()) {
                server.close();
                throw new IOException("the server can't listen there", bound.cause());
            }
            return server;
        }
    }
}
