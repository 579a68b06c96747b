package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomEvent.RoomDestroyed;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.UnreliableBroadcaster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Where every signal is lost and nobody says so, the position check finds what was missed. */
class PositionCheckTest {

    @Test
    void theNextCheckBringsAMissedMessageAndAMissedEnd() {
        MemoryRoomStore store = MemoryRoomStore.create();
        RoomBroadcaster deaf = new UnreliableBroadcaster(RoomBroadcaster.local(), 1, 100, 0, 0);
        try (EphemeralChatService here = EphemeralChatService.create(store, deaf);
                EphemeralChatService there = EphemeralChatService.create(store, deaf)) {
            Membership talking = here.createRoom(RoomOptions.defaults(), Identity.anonymous());
            Membership ending = here.createRoom(RoomOptions.defaults(), Identity.anonymous());
            List<RoomEvent> heard = new CopyOnWriteArrayList<>();
            List<RoomEvent> ended = new CopyOnWriteArrayList<>();
            there.subscribe(talking.room().id(), Cursor.now(), heard::add);
            there.subscribe(ending.room().id(), Cursor.now(), ended::add);
            here.as(talking.room().id(), talking.token()).post("nobody told you");
            here.asHost(ending.room().id()).destroy();
            assertThat(heard).as("the signal is lost").isEmpty();

            Duration check = Duration.ofSeconds(31);
            Await.until(check, "the message", () -> !heard.isEmpty());
            assertThat(heard).singleElement().isInstanceOf(MessagePosted.class);
            Await.until(check, "the end", () -> !ended.isEmpty());
            assertThat(ended).containsExactly(new RoomDestroyed(EndReason.LOST));
        }
    }
}
