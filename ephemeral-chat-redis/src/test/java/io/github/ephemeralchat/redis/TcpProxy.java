package io.github.ephemeralchat.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** A wire between a node and a server that a test can cut, clog, or let lose a reply. */
final class TcpProxy implements AutoCloseable {

    private final int target;
    private final UnaryOperator<InputStream> filter;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger repliesToCut = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition thawed = lock.newCondition();
    private boolean frozen;
    private volatile boolean refusing;

    TcpProxy(int target) {
        this(target, listening(), replies -> replies);
    }

    /** Lets what the server says pass through a filter. */
    TcpProxy(int target, UnaryOperator<InputStream> filter) {
        this(target, listening(), filter);
    }

    TcpProxy(int target, ServerSocket listening, UnaryOperator<InputStream> filter) {
        this.target = target;
        this.listening = listening;
        this.filter = filter;
        daemon(this::acceptForever);
    }

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Swallows everything, in both directions, without a word; what was swallowed comes later. */
    void freeze() {
        setFrozen(true);
    }

    void thaw() {
        setFrozen(false);
    }

    private void setFrozen(boolean to) {
        lock.lock();
        try {
            frozen = to;
            thawed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all connections and lets no new one live. */
    void cut() {
        refusing = true;
        closeAll();
    }

    void mend() {
        refusing = false;
    }

    /** The next thing that the server says is lost, and with it the connection. */
    void cutNextReply() {
        repliesToCut.set(1);
    }

    private void acceptForever() {
        try {
            while (true) {
                Socket near = listening.accept();
                if (refusing) {
                    near.close();
                } else {
                    connect(near);
                }
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    private void connect(Socket near) throws IOException {
        Socket far;
        try {
            far = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            near.close();
            return;
        }
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        sockets.add(near);
        sockets.add(far);
        daemon(() -> pump(near, far, false));
        daemon(() -> pump(far, near, true));
    }

    private void pump(Socket from, Socket to, boolean replies) {
        byte[] buffer = new byte[64 << 10];
        try (from;
                to) {
            InputStream in = replies ? filter.apply(from.getInputStream()) : from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                awaitThaw();
                if (replies && repliesToCut.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    return;
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // The other end is gone, and so is this one.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitThaw() {
        lock.lock();
        try {
            while (frozen) {
                thawed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void closeAll() {
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        closeAll();
        thaw();
    }
}
