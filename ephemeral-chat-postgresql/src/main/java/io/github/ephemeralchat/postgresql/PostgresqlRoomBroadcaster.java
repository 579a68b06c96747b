package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.postgresql.SignalMailbox.Listener;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries signals over PostgreSQL's {@code NOTIFY} and {@code LISTEN}, on the one channel {@code ephemeral_chat}.
 * Thread-safe; made by {@link PostgresqlChat}.
 *
 * <p>The signal of an entry has its room and its place, never its content; a node that gets signals reads their entries, many at
 * once. Cues and presence are sent as they are, in several notifications if they are long. Signals of a node are joined within
 * 20 ms.
 *
 * <p>Listeners run on a few threads of their own, which also wake up subscriptions. If the listening connection was lost, or a
 * node could not send, or listeners were too slow for the signals, they get {@link RoomSignal.Missed}.
 */
public final class PostgresqlRoomBroadcaster implements RoomBroadcaster {

    private static final Logger log = LoggerFactory.getLogger(PostgresqlRoomBroadcaster.class);
    private static final int LISTENER_THREADS = 4;

    /** Before all that this node sends. */
    private final String from = SignalCodec.from(new SecureRandom().nextLong());

    private final SignalSender sender;
    private final ExecutorService threads = DaemonThreads.pool("ephemeral-chat-postgresql-signals", LISTENER_THREADS);
    /** One for each room that somebody on this node listens to. */
    private final ConcurrentMap<RoomId, SignalMailbox<RoomSignal>> rooms = new ConcurrentHashMap<>();

    private final SignalMailbox<NodeSignal> ofAll = new SignalMailbox<>(this::execute, listener -> {});

    PostgresqlRoomBroadcaster(DatabaseCalls calls) {
        this.sender = new SignalSender(calls, from);
    }

    @Override
    public void publish(RoomSignal signal) {
        sender.send(SignalCodec.encode(signal));
    }

    @Override
    public void publishToAll(NodeSignal signal) {
        sender.send(SignalCodec.encode(signal));
    }

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> consumer) {
        Listener<RoomSignal> listener = new Listener<>(consumer);
        rooms.compute(room, (id, present) -> (present == null ? mailbox(id) : present).with(listener));
        return () -> {
            listener.close();
            rooms.computeIfPresent(room, (id, mailbox) -> mailbox.remove(listener) ? mailbox : null);
        };
    }

    private SignalMailbox<RoomSignal> mailbox(RoomId id) {
        return new SignalMailbox<>(this::execute, listener -> listener.onSignal(new RoomSignal.Missed(id)));
    }

    @Override
    public Registration subscribeToAll(Consumer<NodeSignal> consumer) {
        Listener<NodeSignal> listener = new Listener<>(consumer);
        ofAll.with(listener);
        return () -> {
            listener.close();
            ofAll.remove(listener);
        };
    }

    /** The threads that call listeners do nothing else. */
    @Override
    public boolean wakesOnListenerThread() {
        return true;
    }

    private void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("The broadcaster is closed");
        }
    }

    /** Sends a line. */
    void send(String line) {
        sender.send(line);
    }

    /** The rooms that somebody on this node listens to. */
    Set<RoomId> rooms() {
        return rooms.keySet();
    }

    /**
     * Takes what nodes have sent. What others have appended to rooms that somebody here listens to is read in one go; of what
     * this node has appended its feeds know.
     *
     * @throws SQLException if nothing could be read: listeners have heard of the entries without them then, and read themselves
     */
    void received(List<String> lines, SignalledEntries entries) throws SQLException {
        List<RoomSignal> signals = new ArrayList<>();
        List<Integer> unread = new ArrayList<>();
        boolean isOwn = false;
        for (String line : lines) {
            isOwn = line.startsWith(SignalCodec.FROM) ? line.equals(from) : isOwn;
            RoomSignal signal = decode(line);
            if (signal != null && rooms.containsKey(signal.id())) {
                if (!isOwn && signal instanceof RoomSignal.EntryAppended appended && continues(appended)) {
                    unread.add(signals.size());
                }
                signals.add(signal);
            }
        }
        try {
            entries.read(signals, unread);
        } finally {
            signals.forEach(this::received);
        }
    }

    /** Whether a feed may link the entry: that of a repeated post most feeds have, and the others read. */
    private static boolean continues(RoomSignal.EntryAppended signal) {
        return !signal.previous().equals(EntryId.START);
    }

    /** What a line says of a room, if it does; all else is done here. Of a kind that this version does not know it is skipped. */
    private @Nullable RoomSignal decode(String line) {
        if (line.equals(SignalCodec.LOST)) {
            missed();
            return null;
        }
        try {
            SignalCodec.Signal signal = SignalCodec.decode(line);
            if (signal.ofNode() != null) {
                ofAll.offer(signal.ofNode());
            }
            return signal.ofRoom();
        } catch (IllegalArgumentException e) {
            log.debug("A signal makes no sense"); // As if it had not come.
            return null;
        }
    }

    void received(RoomSignal signal) {
        SignalMailbox<RoomSignal> mailbox = rooms.get(signal.id());
        if (mailbox != null) {
            mailbox.offer(signal);
        }
    }

    /** Says to every listener that signals may have been lost. */
    void missed() {
        missed(rooms.values());
    }

    private static void missed(Collection<SignalMailbox<RoomSignal>> some) {
        List.copyOf(some).forEach(SignalMailbox::missed);
    }

    void close() {
        sender.close();
        threads.shutdownNow();
        rooms.clear();
    }
}
