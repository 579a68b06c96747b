package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.redis.SignalChannel.State;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection for signals: subscribes the channels whose home it is, and keeps what Redis has answered of each. What
 * arrives on the connection's thread is only handed over; all else is done on the channel thread.
 */
final class SignalConnection {

    private static final Logger log = LoggerFactory.getLogger(SignalConnection.class);

    /** By which commands channels are subscribed. */
    @SuppressWarnings("ImmutableEnumChecker") // They are references to methods, which hold nothing.
    enum Kind {
        /**
         * By SUBSCRIBE, on any server. One command names many channels: one for each would fill the client's queue. Lettuce
         * reconnects, and subscribes again to what it had; what is refused then is tried again.
         */
        PLAIN(500, Integer.MAX_VALUE, RedisPubSubAsyncCommands::subscribe, RedisPubSubAsyncCommands::unsubscribe),
        /**
         * By SSUBSCRIBE, on the server that has the channel's slot. A command names one channel, since Redis refuses those of
         * different slots; few are under way at once. Lettuce would subscribe again to all in one command: so it does not
         * reconnect here, and a connection that is lost is replaced by one that knows no channels.
         */
        SHARDED(1, 32, RedisPubSubAsyncCommands::ssubscribe, RedisPubSubAsyncCommands::sunsubscribe);

        private final int channelsOfCommand;
        private final int maxUnderWay;
        private final Command subscribe;
        private final Command unsubscribe;

        Kind(int channelsOfCommand, int maxUnderWay, Command subscribe, Command unsubscribe) {
            this.channelsOfCommand = channelsOfCommand;
            this.maxUnderWay = maxUnderWay;
            this.subscribe = subscribe;
            this.unsubscribe = unsubscribe;
        }
    }

    private interface Command
            extends BiFunction<RedisPubSubAsyncCommands<String, byte[]>, String[], CompletionStage<Void>> {}

    private final Kind kind;
    private final SignalChannels channels;
    final SupervisedConnection<StatefulRedisPubSubConnection<String, byte[]>> connection;

    // The channel thread's own.
    private @Nullable StatefulRedisPubSubConnection<String, byte[]> current;
    /** Channels for which something has to be sent. */
    private final Set<SignalChannel> waiting = new LinkedHashSet<>();
    /** The names of channels that have another home now. */
    private final Set<String> leaving = new LinkedHashSet<>();
    /** How many channels the commands name that are not answered. */
    private int underWay;

    private boolean refusalLogged;

    SignalConnection(
            Kind kind,
            Supplier<CompletionStage<? extends StatefulRedisPubSubConnection<String, byte[]>>> opener,
            SignalChannels channels) {
        this.kind = kind;
        this.channels = channels;
        this.connection = kind == Kind.PLAIN
                ? new SupervisedConnection<>(
                        "signals", opener, opened -> opened.async().ping(), this::onAnswering)
                : SupervisedConnection.replaced(
                        "signals of a master", opener, opened -> opened.async().ping(), this::onAnswering);
    }

    // ---- What is asked of Redis ----

    /** Sends soon what a channel lacks. One that waits for an answer is settled when that comes. */
    void settle(SignalChannel channel) {
        if (channel.isUnsettled()) {
            waiting.add(channel);
            channels.sendSoon(this);
        }
    }

    /** Ends what a channel has here: it has another home now. */
    void leave(SignalChannel channel) {
        waiting.remove(channel);
        if (channel.state == State.SUBSCRIBING || channel.state == State.SUBSCRIBED) {
            leaving.add(channel.name());
            channels.sendSoon(this);
        }
        channel.state = State.ABSENT;
    }

    /** Sends what is missing, as far as few enough commands are under way. */
    void flush() {
        StatefulRedisPubSubConnection<String, byte[]> to = current;
        if (to == null || !to.isOpen()) {
            leaving.clear(); // Nothing is subscribed on a connection that is lost.
            if (!waiting.isEmpty()) {
                waiting.clear();
                channels.retry();
            }
            return;
        }
        for (List<String> names : parts(List.copyOf(leaving))) {
            unsubscribeUnheeded(to, names.toArray(String[]::new));
        }
        leaving.clear();
        if (!waiting.isEmpty()) {
            sendWaiting(to);
        }
    }

    private void sendWaiting(StatefulRedisPubSubConnection<String, byte[]> to) {
        List<SignalChannel> wanted = new ArrayList<>();
        List<SignalChannel> unwanted = new ArrayList<>();
        Iterator<SignalChannel> each = waiting.iterator();
        while (each.hasNext() && underWay + wanted.size() + unwanted.size() < kind.maxUnderWay) {
            SignalChannel channel = each.next();
            each.remove();
            if (channel.home == this && channel.isUnsettled()) {
                (channel.isWanted() ? wanted : unwanted).add(channel);
            }
        }
        parts(wanted).forEach(some -> send(to, some, State.SUBSCRIBING, kind.subscribe));
        parts(unwanted).forEach(some -> send(to, some, State.UNSUBSCRIBING, kind.unsubscribe));
    }

    private <T> List<List<T>> parts(List<T> all) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += kind.channelsOfCommand) {
            parts.add(all.subList(from, Math.min(from + kind.channelsOfCommand, all.size())));
        }
        return parts;
    }

    private void send(
            StatefulRedisPubSubConnection<String, byte[]> to, List<SignalChannel> some, State next, Command command) {
        some.forEach(channel -> channel.state = next);
        underWay += some.size();
        String[] names = some.stream().map(SignalChannel::name).toArray(String[]::new);
        CompletionStage<Void> unused = command.apply(to.async(), names)
                .whenComplete((answer, failure) -> changeIfCurrent(to, () -> onAnswer(some, failure)));
    }

    private void unsubscribeUnheeded(StatefulRedisPubSubConnection<String, byte[]> to, String... names) {
        CompletionStage<Void> unused = kind.unsubscribe.apply(to.async(), names);
    }

    // ---- What Redis has answered ----

    private void onAnswer(List<SignalChannel> some, @Nullable Throwable failure) {
        underWay -= some.size();
        channels.sendSoon(this);
        if (failure != null) {
            some.stream().filter(channel -> channel.home == this).forEach(channel -> onRefused(channel, failure));
            channels.retry();
        }
    }

    private void onRefused(SignalChannel channel, Throwable failure) {
        if (kind == Kind.SHARDED && isSettledElsewhere(channel, failure)) {
            channel.state = State.ABSENT;
        } else {
            logRefusal(failure);
            channel.refused(failure);
        }
        channels.removeIfUnused(channel);
    }

    /** Whether another server has the slot, or the command was lost with the connection: who waits is not told of that. */
    private static boolean isSettledElsewhere(SignalChannel channel, Throwable failure) {
        return failure instanceof RedisCommandExecutionException refusal
                ? RedisFutures.isOfTopology(refusal)
                : channel.state == State.SUBSCRIBING;
    }

    private void logRefusal(Throwable failure) {
        if (failure instanceof RedisCommandExecutionException refusal && !refusalLogged) {
            refusalLogged = true;
            log.warn("{} (channels of rooms)", RedisFutures.reason(refusal), Failures.withoutMessages(refusal));
        }
    }

    private void onSubscribed(StatefulRedisPubSubConnection<String, byte[]> source, String name) {
        SignalChannel channel = channels.at(this, name);
        refusalLogged = false;
        if (channel == null) {
            // Lettuce has subscribed again to what nobody has wanted since the connection was lost.
            unsubscribeUnheeded(source, name);
        } else if (channel.state != State.UNSUBSCRIBING) {
            channel.subscribed();
            channels.settle(channel);
        }
    }

    private void onUnsubscribed(String name) {
        SignalChannel channel = channels.at(this, name);
        if (channel == null) {
            return;
        }
        if (channel.state == State.UNSUBSCRIBING) {
            channel.state = State.ABSENT;
            channels.settle(channel);
        } else if (kind == Kind.SHARDED || channel.state == State.SUBSCRIBED) {
            // Nobody has asked for it: the slot has another server now. Or the answer came too late to count.
            channel.state = State.ABSENT;
            channels.removeIfUnused(channel);
            channels.retry();
        }
    }

    /** Whatever was not answered until now is asked again. */
    private void onAnswering(StatefulRedisPubSubConnection<String, byte[]> answering) {
        channels.change(() -> {
            if (answering != current) {
                current = answering;
                underWay = 0;
                listenTo(answering);
            }
            markAllAbsent();
            channels.settleAll(this);
        });
    }

    private void onDisconnected() {
        markAllAbsent();
        if (kind == Kind.SHARDED) {
            connection.markStale(new RedisException("the connection was lost"));
        }
    }

    /** What Lettuce subscribes again is heard of; what is missing then, a tick tries again. */
    private void markAllAbsent() {
        channels.markAllAbsent(this);
        channels.retry();
    }

    // ---- On the connection's thread ----

    /** What comes from an earlier connection does not count any more. */
    private void changeIfCurrent(StatefulRedisPubSubConnection<String, byte[]> source, Runnable change) {
        channels.change(() -> {
            if (source == current) {
                change.run();
            }
        });
    }

    private void listenTo(StatefulRedisPubSubConnection<String, byte[]> source) {
        source.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                changeIfCurrent(source, SignalConnection.this::onDisconnected);
            }
        });
        source.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String name, byte[] message) {
                channels.offer(name, message);
            }

            @Override
            public void smessage(String name, byte[] message) {
                channels.offer(name, message);
            }

            @Override
            public void subscribed(String name, long count) {
                changeIfCurrent(source, () -> onSubscribed(source, name));
            }

            @Override
            public void ssubscribed(String name, long count) {
                subscribed(name, count);
            }

            @Override
            public void unsubscribed(String name, long count) {
                changeIfCurrent(source, () -> onUnsubscribed(name));
            }

            @Override
            public void sunsubscribed(String name, long count) {
                unsubscribed(name, count);
            }
        });
    }
}
