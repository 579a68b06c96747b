package io.github.ephemeralchat.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A wire to Redis whose subscriptions can be cut while its commands live: what comes over a connection that has ever
 * subscribed is swallowed without a word, as by a network that forgot it.
 */
final class DeafeningProxy implements AutoCloseable {

    private final int target;
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean deaf;

    DeafeningProxy(int target) throws IOException {
        this.target = target;
        daemon(this::acceptForever);
    }

    int port() {
        return listening.getLocalPort();
    }

    void deafen() {
        deaf = true;
    }

    void heal() {
        deaf = false;
    }

    private void acceptForever() {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                sockets.add(near);
                sockets.add(far);
                new Wire(near, far).start();
            }
        } catch (IOException e) {
            close();
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "deafening-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    /** One connection. */
    private final class Wire {

        private final Socket near;
        private final Socket far;
        private volatile boolean subscribed;

        Wire(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        void start() {
            daemon(() -> pump(near, far, true));
            daemon(() -> pump(far, near, false));
        }

        private void pump(Socket from, Socket to, boolean commands) {
            byte[] buffer = new byte[64 << 10];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    subscribed |= commands && isSubscribe(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                    if (!deaf || !subscribed) {
                        out.write(buffer, 0, n);
                    }
                }
            } catch (IOException e) {
                // The other end is gone, and so is this one.
            } finally {
                sockets.remove(from);
                sockets.remove(to);
            }
        }

        private boolean isSubscribe(String sent) {
            return sent.toUpperCase(Locale.ROOT).contains("\r\nSUBSCRIBE\r\n");
        }
    }
}
