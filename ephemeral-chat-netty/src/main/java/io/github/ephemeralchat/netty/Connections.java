package io.github.ephemeralchat.netty;

import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server, which are bounded: all of them, those of one client, and those that are streams. Beyond
 * a bound the oldest one gives way that waits for a request or for the rest of one; if there is none, the newcomer is
 * refused. Thread-safe.
 */
final class Connections {

    /** How many may be closing, beyond the bound, when the next newcomer gets their place. */
    static final int CLOSING = 32;

    /** How many are looked at for one that gives way. */
    private static final int LOOKS = 32;

    private static final int MOST_AT_ONCE = 1_000;

    private final ConnectionLimits limits;
    private final Set<Connection> all = new HashSet<>();
    private final Group node;
    private final Map<Object, Group> clients = new HashMap<>();
    private int streams;

    /** Connections that are counted together. */
    private static final class Group {
        private final int most;
        private int size;

        /** Those that may give way, the oldest first. */
        private final Set<Connection> waiting = new LinkedHashSet<>();

        private Group(int most) {
            this.most = most;
        }

        private boolean isFull() {
            return size >= most;
        }

        private boolean areTooManyClosing() {
            return size >= most + CLOSING;
        }
    }

    Connections(ConnectionLimits limits) {
        this.limits = limits;
        this.node = new Group(limits.all());
    }

    /** Takes a newcomer in. Returns null if there is no place for it. */
    @Nullable
    Connection admit(Channel channel) {
        InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        Connection newcomer = new Connection(channel, limits.isBounded(address) ? key(address) : null);
        Connection oldest = null;
        synchronized (this) {
            Group full = full(newcomer);
            if (full != null) {
                oldest = full.areTooManyClosing() ? null : oldest(full.waiting);
                if (oldest == null) {
                    return null;
                }
                stopWaiting(oldest);
            }
            add(newcomer);
        }
        if (oldest != null) {
            giveWay(oldest);
        }
        return newcomer;
    }

    private @Nullable Group full(Connection newcomer) {
        Group client = clients.get(newcomer.client);
        if (client != null && client.isFull()) {
            return client;
        }
        return node.isFull() ? node : null;
    }

    /** By what a client is counted: its address; of an IPv6 address its /64 network, which one client has to itself. */
    private static Object key(InetAddress address) {
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress()).getLong()
                : address;
    }

    private void add(Connection newcomer) {
        all.add(newcomer);
        add(newcomer, node);
        if (newcomer.client != null) {
            add(newcomer, clients.computeIfAbsent(newcomer.client, key -> new Group(limits.ofClient())));
        }
    }

    private static void add(Connection newcomer, Group group) {
        group.size++;
        group.waiting.add(newcomer);
    }

    /** The oldest that sends nothing; one that was used since the last look, or that takes a response, comes after the others. */
    private static @Nullable Connection oldest(Set<Connection> waiting) {
        Connection used = null;
        for (int looks = Math.min(waiting.size(), LOOKS); looks > 0; looks--) {
            Connection first = waiting.iterator().next();
            if (!first.isResponding()) {
                if (!first.wasUsed() && !first.hasUntaken()) {
                    return first;
                }
                used = used == null ? first : used;
            }
            waiting.remove(first);
            waiting.add(first);
        }
        return used;
    }

    /** Closes a connection, unless a whole request has come meanwhile. */
    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    private void giveWay(Connection connection) {
        try {
            connection.channel.eventLoop().execute(() -> {
                if (connection.isResponding()) {
                    waitAgain(connection);
                } else {
                    connection.channel.close();
                }
            });
        } catch (RejectedExecutionException e) {
            // Its event loop has ended, and it with it.
        }
    }

    private synchronized void waitAgain(Connection connection) {
        if (all.contains(connection)) {
            node.waiting.add(connection);
            Group client = clients.get(connection.client);
            if (client != null) {
                client.waiting.add(connection);
            }
        }
    }

    private void stopWaiting(Connection connection) {
        node.waiting.remove(connection);
        Group client = clients.get(connection.client);
        if (client != null) {
            client.waiting.remove(connection);
        }
    }

    /** Closes a quarter of those that wait for a request: the process needs their descriptors. */
    void giveWay() {
        List<Connection> some = new ArrayList<>();
        synchronized (this) {
            for (int left = Math.min(1 + node.waiting.size() / 4, MOST_AT_ONCE); left > 0; left--) {
                Connection oldest = oldest(node.waiting);
                if (oldest != null) {
                    stopWaiting(oldest);
                    some.add(oldest);
                }
            }
        }
        some.forEach(this::giveWay);
    }

    /** Makes a connection a stream, which never gives way. Returns false if there are too many: requests need some, too. */
    synchronized boolean toStream(Connection connection) {
        if (streams >= limits.streams()) {
            return false;
        }
        streams++;
        stopWaiting(connection);
        return true;
    }

    /** Has a connection wait for events, and not give way meanwhile. Returns false if there are too many streams. */
    boolean toPoll(Connection connection) {
        return toStream(connection);
    }

    /** The connection's next request may be of any kind. */
    void pollEnded(Connection connection) {
        streamClosed();
        waitAgain(connection);
    }

    synchronized void streamClosed() {
        streams--;
    }

    synchronized void closed(Connection connection) {
        if (all.remove(connection)) {
            stopWaiting(connection);
            node.size--;
            clients.computeIfPresent(connection.client, (key, client) -> --client.size == 0 ? null : client);
        }
    }

    /**
     * Closes all. An event loop of Netty does not do it reliably: told to end without a quiet period while it runs its
     * tasks, it ends without another look at its connections, and they stay open until the process ends.
     */
    void close() {
        List<Connection> left;
        synchronized (this) {
            left = List.copyOf(all);
        }
        left.forEach(connection -> close(connection.channel));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A close does not fail.
    private static void close(Channel channel) {
        try {
            channel.eventLoop().execute(() -> channel.close());
        } catch (RejectedExecutionException
                | IllegalStateException e) { // Its event loop has failed, or it has none yet.
            channel.unsafe().closeForcibly();
        }
    }
}
