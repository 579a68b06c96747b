package io.github.ephemeralchat.memory;

import static io.github.ephemeralchat.memory.MemoryRooms.createIn;
import static io.github.ephemeralchat.memory.MemoryRooms.room;
import static io.github.ephemeralchat.memory.MemoryRooms.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.SettableTime;
import java.io.File;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryBudgetTest {

    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final Identity ANNA = Identity.named("Anna");

    private final SettableTime time = new SettableTime();
    private final TokenHash token = token();

    private MemoryRoomStore store(long maxBytes, int maxEntries) {
        return MemoryRoomStore.builder()
                .maxBytes(maxBytes)
                .logLimits(new LogLimits(maxEntries, 1 << 20))
                .timeSource(time)
                .build();
    }

    private Room create(MemoryRoomStore store) {
        Room room = room(store, LIFE, 100);
        assertThat(store.create(room, ANNA, token)).isTrue();
        return room;
    }

    private Appended post(MemoryRoomStore store, Room room, int number) {
        return MemoryRooms.append(
                store, room, token, new Draft(LogEntry.MESSAGE, "k" + number, "a text of some length"));
    }

    /** Returns how many messages were taken. */
    private int fill(MemoryRoomStore store, Room room) {
        int taken = 0;
        try {
            while (taken < 10_000) {
                post(store, room, taken);
                taken++;
            }
        } catch (LimitExceededException e) {
            return taken;
        }
        throw new AssertionError("the store is never full");
    }

    private static void assertRefused(ThrowingCallable write) {
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(write)
                .withMessage("the store's memory is full");
    }

    @Test
    void fullStore_refusesWhatNeedsMemory_andNothingElse() {
        MemoryRoomStore store = store(50_000, 10_000);
        Room other = create(store);
        Room full = create(store);
        int taken = fill(store, full);
        assertThat(taken).isPositive();

        assertRefused(() -> post(store, other, 0));
        assertRefused(() -> MemoryRooms.join(store, other, Identity.anonymous()));
        assertRefused(() -> createIn(store, room(store, LIFE, 2)));

        assertThat(post(store, full, taken - 1).stored()).as("a repeated post").isFalse();
        assertThat(MemoryRooms.join(store, other, ANNA).appended())
                .as("a second token")
                .isNull();
        assertThat(store.find(other.id())).isPresent();
        assertThat(MemoryRooms.leave(store, full, ANNA)).isPresent();
        assertThat(MemoryRooms.destroy(store, full)).isTrue();
        assertThat(post(store, other, 0).stored()).isTrue();
    }

    @Test
    void refusedPost_changesNothing() {
        MemoryRoomStore store = store(20_000, 10_000);
        Room room = create(store);
        int taken = fill(store, room);
        var state = store.find(room.id());

        assertRefused(() -> post(store, room, taken));

        assertThat(store.find(room.id())).isEqualTo(state);
    }

    @Test
    void trimmedEntries_giveTheirBytesBack() {
        MemoryRoomStore store = store(50_000, 10);
        Room room = create(store);
        for (int i = 0; i < 1_000; i++) {
            post(store, room, i);
        }
    }

    @Test
    void endedRooms_giveAllBack_howeverTheyEnd() {
        MemoryRoomStore store = store(1 << 20, 10_000);
        Room destroyed = create(store);
        post(store, destroyed, 1);
        MemoryRooms.join(store, destroyed, Identity.anonymous());
        MemoryRooms.leave(store, destroyed, ANNA);
        assertThat(store.usedBytes()).isPositive();
        MemoryRooms.destroy(store, destroyed);
        MemoryRooms.destroy(store, destroyed);
        assertThat(store.usedBytes()).isZero();

        Room left = create(store);
        long owned = store.usedBytes();
        Identity guest = Identity.anonymous();
        for (int i = 0; i < 20; i++) {
            MemoryRooms.join(store, left, guest);
        }
        MemoryRooms.leave(store, left, guest);
        assertThat(store.usedBytes() - owned).as("the entries of the guest").isEqualTo(2 * 450 + "member".length());
        MemoryRooms.destroy(store, left);

        Room expired = create(store);
        time.advance(LIFE);
        long empty = store.usedBytes();
        createIn(store, expired); // Its deadline has passed: nothing is made, and what has expired is cleared later.
        assertThat(store.usedBytes()).isEqualTo(empty);
        Room living = create(store);
        long one = store.usedBytes();
        createIn(store, living);
        assertThat(store.usedBytes()).as("a taken code").isEqualTo(one);
        MemoryRooms.destroy(store, living);
        assertThat(store.usedBytes()).isZero();
    }

    @Test
    void storeWithoutMemory_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryRoomStore.builder().maxBytes(0));
    }

    /** In a small JVM of its own, which would end if the store took much more than it believes. */
    @ParameterizedTest
    @EnumSource(SmallHeap.Content.class)
    void store_isFullLongBeforeTheHeapIs(SmallHeap.Content content) throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:-UseTLAB", // Else a thread's whole buffer counts as used: tens of KB, by chance.
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        content.name())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("the store's memory is full").contains("the estimate was high enough");
    }
}
