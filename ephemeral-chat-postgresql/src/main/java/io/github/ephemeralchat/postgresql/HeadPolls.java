package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.RoomSignal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does that cannot listen: asks twice a second which of its rooms have changed. It hears of entries and ends, and
 * of no cue, no presence and no revoked identity.
 */
final class HeadPolls implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HeadPolls.class);
    private static final Duration PERIOD = Duration.ofMillis(500);

    private final DatabaseCalls calls;
    private final PostgresqlRoomBroadcaster broadcaster;
    private final Ticker ticker;
    /** The ticking thread's own. */
    private Map<RoomId, RoomSignal> before = Map.of();

    HeadPolls(DatabaseCalls calls, PostgresqlRoomBroadcaster broadcaster) {
        this.calls = calls;
        this.broadcaster = broadcaster;
        this.ticker = Ticker.start("ephemeral-chat-postgresql-polls", PERIOD, this::tick);
    }

    private void tick() {
        Set<RoomId> rooms = Set.copyOf(broadcaster.rooms());
        if (rooms.isEmpty()) {
            before = Map.of();
            return;
        }
        try {
            Map<RoomId, RoomSignal> now = ask(rooms);
            now.forEach((room, signal) -> {
                if (!signal.equals(before.get(room))) {
                    broadcaster.received(signal);
                }
            });
            before = now;
        } catch (EphemeralChatException e) {
            log.debug("The rooms were not asked for", Failures.withoutMessages(e));
        }
    }

    /** For each room the place of its newest entry; that something was missed if there is no such room. */
    private Map<RoomId, RoomSignal> ask(Set<RoomId> rooms) {
        Map<RoomId, RoomSignal> signals = new HashMap<>();
        rooms.forEach(room -> signals.put(room, new RoomSignal.Missed(room)));
        Object codes = rooms.stream().map(RoomId::value).toArray(String[]::new);
        return calls.query(
                "SELECT * FROM ephemeral_chat.heads(?)",
                row -> {
                    while (row.next()) {
                        RoomSignal head = head(row);
                        signals.put(head.id(), head);
                    }
                    return signals;
                },
                codes);
    }

    private static RoomSignal head(Row row) {
        RoomIncarnation room = new RoomIncarnation(new RoomId(row.text("code")), row.number("incarnation"));
        EntryId head = new EntryId(row.number("head"), row.number("nonce"));
        return new RoomSignal.EntryAppended(room, head, EntryId.START, null);
    }

    @Override
    public void close() {
        ticker.close();
    }
}
