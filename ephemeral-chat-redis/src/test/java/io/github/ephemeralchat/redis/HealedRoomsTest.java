package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.testsupport.Intercepted;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The watch finds a room whose signal was lost, and takes no other one for it. */
class HealedRoomsTest {

    private static final RoomIncarnation ROOM = new RoomIncarnation(RoomId.random(), 1);
    private static final LogEntry ENTRY =
            new LogEntry(new EntryId(1, 7), LogEntry.MESSAGE, new Identity("p_1", "Nyx"), "k1", "text", Instant.EPOCH);

    private final HealedRooms healed = new HealedRooms();
    private final RoomStore store = healed.watch(Intercepted.of(
            RoomStore.class, call -> new LogPage(LogPage.Continuity.CONTINUOUS, List.of(ENTRY), ENTRY.id())));
    private Consumer<RoomSignal> signals = signal -> {};

    @SuppressWarnings("unchecked")
    private final RoomBroadcaster broadcaster = healed.watch(Intercepted.of(RoomBroadcaster.class, call -> {
        signals = (Consumer<RoomSignal>) call.arguments().get(1);
        return (RoomBroadcaster.Registration) () -> {};
    }));

    private void readAsAFeedThatStarts() {
        broadcaster.subscribe(ROOM.id(), signal -> {});
        store.readAfter(ROOM, EntryId.START, 10);
    }

    @Test
    void entryThatNothingHasToldOfIsHealed() {
        readAsAFeedThatStarts();
        assertThat(healed.count()).isZero();
        store.readAfter(ROOM, EntryId.START, 10);
        assertThat(healed.count()).isEqualTo(1);
    }

    @Test
    void entryOfWhichASignalHasToldIsNot() {
        readAsAFeedThatStarts();
        signals.accept(new RoomSignal.EntryAppended(ROOM, ENTRY.id(), EntryId.START, ENTRY));
        store.readAfter(ROOM, EntryId.START, 10);
        assertThat(healed.count()).isZero();
    }

    @Test
    void entryThatMayHaveBeenMissedIsNot() {
        readAsAFeedThatStarts();
        signals.accept(new RoomSignal.Missed(ROOM.id()));
        store.readAfter(ROOM, EntryId.START, 10);
        assertThat(healed.count()).isZero();
    }
}
