package io.github.ephemeralchat.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.scripted.LogRecords;
import io.github.ephemeralchat.scripted.ScriptedStore;
import io.github.ephemeralchat.scripted.ScriptedStore.Call;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    private final List<String> calls = new ArrayList<>();
    private final List<Duration> durations = new ArrayList<>();
    private final ChatObserver observer = new ChatObserver() {
        @Override
        public void closed() {
            calls.add("closed");
        }

        @Override
        public void streamOpened() {
            calls.add("opened");
        }

        @Override
        public void streamClosed() {
            calls.add("stream closed");
        }

        @Override
        public void storeCalled(StoreOperation operation, StoreOutcome outcome, Duration duration) {
            calls.add(operation + " " + outcome);
            durations.add(duration);
        }
    };
    private final Telemetry telemetry = new Telemetry(List.of(observer));

    @Test
    void observer_throws_othersAreCalledAndItIsLoggedOnce() {
        ChatObserver broken = new ChatObserver() {
            @Override
            public void streamOpened() {
                throw new AssertionError("secret");
            }
        };
        Telemetry both = new Telemetry(List.of(broken, observer));
        try (LogRecords log = LogRecords.of(Telemetry.class)) {
            both.streamOpened();
            assertThat(log.warnings()).hasSize(1);
            both.streamOpened();
            assertThat(log.warnings()).containsExactly("An observer failed; it is still called");
            assertThat(log.text()).doesNotContain("secret");
        }
        assertThat(calls).containsExactly("opened", "opened");
    }

    @Test
    void close_isObservedOnce() {
        telemetry.close();
        assertThat(calls).containsExactly("closed");
        telemetry.close();
        assertThat(calls).containsExactly("closed");
    }

    @Test
    void streamsAndBytes_areCounted() {
        telemetry.streamOpened();
        telemetry.streamOpened();
        telemetry.streamClosed();
        telemetry.written(3);
        telemetry.written(4);
        assertThat(telemetry.streams()).isEqualTo(1);
        assertThat(telemetry.bytesWritten()).isEqualTo(7);
        assertThat(calls).containsExactly("opened", "opened", "stream closed");
    }

    @Test
    void isObserved_withoutObserver_isFalse() {
        assertThat(telemetry.isObserved()).isTrue();
        assertThat(new Telemetry(List.of()).isObserved()).isFalse();
    }

    @Nested
    class Store {

        private final ScriptedStore store = new ScriptedStore();
        private final ObservedRoomStore observed = new ObservedRoomStore(store, telemetry);
        private final Room room = store.newRoom(Duration.ofHours(1));
        private final TokenHash owner = TokenHash.of("owner");

        @Test
        void everyCall_isAnsweredAndTimed() {
            Identity anna = new Identity("anna", "anna");
            assertThat(observed.now()).isEqualTo(store.now());
            assertThat(observed.create(room, anna, owner)).isFalse();
            RoomIncarnation other = new RoomIncarnation(RoomId.random(), 2);
            assertThat(observed.create(new Room(other, room.createdAt(), room.expiresAt(), 2, false), anna, owner))
                    .isTrue();
            assertThat(observed.find(room.id())).isPresent();
            assertThat(observed.authenticate(room.id(), owner)).isPresent();
            assertThat(observed.join(room.id(), JoinRequest.named(anna, TokenHash.of("anna")))
                            .appended())
                    .isNotNull();
            RoomChange post = new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k", "x"));
            assertThat(observed.change(room.id(), new Actor.ByToken(owner), post))
                    .isPresent();
            assertThat(observed.change(room.id(), ScriptedStore.HOST, new RoomChange.Leave("anna")))
                    .isPresent();
            assertThat(observed.readAfter(room.incarnation(), EntryId.START, 10).entries())
                    .hasSize(4);
            assertThat(observed.destroy(room.incarnation(), ScriptedStore.HOST)).isTrue();
            assertThat(observed.destroy(room.incarnation(), ScriptedStore.HOST)).isFalse();
            assertThat(calls)
                    .containsExactly(
                            "CREATE ANSWERED",
                            "CREATE ANSWERED",
                            "FIND ANSWERED",
                            "AUTHENTICATE ANSWERED",
                            "JOIN ANSWERED",
                            "CHANGE ANSWERED",
                            "CHANGE ANSWERED",
                            "READ_AFTER ANSWERED",
                            "DESTROY ANSWERED",
                            "DESTROY ANSWERED");
            assertThat(durations).hasSize(10).allMatch(taken -> !taken.isNegative() && taken.toMinutes() == 0);
        }

        @Test
        void failure_isThrownAndObserved() {
            fail(new ChatUnavailableException("x"), "FIND UNAVAILABLE");
            fail(new RoomNotFoundException(), "FIND REFUSED");
            fail(new IllegalArgumentException("a value that does not fit the room"), "FIND REFUSED");
            fail(new IllegalStateException(), "FIND FAILED");
            fail(new NumberFormatException("of what the store has read"), "FIND FAILED");
        }

        private void fail(RuntimeException thrown, String observation) {
            calls.clear();
            store.before(Call.FIND, () -> {
                throw thrown;
            });
            assertThatThrownBy(() -> observed.find(room.id())).isSameAs(thrown);
            assertThat(calls).containsExactly(observation);
        }
    }
}
