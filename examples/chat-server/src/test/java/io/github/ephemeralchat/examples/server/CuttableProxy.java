package io.github.ephemeralchat.examples.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network between clients and a server: it can be cut, which ends what is connected and refuses what comes. In front
 * of several servers it is their one address: each connection goes to the next one that takes it.
 */
final class CuttableProxy implements AutoCloseable {

    private final String name;
    private final List<URI> targets;
    private final AtomicInteger turn = new AtomicInteger();
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean cut;

    /** The one address of several servers. */
    CuttableProxy(List<URI> targets) throws IOException {
        this("localhost", targets, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    CuttableProxy(URI target) throws IOException {
        this("localhost", target);
    }

    /** By which name of this machine browsers know it: another name is another site. */
    CuttableProxy(String name, URI target) throws IOException {
        this(name, target, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    CuttableProxy(String name, URI target, ServerSocket entrance) {
        this(name, List.of(target), entrance);
    }

    private CuttableProxy(String name, List<URI> targets, ServerSocket entrance) {
        this.name = name;
        this.targets = List.copyOf(targets);
        this.entrance = entrance;
        threads.execute(this::accept);
    }

    URI uri() {
        return URI.create("http://" + name + ":" + entrance.getLocalPort());
    }

    void cut() {
        cut = true;
        sockets.forEach(CuttableProxy::end);
    }

    void restore() {
        cut = false;
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (IOException e) {
                // The entrance was closed, or this one connection failed.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        sockets.add(client);
        if (cut) {
            end(client);
            return;
        }
        Socket server;
        try {
            server = nextServer();
        } catch (IOException e) {
            end(client);
            throw e;
        }
        sockets.add(server);
        threads.execute(() -> carry(client, server));
        threads.execute(() -> carry(server, client));
        if (cut) {
            end(client);
            end(server);
        }
    }

    private Socket nextServer() throws IOException {
        IOException refused = new IOException("nobody there");
        for (int i = 0; i < targets.size(); i++) {
            URI target = targets.get(Math.floorMod(turn.getAndIncrement(), targets.size()));
            try {
                return new Socket(target.getHost(), target.getPort());
            } catch (IOException e) {
                refused = e;
            }
        }
        throw refused;
    }

    private void carry(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException e) {
            // One end was closed, so both are.
        } finally {
            end(from);
            end(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
        threads.shutdownNow();
    }
}
