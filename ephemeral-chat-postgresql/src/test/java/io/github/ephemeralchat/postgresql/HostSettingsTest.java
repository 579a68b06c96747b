package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
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
        ChatNode second = ChatNode.open(database);
        database.execute("ALTER ROLE chat SET statement_timeout = '150ms'");
        database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'chat'");
        endRooms();
        try {
            assertThat(database.ask("SELECT count(*) FROM ephemeral_chat.entry"))
                    .isNotEqualTo("1");
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

    private static String incompressible() {
        byte[] bytes = new byte[3_000];
        ThreadLocalRandom.current().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** What people write is in no temporary file, whose bytes stay on the disk. */
    @Test
    void textsAreReadInMemoryHoweverLittleOfItOthersHave() {
        database.execute("ALTER ROLE chat SET work_mem = '64kB'");
        try (ChatNode here = ChatNode.open(database);
                ChatNode there = ChatNode.open(database)) {
            Membership room = here.room();
            Heard heard = there.listen(room);
            for (int i = 0; i < 100; i++) {
                here.post(room, incompressible());
            }
            Await.until(GONE, "all is heard", () -> heard.messages() == 100);
            assertThat(here.postgresql()
                            .store()
                            .readAfter(room.room().incarnation(), EntryId.START, 500)
                            .entries())
                    .hasSize(101);
        }
        Await.until(
                GONE,
                "all connections are closed",
                () -> database.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'chat'")
                        .equals("0"));
        assertThat(database.ask("SELECT temp_files FROM pg_stat_database WHERE datname = 'postgres'"))
                .isEqualTo("0");
    }
}
