package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Settings that a host may have made for its own statements. */
class HostSettingsTest {

    private static final Duration GONE = Duration.ofSeconds(15);
    private static final int ENDED = 200;
    private static final int ENTRIES = 1_500;

    private final TestDatabase database = TestDatabase.start();

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void longLogsThatEndTogetherAreRemovedByShortStatements() {
        try (ChatNode first = ChatNode.open(database)) {
            first.room();
        }
        database.execute("ALTER ROLE chat SET statement_timeout = '150ms'");
        endRooms();
        assertThat(database.ask("SELECT count(*) FROM ephemeral_chat.entry")).isEqualTo("" + (1 + ENDED * ENTRIES));
        ChatNode second = ChatNode.open(database);
        try {
            Await.until(
                    GONE,
                    "the rows are gone",
                    () -> database.ask("SELECT count(*) FROM ephemeral_chat.entry")
                            .equals("1"));
            assertThat(database.ask("SELECT count(*) FROM ephemeral_chat.body")).isEqualTo("0");
            assertThat(database.ask("SELECT count(*) FROM ephemeral_chat.room")).isEqualTo("1");
        } finally {
            second.close();
        }
    }

    /** Rooms like the one that lives, whose deadline has passed. */
    private void endRooms() {
        database.execute("SET search_path = ephemeral_chat; WITH ended AS ("
                + "INSERT INTO room (code, format, hour, incarnation, created, deadline, latest, seats, owner_only,"
                + " encrypted, typing, presence, locked, wrong, wait_until, taken, head, nonce, first, bytes)"
                + " SELECT 'ENDED' || n, format, hour, n, created, created, latest, seats, owner_only, encrypted,"
                + " typing, presence, locked, 0, 0, 0, " + ENTRIES + ", 1, 1, " + ENTRIES * 100
                + " FROM room, generate_series(1, " + ENDED + ") n RETURNING no, hour), entries AS ("
                + "INSERT INTO entry (hour, room, sequence, nonce, at, kind, sender_id, sender_name, key, bytes, body_hour)"
                + " SELECT hour, no, n, 1, 1, 'message', 'somebody', 'Somebody', n::text, 100, hour"
                + " FROM ended, generate_series(1, " + ENTRIES + ") n RETURNING hour, room, sequence)"
                + " INSERT INTO body (hour, room, sequence, body)"
                + " SELECT hour, room, sequence, convert_to(repeat('x', 100), 'UTF8') FROM entries");
    }
}
