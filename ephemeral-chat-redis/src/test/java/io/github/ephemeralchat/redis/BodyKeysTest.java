package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.redis.SharedRoom.Seat;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Texts that are keys of their own, and the set that knows them. */
@Tag("S17")
class BodyKeysTest {

    private static final RedisServer SERVER = RedisServer.shared();
    private static final RedisCommands<String, String> REDIS = TestNodes.look(SERVER);
    private static final Duration SHORT = Duration.ofMillis(500);
    /** For how long the set is there after the room's end, in milliseconds. */
    private static final long OUTLIVES = 10_000;

    private static final Duration LONG = Duration.ofMinutes(5);

    private final TestNodes nodes = new TestNodes(SERVER.uri());
    private final RoomStore here = nodes.light(LogLimits.DEFAULT).store();
    private final RedisChat there = nodes.light(LogLimits.DEFAULT);
    private final SharedRoom room = SharedRoom.create(here);
    private final String[] keys = new KeyNames("ec").keys(room.id());

    private final String bodies = keys[0] + ":bodies";

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    private String key(LogEntry entry) {
        return keys[0] + ":b:" + entry.id().sequence();
    }

    private long end(LogEntry entry) {
        return REDIS.pexpiretime(key(entry));
    }

    private List<String> keysOfTheRoom() {
        return REDIS.keys("*" + room.id().value() + "*");
    }

    private void passUntilEnd(LogEntry entry) {
        Instant end = entry.life().expiresAt();
        RedisServer.sleep(Math.max(0, Duration.between(here.now(), end).toMillis()) + 50);
    }

    // ---- Ends ----

    private void move(Duration fromCreation) {
        room.steer(new RoomChange.Deadline(room.room().createdAt().plus(fromCreation)));
    }

    private long inMinutes(long minutes) {
        return room.room().createdAt().plus(Duration.ofMinutes(minutes)).toEpochMilli();
    }

    @Test
    @Tag("S16")
    void movedDeadlineMovesBodiesForthAndBack() {
        LogEntry own = room.post("own", LONG, null);
        LogEntry claimable = room.post("claimable", null, 2);
        LogEntry both = room.post("both", LONG, 2);
        LogEntry taken = room.post("taken", null, 1);
        room.claim(room.join(), taken);
        long ownEnd = own.life().expiresAt().toEpochMilli();
        long bothEnd = both.life().expiresAt().toEpochMilli();
        long takenEnd = end(taken);
        assertThat(takenEnd).isLessThan(inMinutes(2));
        assertThat(end(own)).isEqualTo(ownEnd);

        for (long minutes : List.of(3L, 20L, 2L, 30L)) {
            move(Duration.ofMinutes(minutes));

            assertThat(end(own)).isEqualTo(Math.min(ownEnd, inMinutes(minutes)));
            assertThat(end(both)).isEqualTo(Math.min(bothEnd, inMinutes(minutes)));
            assertThat(end(claimable)).isEqualTo(inMinutes(minutes));
            assertThat(end(taken)).isEqualTo(takenEnd);
            assertThat(REDIS.pexpiretime(bodies)).isEqualTo(inMinutes(minutes) + OUTLIVES);
        }
        assertThat(room.now(own)).isEqualTo(own);
        assertThat(room.claim(room.join(), claimable)).isEqualTo("claimable");
    }

    @Test
    @Tag("S16")
    void bodyNeverOutlivesTheRoom() {
        LogEntry entry = room.post("k", Duration.ofDays(3), null);

        assertThat(end(entry)).isEqualTo(room.room().expiresAt().toEpochMilli());
        assertThat(keysOfTheRoom())
                .hasSize(4)
                .allSatisfy(key -> assertThat(REDIS.pttl(key)).isPositive());
    }

    // ---- Nothing left ----

    @Test
    @Tag("S8")
    void destroyedRoomLeavesNoBody() {
        postAll();
        assertThat(keysOfTheRoom()).hasSize(6);

        here.destroy(room.room().incarnation(), room.owner().actor());

        assertThat(keysOfTheRoom()).isEmpty();
    }

    @Test
    @Tag("S8")
    void destroyedRoomLeavesNoBodyThoughNobodyKnowsThem() {
        postAll();
        REDIS.del(bodies);

        here.destroy(room.room().incarnation(), room.owner().actor());

        assertThat(keysOfTheRoom()).isEmpty();
    }

    @Test
    @Tag("S9")
    void roomThatLostItsLogLeavesNoBody() {
        postAll();
        REDIS.del(keys[1]);

        assertThatExceptionOfType(RoomNotFoundException.class)
                .isThrownBy(() -> room.post(room.owner().actor(), "more"));

        assertThat(keysOfTheRoom()).isEmpty();
    }

    private void postAll() {
        room.post("own", LONG, null);
        room.post("claimable", null, 2);
        room.claim(room.join(), room.post("taken", null, 1));
    }

    @Test
    @Tag("S10")
    void trimmedEntriesTakeTheirBodiesAlong() {
        SharedRoom small = room.on(nodes.light(new LogLimits(4, 1 << 20)).store());
        LogEntry own = small.post("own", LONG, null);
        LogEntry taken = small.post("taken", null, 1);
        small.claim(small.join(), taken);
        for (int i = 0; i < 5; i++) {
            small.post("more " + i, null, null);
        }

        assertThat(REDIS.exists(key(own), key(taken), bodies)).isZero();
        assertThat(REDIS.hkeys(keys[1])).doesNotContain("due", "c:" + taken.id().sequence());
    }

    /** Its bytes are credited by whoever takes it from the set. */
    @Test
    @Tag("S10")
    void textThatIsOverAndThenDeletedIsCredited() {
        LogEntry over = room.post("x".repeat(1000), SHORT, null);
        passUntilEnd(over);

        assertThat(room.forget(over)).isEmpty();

        assertThat(room.post(room.owner().actor(), "next").logBytes()).isLessThan(1000 + 2 * LogEntry.OVERHEAD_BYTES);
        assertThat(room.now(over).life().forgotten()).isEqualTo(Forgotten.EXPIRED);
    }

    // ---- Evicted, or removed by hand ----

    @Test
    void bodyThatWasEvictedIsToldAsExpired() {
        LogEntry own = room.post("own", LONG, null);
        LogEntry kept = room.post("kept", LONG, null);
        LogEntry claimable = room.post("claimable", null, 2);
        REDIS.del(key(own), key(claimable));

        LogEntry now = room.now(own);
        assertThat(now.body()).isEmpty();
        assertThat(now.life().forgotten()).isEqualTo(Forgotten.EXPIRED);
        assertThat(room.now(kept)).isEqualTo(kept);
        assertThat(room.post("own", LONG, null)).isEqualTo(now);
        assertThatExceptionOfType(ForgottenException.class).isThrownBy(() -> room.claim(room.join(), claimable));
        assertThat(room.forget(own)).isPresent();
    }

    @Test
    void bodyThatSomebodyHasChangedIsToldAsExpired() {
        LogEntry own = room.post("own", LONG, null);
        REDIS.append(key(own), "and more");

        assertThat(room.now(own).life().forgotten()).isEqualTo(Forgotten.EXPIRED);
    }

    @Test
    @Tag("S10")
    void setThatWasEvictedIsMadeAnew() {
        LogEntry first = room.post("x".repeat(1000), SHORT, null);
        LogEntry later = room.post("later", LONG, null);
        REDIS.del(bodies);
        room.post("a third", LONG, null);
        assertThat(REDIS.zcard(bodies)).isEqualTo(3);
        REDIS.del(bodies);
        passUntilEnd(first);

        Appended next = room.post(room.owner().actor(), "next");

        assertThat(REDIS.zcard(bodies)).isEqualTo(2);
        assertThat(REDIS.pexpiretime(bodies)).isEqualTo(room.room().expiresAt().toEpochMilli() + OUTLIVES);
        assertThat(next.logBytes()).isLessThan(1000 + 5 * LogEntry.OVERHEAD_BYTES);
        assertThat(room.now(later)).isEqualTo(later);
    }

    @Test
    void setThatWasEvictedIsMadeAnewByAPage_withItsEnd() {
        LogEntry first = room.post("over soon", SHORT, null);
        room.post("two", LONG, null);
        room.post("three", LONG, null);
        REDIS.del(bodies);
        passUntilEnd(first);

        for (int page = 0; page < 2; page++) {
            here.readAfter(room.room().incarnation(), EntryId.START, 10);
            assertThat(REDIS.zcard(bodies)).isEqualTo(2);
            assertThat(REDIS.pexpiretime(bodies))
                    .isEqualTo(room.room().expiresAt().toEpochMilli() + OUTLIVES);
        }
        here.destroy(room.room().incarnation(), room.owner().actor());
        assertThat(keysOfTheRoom()).isEmpty();
    }

    @Test
    @Tag("S10")
    void manyThatEndAtOnceAreCreditedBeforeAnythingIsTrimmed() {
        SharedRoom small = room.on(nodes.light(new LogLimits(10_000, 60_000)).store());
        LogEntry last = null;
        for (int i = 0; i < 500; i++) {
            last = small.post("%0100d".formatted(i), Duration.ofSeconds(2), null);
        }
        passUntilEnd(last);

        small.post("y".repeat(55_000), null, null);

        assertThat(REDIS.hget(keys[1], "first")).isEqualTo("1");
        for (int i = 0; i < 3; i++) {
            small.post("more " + i, null, null);
        }
        assertThat(REDIS.hkeys(keys[1])).doesNotContain("due");
        assertThat(REDIS.exists(bodies)).isZero();
    }

    // ---- Half-way ----

    /** The room ends while a post's script runs. */
    @Test
    @Tag("S9")
    void setNeverIsWithoutAnEnd_alsoIfTheRoomEndsMeanwhile() {
        Room ending = SharedRoom.plan(here, Duration.ofMillis(300), 5);
        SharedRoom ends = SharedRoom.create(here, ending, null);
        ends.post("first", LONG, null);
        String[] its = new KeyNames("ec").keys(ends.id());
        String begin = "local function note(log, sequence, goes)\n";
        assertThat(LuaScript.POST.text()).contains(begin);
        String slow = LuaScript.POST.text().replace(begin, begin + """
                          repeat
                            local at = redis.call('TIME')
                          until at[1] * 1000 + at[2] / 1000 > tonumber(log.deadline)
                        """);
        long far = here.now().plusSeconds(10).toEpochMilli() * 1000;
        String[] arguments = {"" + far, "c", "9", "99", "1", "host", "Host", "message", "=k", "text", "", "60000", ""};

        REDIS.eval(slow, ScriptOutputType.MULTI, its, arguments);

        assertThat(REDIS.pttl(its[0] + ":bodies")).isNotEqualTo(-1);
        assertThat(REDIS.exists(its[1])).isZero();
    }

    /** The room ends while it is created. */
    @Test
    @Tag("S9")
    void logNeverIsWithoutAnEnd_alsoIfTheRoomEndsWhileItIsCreated() {
        Room ending = SharedRoom.plan(here, Duration.ofMillis(100), 5);
        String[] its = new KeyNames("ec").keys(ending.id());
        String begin = "redis.call('PEXPIREAT', ROOM, deadline)\n";
        assertThat(LuaScript.CREATE.text()).contains(begin);
        String slow = LuaScript.CREATE.text().replace(begin, begin + """
                        repeat
                          local at = redis.call('TIME')
                        until at[1] * 1000 + at[2] / 1000 > tonumber(deadline)
                        """);
        long deadline = ending.expiresAt().toEpochMilli();
        String[] arguments = {
            "" + (deadline + 10_000) * 1000, "c", "9", "99", "1", "7", "" + deadline, "id", "name", "0".repeat(64), ""
        };

        List<Object> answer = REDIS.eval(slow, ScriptOutputType.MULTI, its, arguments);

        assertThat(answer.get(0)).isEqualTo("expired");
        assertThat(REDIS.exists(its)).isZero();
    }

    /** What a script has written stays: here it may not publish. */
    @Test
    void scriptThatFailsHalfwayLeavesNothingWithoutAnEnd() {
        REDIS.aclSetuser(
                "half",
                AclSetuserArgs.Builder.on()
                        .addPassword("secret")
                        .allKeys()
                        .allCommands()
                        .resetChannels());
        RedisURI uri = RedisURI.builder(SERVER.uri())
                .withAuthentication("half", "secret")
                .build();
        LogEntry claimable = room.post("claimable", null, 1);
        LogEntry deleted = room.post("deleted", LONG, null);
        Seat member = room.join();
        try (RedisChat half = RedisChat.connect(uri)) {
            SharedRoom byHalf = room.on(half.store());
            assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> byHalf.post("k", LONG, null));
            assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> byHalf.claim(member, claimable));
            assertThatExceptionOfType(ChatUnavailableException.class).isThrownBy(() -> byHalf.forget(deleted));
        } finally {
            REDIS.aclDeluser("half");
        }
        assertThat(keysOfTheRoom())
                .hasSize(5)
                .allSatisfy(key -> assertThat(REDIS.pttl(key)).isPositive());
        assertThat(room.post("k", LONG, null).body()).as("the retry").isEqualTo("k");
        assertThat(room.claim(member, claimable)).as("the repeat").isEqualTo("claimable");
        assertThat(room.now(deleted).body()).isEmpty();
    }

    // ---- Told ----

    @Test
    @Tag("S20")
    void signalsShowWhatPagesShow() {
        List<RoomSignal> heard = new CopyOnWriteArrayList<>();
        there.broadcaster().subscribe(room.id(), heard::add);
        List<RoomChange> changes = List.of(
                new RoomChange.Post(new Draft(LogEntry.MESSAGE, "a", "\0a").withLife(LONG, null)),
                new RoomChange.Post(new Draft(LogEntry.MESSAGE, "b", "\0b").withLife(null, 3)),
                new RoomChange.Post(new Draft(LogEntry.MESSAGE, "c", "\0c").withLife(LONG, 3)),
                new RoomChange.Forget(2));

        List<Appended> made =
                changes.stream().map(change -> room.steer(change).orElseThrow()).toList();

        Await.until(Duration.ofSeconds(5), "all signals", () -> heard.size() == made.size());
        assertThat(heard).isEqualTo(made.stream().map(Appended::signal).toList());
        assertThat(made).extracting(one -> one.entry().body()).containsExactly("\0a", "", "", "2 deleted");
        assertThat(there.store()
                        .readAfter(room.room().incarnation(), new EntryId(2, 0), 100)
                        .entries())
                .isEqualTo(made.subList(1, 4).stream().map(Appended::entry).toList());
    }
}
