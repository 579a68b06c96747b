package io.github.ephemeralchat.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.scripted.LogRecords;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalRoomBroadcasterTest {

    private final RoomBroadcaster broadcaster = RoomBroadcaster.local();
    private final RoomSignal signal = new RoomSignal.Missed(RoomId.random());
    private final List<RoomSignal> signals = new ArrayList<>();

    @Test
    void listener_throws_othersAreCalledAndItIsLoggedWithoutItsMessage() {
        broadcaster.subscribe(signal.id(), any -> {
            throw new AssertionError("secret");
        });
        broadcaster.subscribe(signal.id(), signals::add);
        try (LogRecords log = LogRecords.of(LocalRoomBroadcaster.class)) {
            broadcaster.publish(signal);
            assertThat(log.warnings()).containsExactly("A listener failed");
            assertThat(log.text())
                    .contains("java.lang.AssertionError", "at io.github.ephemeralchat.spi.LocalRoomBroadcasterTest")
                    .doesNotContain("secret");
        }
        assertThat(signals).containsExactly(signal);
    }

    @Test
    void sameListenerTwice_closedOnce_isCalledOnce() {
        List<RoomSignal> sink = signals;
        Registration first = broadcaster.subscribe(signal.id(), sink::add);
        broadcaster.subscribe(signal.id(), sink::add);
        first.close();
        first.close();
        broadcaster.publish(signal);
        assertThat(signals).hasSize(1);
    }

    @Test
    void listener_closedByAnEarlierOne_isNotCalled() {
        Registration[] later = new Registration[1];
        broadcaster.subscribe(signal.id(), any -> later[0].close());
        later[0] = broadcaster.subscribe(signal.id(), signals::add);
        broadcaster.publish(signal);
        assertThat(signals).isEmpty();
    }
}
