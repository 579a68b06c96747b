package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.postgresql.SignalMailbox.Listener;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries signals over PostgreSQL's {@code NOTIFY} and {@code LISTEN}, on the one channel {@code ephemeral_chat}.
 * Thread-safe; made by {@link PostgresqlChat}.
 *
 * <p>The signal of an entry has its room and its place, never its content; a node that gets it reads the store. Cues and
 * presence are sent as they are, in several notifications if they are long. Signals of a node are joined within 10 ms.
 *
 * <p>Listeners run on a few threads of their own. If the listening connection was lost, or a node could not send, or
 * listeners were too slow for the signals, they get {@link RoomSignal.Missed}.
 */
public final class PostgresqlRoomBroadcaster implements RoomBroadcaster {

    private static final Logger log = LoggerFactory.getLogger(PostgresqlRoomBroadcaster.class);
    private static final int LISTENER_THREADS = 4;

    private final SignalSender sender;
    private final ExecutorService threads = DaemonThreads.pool("ephemeral-chat-postgresql-signals", LISTENER_THREADS);
    /** One for each room that somebody on this node listens to. */
    private final ConcurrentMap<RoomId, SignalMailbox<RoomSignal>> rooms = new ConcurrentHashMap<>();

    private final SignalMailbox<NodeSignal> ofAll = new SignalMailbox<>(this::execute, listener -> {});

    PostgresqlRoomBroadcaster(DatabaseCalls calls) {
        this.sender = new SignalSender(calls);
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

    /** Takes what a node has sent. Of a kind that this version does not know it is skipped. */
    void received(String line) {
        if (line.equals(SignalCodec.LOST)) {
            missed(rooms.values());
            return;
        }
        try {
            SignalCodec.Signal signal = SignalCodec.decode(line);
            if (signal.ofRoom() != null) {
                received(signal.ofRoom());
            } else if (signal.ofNode() != null) {
                ofAll.offer(signal.ofNode());
            }
        } catch (IllegalArgumentException e) {
            log.debug("A signal makes no sense"); // As if it had not come.
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
