package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The network between clients and a server on this machine: a test can cut it, freeze it, or let it lose something. In
 * front of several servers it is their one address: each connection goes to the next one that accepts it.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int BACKLOG = 50;
    private static final int BUFFER = 64 << 10;

    private enum State {
        OPEN,
        FROZEN,
        CUT,
        WITHOUT_SUBSCRIPTIONS
    }

    private final int[] targets;
    private final UnaryOperator<InputStream> requests;
    private final UnaryOperator<InputStream> replies;
    private final ServerSocket entrance;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean cutNextReply = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Written under the lock.
    private volatile State state = State.OPEN;

    /**
     * Opens a proxy.
     *
     * @param target the server's port
     */
    public TcpProxy(int target) {
        this(target, replies -> replies);
    }

    /**
     * Opens a proxy that changes what the server says.
     *
     * @param target the server's port
     * @param replies makes, of what comes from the server, what goes to the client
     */
    public TcpProxy(int target, UnaryOperator<InputStream> replies) {
        this(listen(), requests -> requests, replies, target);
    }

    /**
     * Opens a proxy that hears or changes both sides.
     *
     * @param target the server's port
     * @param requests makes, of what comes from the client, what goes to the server
     * @param replies makes, of what comes from the server, what goes to the client
     */
    public TcpProxy(int target, UnaryOperator<InputStream> requests, UnaryOperator<InputStream> replies) {
        this(listen(), requests, replies, target);
    }

    /**
     * Opens a proxy at an entrance of the test's own.
     *
     * @param target the server's port
     * @param entrance for instance where TLS ends
     */
    public TcpProxy(int target, ServerSocket entrance) {
        this(entrance, requests -> requests, replies -> replies, target);
    }

    /**
     * Opens a proxy in front of servers.
     *
     * @param servers at which port they are
     */
    public TcpProxy(URI... servers) {
        this(
                listen(),
                requests -> requests,
                replies -> replies,
                Stream.of(servers).mapToInt(URI::getPort).toArray());
    }

    private TcpProxy(
            ServerSocket entrance,
            UnaryOperator<InputStream> requests,
            UnaryOperator<InputStream> replies,
            int... targets) {
        this.entrance = entrance;
        this.requests = requests;
        this.replies = replies;
        this.targets = targets.clone();
        daemon(this::acceptUntilClosed);
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return where clients find it, on the loopback address} */
    public int port() {
        return entrance.getLocalPort();
    }

    /** {@return its address for HTTP} */
    public URI uri() {
        return uri("localhost");
    }

    /**
     * {@return its address for HTTP}
     *
     * @param host a name of this machine: for browsers, another name is another site
     */
    public URI uri(String host) {
        return URI.create("http://" + host + ":" + port());
    }

    /** Holds back what is sent in either direction until {@link #mend()}. */
    public void freeze() {
        become(State.FROZEN);
    }

    /** Ends all connections and accepts no new one. */
    public void cut() {
        become(State.CUT);
        sockets.forEach(TcpProxy::close);
    }

    /** Loses what comes over a Redis connection that has ever subscribed, and keeps the connection. */
    public void loseSubscriptions() {
        become(State.WITHOUT_SUBSCRIPTIONS);
    }

    /** Passes everything on again, what was held back first. */
    public void mend() {
        become(State.OPEN);
    }

    /** Loses the next thing that the server says, and with it the connection. */
    public void cutNextReply() {
        cutNextReply.set(true);
    }

    private void become(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private State awaitNotFrozen() {
        lock.lock();
        try {
            while (state == State.FROZEN) {
                changed.awaitUninterruptibly();
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    private void acceptUntilClosed() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (IOException e) {
                // The entrance was closed, or this one connection failed.
            }
        }
    }

    private void connect(Socket near) throws IOException {
        sockets.add(near);
        try {
            Socket far = state == State.CUT ? null : nextServer();
            if (far == null) {
                end(near);
                return;
            }
            sockets.add(far);
            new Connection(near, far).start();
            if (state == State.CUT) {
                end(near);
                end(far);
            }
        } catch (IOException e) {
            end(near);
            throw e;
        }
    }

    private Socket nextServer() throws IOException {
        int first = connections.getAndIncrement();
        int[] inTurn = IntStream.range(0, targets.length)
                .map(i -> targets[Math.floorMod(first + i, targets.length)])
                .toArray();
        IOException refused = new IOException("no server");
        for (int target : inTurn) {
            try {
                return new Socket(InetAddress.getLoopbackAddress(), target);
            } catch (IOException e) {
                refused = e;
            }
        }
        throw refused;
    }

    private void end(Socket socket) {
        close(socket);
        sockets.remove(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It has ended either way.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends all connections and listens no longer. */
    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    /** A connection of a client, and the one to the server. */
    private final class Connection {

        private final Socket near;
        private final Socket far;
        private volatile boolean subscribed;

        Connection(Socket near, Socket far) throws IOException {
            this.near = near;
            this.far = far;
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
        }

        void start() {
            daemon(() -> pump(near, far, false));
            daemon(() -> pump(far, near, true));
        }

        private void pump(Socket from, Socket to, boolean fromServer) {
            byte[] buffer = new byte[BUFFER];
            try (from;
                    to) {
                InputStream in = (fromServer ? replies : requests).apply(from.getInputStream());
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    subscribed = subscribed || (!fromServer && isSubscribe(buffer, n));
                    State now = awaitNotFrozen();
                    if (fromServer && cutNextReply.compareAndSet(true, false)) {
                        return;
                    }
                    if (now != State.WITHOUT_SUBSCRIPTIONS || !subscribed) {
                        out.write(buffer, 0, n);
                    }
                }
            } catch (IOException e) {
                // One end was closed, so both are.
            } finally {
                sockets.remove(from);
                sockets.remove(to);
            }
        }

        private static boolean isSubscribe(byte[] sent, int length) {
            String text = new String(sent, 0, length, StandardCharsets.ISO_8859_1);
            return text.toUpperCase(Locale.ROOT).contains("\r\nSUBSCRIBE\r\n");
        }
    }
}
