package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.redis.SignalChannel.Listener;
import io.github.ephemeralchat.redis.SignalChannel.State;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels of this node: one for each room that somebody listens to, and one of all nodes. What is not said to be
 * thread-safe is called on the channel thread.
 */
final class SignalChannels {

    private static final Logger log = LoggerFactory.getLogger(SignalChannels.class);

    /** By their names; each until it is unsubscribed. */
    final ConcurrentMap<String, SignalChannel> byName = new ConcurrentHashMap<>();

    /** On which connection a channel is to be subscribed; null if no server has its slot. */
    private final Function<SignalChannel, @Nullable SignalConnection> homes;
    /** Where listeners are called; null for the connection's thread. */
    private final @Nullable Executor listenerExecutor;

    /** One thread changes the channels and sends their commands, so that these go out in the order of the changes. */
    private final ExecutorService channelThread = DaemonThreads.pool("ephemeral-chat-redis-channels", 1);

    /** In their order. Each has a task of the channel thread, unless that could not be started. */
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();

    /** Connections that have something to send; the channel thread's own. */
    private final Set<SignalConnection> unsent = new HashSet<>();

    /** Whether all channels are about to be settled. */
    private final AtomicBoolean settling = new AtomicBoolean();

    /** Whether some channel is not what its listeners need, so that a tick has to try again. */
    private volatile boolean unsettled;

    SignalChannels(
            Function<SignalChannel, @Nullable SignalConnection> homes, @Nullable ExecutorService listenerThreads) {
        this.homes = homes;
        this.listenerExecutor = listenerThreads == null ? null : task -> executeUnlessClosed(listenerThreads, task);
    }

    // ---- Thread-safe: nothing here blocks ----

    /** Runs a change on the channel thread, and then sends what is missing. */
    void change(Runnable change) {
        changes.add(change);
        try {
            executeUnlessClosed(channelThread, this::makeChanges);
        } catch (Error e) { // No thread is to be had: the next change makes this one too, and a tick sees to one.
            settling.set(false);
            retry();
        }
    }

    private void makeChanges() {
        for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
            change.run();
        }
        unsent.forEach(SignalConnection::flush);
        unsent.clear();
    }

    private static void executeUnlessClosed(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("The broadcaster is closed");
        }
    }

    void offer(String name, byte[] signal) {
        SignalChannel channel = byName.get(name);
        if (channel != null) {
            channel.offer(signal);
        }
    }

    /** Says to every listener that signals may have been lost. */
    void missed() {
        byName.values().forEach(SignalChannel::missed);
    }

    /** Some channel has to be settled by a later tick. */
    void retry() {
        unsettled = true;
    }

    /** Settles all channels, each where its slot is now, and then runs something on the channel thread. */
    void settleAllThen(Runnable then) {
        if (settling.compareAndSet(false, true)) {
            change(() -> {
                settling.set(false);
                settleAll();
                then.run();
            });
        }
    }

    boolean isUnsettled() {
        return unsettled;
    }

    void close() {
        channelThread.shutdownNow();
        changes.clear();
        byName.clear();
    }

    // ---- On the channel thread ----

    void add(String name, Listener listener) {
        SignalChannel channel = byName.computeIfAbsent(name, key -> new SignalChannel(key, listenerExecutor));
        channel.add(listener);
        settle(channel);
    }

    void remove(String name, Listener listener) {
        SignalChannel channel = byName.get(name);
        if (channel != null) {
            channel.remove(listener);
            settle(channel);
        }
    }

    /** Sees to it that a channel is subscribed where it has to be, or is not if nobody wants it. */
    void settle(SignalChannel channel) {
        SignalConnection home = homes.apply(channel);
        SignalConnection before = channel.home;
        if (home != null && home != before) {
            if (before != null) {
                before.leave(channel);
            }
            channel.home = home;
        }
        removeIfUnused(channel);
        if (channel.home != null) {
            channel.home.settle(channel);
        } else {
            retry();
        }
    }

    void removeIfUnused(SignalChannel channel) {
        if (channel.state == State.ABSENT && !channel.isWanted()) {
            byName.remove(channel.name(), channel);
        }
    }

    private void settleAll() {
        unsettled = false;
        byName.values().forEach(this::settle);
    }

    void settleAll(SignalConnection home) {
        at(home).forEach(this::settle);
    }

    /** The connection has lost all that it had. */
    void markAllAbsent(SignalConnection home) {
        at(home).forEach(channel -> {
            channel.state = State.ABSENT;
            removeIfUnused(channel);
        });
    }

    /** A connection has something to send when the change that is made now is done. */
    void sendSoon(SignalConnection connection) {
        unsent.add(connection);
    }

    /** The channel of a name, if a connection is its home. */
    @Nullable
    SignalChannel at(SignalConnection home, String name) {
        SignalChannel channel = byName.get(name);
        return channel != null && channel.home == home ? channel : null;
    }

    private List<SignalChannel> at(SignalConnection home) {
        return byName.values().stream().filter(channel -> channel.home == home).toList();
    }

    /** The connections that some channel has as its home. */
    Set<SignalConnection> homes() {
        return byName.values().stream()
                .map(channel -> channel.home)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }
}
