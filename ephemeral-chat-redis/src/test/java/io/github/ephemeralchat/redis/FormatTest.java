package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes of two versions on one Redis: what the other one wrote is served by the other one, and never misread. */
class FormatTest {

    private static final RedisServer SERVER = RedisServer.shared();
    private static final RedisCommands<String, String> REDIS = TestNodes.look(SERVER);
    private static final KeyNames NAMES = new KeyNames("ec");
    private static final TokenHash TOKEN = TokenHash.of("a token for tests");
    private static final Actor MEMBER = new Actor.ByToken(TOKEN);
    private static final Actor HOST = new Actor.Host("Host");

    private final ChatNode node = ChatNode.open(SERVER.uri());
    private final RoomStore store = node.redis().store();

    @AfterEach
    void closeNode() {
        node.close();
    }

    private Room room(Duration life) {
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        return new Room(new RoomIncarnation(RoomId.random(), 42), now, now.plus(life), 5, false);
    }

    /** Every call but create, which has an answer for a code that is taken. */
    private List<Runnable> callsOn(Room room) {
        return List.of(
                () -> store.find(room.id()),
                () -> store.authenticate(room.id(), TOKEN),
                () -> store.join(room.id(), JoinRequest.anonymous(Identity.anonymous(), TOKEN)),
                () -> store.change(room.id(), HOST, new RoomChange.Leave("p_other")),
                () -> store.change(room.id(), MEMBER, new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k", "text"))),
                () -> store.readAfter(room.incarnation(), EntryId.START, 10),
                () -> store.destroy(room.incarnation(), HOST));
    }

    private void assertRefusedAndLeftAlone(Room room) {
        List<String> before = content(room.id());
        callsOn(room)
                .forEach(call -> assertThatExceptionOfType(IncompatibleRoomException.class)
                        .isThrownBy(call::run)
                        .withMessageContaining("another version")
                        .withMessageNotContaining(room.id().value()));
        assertThat(store.create(room, Identity.anonymous(), TOKEN)).isFalse();
        assertThat(content(room.id())).isEqualTo(before);
    }

    /** Everything that Redis keeps of a room, as it is. */
    private static List<String> content(RoomId room) {
        return Arrays.stream(NAMES.keys(room))
                .filter(key -> REDIS.exists(key) == 1)
                .map(key -> key + (REDIS.pttl(key) > 0 ? " ends " : " stays ") + TestNodes.content(REDIS, key))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "10"})
    void whatAnotherVersionWroteIsRefusedAndLeftAlone(String format) {
        Room room = room(Duration.ofMinutes(1));
        OtherVersion other = new OtherVersion(REDIS, format);
        other.create(room);
        assertThat(content(room.id())).hasSize(2);

        assertRefusedAndLeftAlone(room);

        other.post(room.id(), "it goes on there");
    }

    /** A version whose rooms look quite different; only the format is where it always is. */
    @Test
    void whatLooksQuiteDifferentIsRefusedAndLeftAlone() {
        Room room = room(Duration.ofMinutes(1));
        String key = NAMES.keys(room.id())[0];
        REDIS.multi(); // Or a look in between finds keys without an end.
        REDIS.hset(key, Map.of("format", "3", "header", "in one piece"));
        REDIS.lpush(key + ":log", "an entry");
        for (String each : List.of(key, key + ":log")) {
            REDIS.pexpireat(each, room.expiresAt());
        }
        REDIS.exec();
        assertRefusedAndLeftAlone(room);
    }

    @Test
    void afterItsEndTheCodeIsFree() {
        Room room = room(Duration.ofMillis(1500));
        new OtherVersion(REDIS, "2").create(room);
        assertThat(store.create(room, Identity.anonymous(), TOKEN)).isFalse();

        Await.until(Duration.ofSeconds(10), "it ends", () -> REDIS.exists(NAMES.keys(room.id())) == 0);
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        Room next = new Room(new RoomIncarnation(room.id(), 43), now, now.plusSeconds(60), 5, false);
        assertThat(store.create(next, Identity.anonymous(), TOKEN)).isTrue();
    }

    /** As the scripts write it. */
    private static String entry(String format, Membership from, int nonce, String text) {
        String head = format + " " + nonce + " 1 " + text.length();
        return String.join("\0", head, from.identity().id(), "Anna", LogEntry.MESSAGE, "=k", text);
    }

    private static void append(RoomId room, int nonce, String entry) {
        REDIS.hset(NAMES.keys(room)[1], Map.of("2", entry, "head", "2-" + nonce));
    }

    /** By design no version writes into a room of another format; one that does is found out. */
    @Test
    void anEntryInAnotherFormatIsNotMisread() {
        Membership room = node.room();
        append(room.room().id(), 1, entry("2", room, 1, "of another version"));

        assertThatExceptionOfType(IncompatibleRoomException.class)
                .isThrownBy(() -> node.service().history(room.room().id(), 0, 10));
    }

    /** What is heard is a hint at most: the message comes from the store, which has another text than the signal. */
    @Test
    void aSignalInAnotherFormatLeadsToAReadFromTheStore() {
        Membership room = node.room();
        RoomId id = room.room().id();
        Heard heard = node.listen(room);
        Await.until(Duration.ofSeconds(5), "it listens", () -> heard.events().size() == 1);
        String incarnation = REDIS.hget(NAMES.keys(id)[0], "incarnation");
        String head = REDIS.hget(NAMES.keys(id)[1], "head");
        append(id, 5, entry("1", room, 5, "stored"));
        String signal = "E " + incarnation + " 2-5 " + head + "\0" + entry("1", room, 5, "signaled");
        REDIS.publish(NAMES.channel(id), "2 " + signal);

        Await.until(Duration.ofSeconds(5), "the message", () -> heard.hasText("stored"));
        assertThat(heard.hasText("signaled")).isFalse();
    }

    @Test
    void theOperatorIsToldOnce() {
        Room room = room(Duration.ofMinutes(1));
        new OtherVersion(REDIS, "2").create(room);
        try (LogLines lines = new LogLines()) {
            assertRefusedAndLeftAlone(room);
            assertThat(lines.all())
                    .containsOnlyOnce("WARNING")
                    .contains("written by another version")
                    .doesNotContain(room.id().value());
        }
    }

    @Test
    void scriptsAndCodeAgreeOnTheFormat() {
        // A count is no room.
        for (LuaScript script : EnumSet.complementOf(EnumSet.of(LuaScript.COUNT))) {
            assertThat(script.text()).contains("local FORMAT = '" + EntryCodec.FORMAT + "'");
        }
    }
}
