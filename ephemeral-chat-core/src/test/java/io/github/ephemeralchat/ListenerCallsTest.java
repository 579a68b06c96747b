package io.github.ephemeralchat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.scripted.LogRecords;
import io.github.ephemeralchat.scripted.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** How a host's listener of all rooms is called. */
class ListenerCallsTest {

    private static final RoomListener LISTENER = new RoomListener() {};

    private final ManualExecutor executor = new ManualExecutor();
    private final ListenerCalls calls = new ListenerCalls(LISTENER, executor);
    private final RoomId room = new RoomId("AAAAAAAA");
    private final RoomId other = new RoomId("BBBBBBBB");
    private final List<String> told = new ArrayList<>();

    private void add(RoomId id, String what) {
        calls.add(id, listener -> told.add(what));
    }

    @Test
    void nothing_isCalledByWhoeverTells() {
        add(room, "created");
        assertThat(told).isEmpty();
        executor.runAll();
        assertThat(told).containsExactly("created");
    }

    @Test
    void callsOfARoom_keepTheirOrder_andOthersTakeTheirTurns() {
        add(room, "a1");
        add(room, "a2");
        add(other, "b1");
        add(room, "a3");
        executor.runAll();
        assertThat(told).containsExactly("a1", "b1", "a2", "a3");
    }

    @Test
    void callThatTellsMore_isFollowedByIt() {
        calls.add(room, listener -> {
            told.add("first");
            add(room, "second");
        });
        executor.runAll();
        add(room, "third");
        executor.runAll();
        assertThat(told).containsExactly("first", "second", "third");
    }

    @Test
    void callThatThrows_isLoggedWithoutItsMessage_andFollowedByOthers() {
        try (LogRecords log = LogRecords.of(ListenerCalls.class)) {
            calls.add(room, listener -> {
                throw new AssertionError("a secret");
            });
            add(room, "next");
            executor.runAll();
            assertThat(log.warnings()).containsExactly("A listener of rooms failed");
            assertThat(log.text()).contains("AssertionError").doesNotContain("secret");
        }
        assertThat(told).containsExactly("next");
    }

    @Test
    void callsBeyondTheBound_areDropped_andLoggedOnce() {
        try (LogRecords log = LogRecords.of(ListenerCalls.class)) {
            for (int i = 0; i < ListenerCalls.MAX_WAITING + 10; i++) {
                add(room, "call");
            }
            executor.runAll();
            assertThat(told).hasSize(ListenerCalls.MAX_WAITING);
            assertThat(log.warnings()).hasSize(1);
        }
        add(other, "later");
        executor.runAll();
        assertThat(told).last().isEqualTo("later");
    }

    @Test
    void executorThatTakesNoMore_holdsNothing() {
        ListenerCalls rejected = new ListenerCalls(LISTENER, task -> {
            throw new RejectedExecutionException();
        });
        for (int i = 0; i < ListenerCalls.MAX_WAITING + 10; i++) {
            rejected.add(room, listener -> told.add("never"));
        }
        assertThat(told).isEmpty();
    }
}
