package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomBroadcaster.Registration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Signals to the listeners of all nodes. */
abstract class NodeSignalRules extends BroadcasterRules {

    @Test
    @Tag("B9")
    void b9_signal_to_all_reaches_every_listener_on_every_node() {
        List<RecorderOfAll> recorders =
                Stream.of(here, there, there).map(RecorderOfAll::new).toList();
        for (int round = 0; round < ROUNDS; round++) {
            NodeSignal sent = revoked("user-" + round);

            here.publishToAll(sent);

            recorders.forEach(recorder -> recorder.await(sent));
        }
    }

    @Test
    @Tag("B9")
    void b9_identity_arrives_as_it_is() {
        var recorder = new RecorderOfAll(there);
        for (String id : List.of("a", "7:x,", " user \u00e9 \ud834\udd1e ", "x".repeat(128), "\u20ac".repeat(128))) {
            for (long node : new long[] {0, Long.MAX_VALUE, Long.MIN_VALUE, (1L << 53) + 1}) {
                NodeSignal sent = new NodeSignal.Revoked(id, node);

                here.publishToAll(sent);

                recorder.await(sent);
            }
        }
    }

    @Test
    @Tag("B9")
    void b9_closed_listener_of_all_gets_nothing_more_and_others_do() {
        var closed = new RecorderOfAll(there);
        var open = new RecorderOfAll(there);

        closed.registration.close();
        closed.registration.close();
        here.publishToAll(revoked("user"));

        open.await(revoked("user"));
        Await.pause(QUIET);
        assertThat(closed.signals).isEmpty();
    }

    @Test
    @Tag("B9")
    void b9_listener_of_all_that_throws_keeps_no_other_from_signals() {
        var first = new RecorderOfAll(there);
        there.subscribeToAll(received -> {
            throw new AssertionError("thrown by a test's listener");
        });
        var last = new RecorderOfAll(there);
        for (String id : List.of("user-1", "user-2")) {
            here.publishToAll(revoked(id));

            first.await(revoked(id));
            last.await(revoked(id));
        }
    }

    private static NodeSignal revoked(String id) {
        return new NodeSignal.Revoked(id, 7);
    }

    /** The same for what is sent to all nodes. */
    class RecorderOfAll implements Consumer<NodeSignal> {
        final Queue<NodeSignal> signals = new ConcurrentLinkedQueue<>();
        final Registration registration;

        RecorderOfAll(RoomBroadcaster node) {
            registration = node.subscribeToAll(this);
        }

        @Override
        public void accept(NodeSignal received) {
            signals.add(received);
        }

        void await(NodeSignal expected) {
            Await.until(contract().signalTimeout(), "a signal to all arrives", () -> signals.contains(expected));
        }
    }
}
