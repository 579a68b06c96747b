package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How bodies end by themselves, before their room. */
@Tag("S17")
abstract class BodyEndRules extends ForgetRulesBase {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration LONGER = Duration.ofMinutes(7);

    // ---- At an end of its own ----

    @Test
    void s17_body_is_gone_from_its_end_on() {
        TestRoom room = room();
        LogEntry entry = room.post("k", contract().shortLife(), null);
        assertThat(entry.body()).isEqualTo("text of k");
        assertThat(entry.life())
                .isEqualTo(new BodyLife(entry.at().plus(contract().shortLife()), null, null));
        assertThat(onOtherNode(room).now(entry)).isEqualTo(entry);
        EntryId head = room.head();

        passUntil(room.store(), end(entry));

        LogEntry gone = gone(entry, Forgotten.EXPIRED);
        assertThat(onOtherNode(room).now(entry)).isEqualTo(gone);
        assertThat(room.now(entry)).isEqualTo(gone);
        assertThat(room.post(room.owner(), "k").entry()).isEqualTo(gone);
        assertThat(room.head()).as("nothing is written at the end").isEqualTo(head);
    }

    @Test
    void s17_body_is_there_until_its_end() {
        TestRoom room = room();
        LogEntry entry = room.post("k", LONG, null);
        if (isTimeExact()) {
            contract().passTime(LONG.minusMillis(1));
        }

        assertThat(room.now(entry)).isEqualTo(entry);
        assertThat(room.post(room.owner(), "k").entry()).isEqualTo(entry);
    }

    @Test
    void s17_bodies_end_each_by_itself() {
        TestRoom room = room();
        LogEntry longer = room.post("longer", LONG, null);
        LogEntry shorter = room.post("shorter", contract().shortLife(), null);
        LogEntry usual = room.post("usual").entry();

        passUntil(room.store(), end(shorter));

        assertThat(room.now(shorter)).isEqualTo(gone(shorter, Forgotten.EXPIRED));
        assertThat(room.now(longer)).isEqualTo(longer);
        assertThat(room.now(usual)).isEqualTo(usual);
    }

    @Test
    void s17_room_says_how_long_bodies_live() {
        TestRoom room = roomOf(LONG);

        assertThat(lifeOf(room.post("usual").entry())).isEqualTo(LONG);
        assertThat(lifeOf(room.append(room.owner(), new Draft("x-kind", "other", "body"))
                        .entry()))
                .isEqualTo(LONG);
        assertThat(lifeOf(room.post("shorter", LONG.dividedBy(2), null))).isEqualTo(LONG.dividedBy(2));
        assertThat(lifeOf(room.post("longer", LONGER, null))).isEqualTo(LONG);
    }

    @Test
    void s17_no_body_lives_longer_than_its_room() {
        TestRoom room = room();

        assertThat(end(room.post("k", LONG_LIFE.multipliedBy(2), null)))
                .isEqualTo(room.room().expiresAt());
    }

    @Test
    @Tag("S10")
    void s10_s17_bytes_of_what_has_ended_are_credited() {
        TestRoom room = room(new LogLimits(100, 1000));
        LogEntry entry = room.append(
                        room.owner(),
                        new Draft(LogEntry.MESSAGE, "k", "x".repeat(900))
                                .withLife(contract().shortLife(), null))
                .entry();
        passUntil(room.store(), end(entry));

        Appended next = room.post(room.owner(), "next", "y".repeat(900));

        assertThat(room.keys()).containsExactly("k", "next");
        assertThat(next.logBytes())
                .isEqualTo(room.log().stream()
                        .mapToLong(one -> one.size() + LogEntry.OVERHEAD_BYTES)
                        .sum());
    }

    @Test
    void s17_deleted_stays_deleted_after_its_end() {
        TestRoom room = room();
        LogEntry entry = room.post("k", contract().shortLife(), null);
        room.forget(TestRoom.HOST, entry);

        passUntil(room.store(), end(entry));

        assertThat(room.now(entry)).isEqualTo(gone(entry, Forgotten.DELETED));
    }

    @Test
    void s17_what_has_ended_is_forgotten_already() {
        TestRoom room = room();
        LogEntry entry = room.post("k", contract().shortLife(), null);

        passUntil(room.store(), end(entry));

        assertNothingStored(room, () -> room.forget(TestRoom.HOST, entry));
        assertThat(room.now(entry)).isEqualTo(gone(entry, Forgotten.EXPIRED));
    }

    @Test
    @Tag("S11")
    void s17_nothing_is_held_of_what_has_ended() {
        TestRoom room = room();
        String copy = "canary-" + UUID.randomUUID();
        WeakReference<String> body = post(room, copy, contract().shortLife());
        passUntil(room.store(), end(room.log().get(1)));

        assertBodyNotHeld(room.store(), "a body that has ended", body, copy);
        assertThat(room.keys()).containsExactly("k");
    }

    private TestRoom roomOf(Duration messageTtl) {
        RoomStore store = store();
        Room room =
                TestRoom.notCreated(store, RoomId.random(), LONG_LIFE, SEATS).room();
        return TestRoom.create(store, room.withRules(room.rules().withMessageTtl(messageTtl)), null);
    }

    private static Instant end(LogEntry entry) {
        return Optional.ofNullable(entry.life().expiresAt()).orElseThrow();
    }

    private static Duration lifeOf(LogEntry entry) {
        return Duration.between(entry.at(), end(entry));
    }
}
