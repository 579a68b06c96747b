package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.internal.support.Ticker;
import io.github.ephemeralchat.model.EphemeralChatException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has ended and what no call will touch, each second, and each minute makes and drops partitions. All nodes try,
 * and an advisory lock lets one of them. Nothing rests on it: what has ended is in no answer, and a partition that is missing
 * is made by the call that needs it. Each call removes a bounded number of rows, so that it ends in time and nobody waits long
 * for what it locks.
 */
final class Janitor implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Janitor.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int PERIODS_OF_HOURS = 60;
    private static final int ROOMS_AT_ONCE = 200;
    /** Of these rooms. With their bodies they are removed within 20 ms or so. */
    private static final long ENTRIES_AT_ONCE = 10_000;

    private static final int BODIES_AT_ONCE = 5_000;
    private static final int MAX_ROUNDS = 20;

    private final DatabaseCalls calls;
    private final Ticker ticker;
    /** The ticking thread's own. */
    private int ticks;

    Janitor(DatabaseCalls calls) {
        this.calls = calls;
        this.ticker = Ticker.start("ephemeral-chat-postgresql-janitor", PERIOD, this::tick);
    }

    private void tick() {
        try {
            repeat(this::removeBodies);
            repeat(this::removeRooms);
            if (ticks++ % PERIODS_OF_HOURS == 0) {
                calls.query("SELECT ephemeral_chat.turn_hours()", Row::next);
            }
        } catch (EphemeralChatException e) {
            log.debug("Nothing was removed", Failures.withoutMessages(e)); // The calls have said so, once an outage.
        }
    }

    /** Removes again and again, while there may be more. */
    private static void repeat(BooleanSupplier removal) {
        int rounds = 0;
        while (removal.getAsBoolean() && rounds < MAX_ROUNDS) {
            rounds++;
        }
    }

    private boolean removeBodies() {
        return calls.query(
                "SELECT ephemeral_chat.remove_ended_bodies(?) AS bodies",
                row -> {
                    row.next();
                    return row.number("bodies") == BODIES_AT_ONCE;
                },
                BODIES_AT_ONCE);
    }

    private boolean removeRooms() {
        return calls.query(
                "SELECT ephemeral_chat.remove_ended_rooms(?, ?) AS more",
                row -> {
                    row.next();
                    return row.flag("more");
                },
                ROOMS_AT_ONCE,
                ENTRIES_AT_ONCE);
    }

    @Override
    public void close() {
        ticker.close();
    }
}
