package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.tck.BroadcasterFault.LossyBroadcaster;
import io.github.ephemeralchat.tck.BroadcasterFault.ReferenceBroadcaster;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Shows that a correct broadcaster passes the contract, and that each seeded fault fails the test named for it. */
class RoomBroadcasterContractTest {

    @Test
    void correctBroadcasterPasses() {
        assertPasses(new ReferenceBroadcaster());
    }

    @Test
    void correctBroadcasterThatMayLoseSignalsPasses() {
        assertPasses(new LossyBroadcaster());
    }

    private static void assertPasses(ReferenceBroadcaster broadcaster) {
        Judged.broadcaster = broadcaster;
        Judged.timeout = Duration.ofSeconds(30);

        assertThat(ContractRun.failedTests(selectClass(Judged.class))).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> seededFaultIsFound() {
        return Stream.of(BroadcasterFault.values())
                .map(fault -> DynamicTest.dynamicTest(fault.name(), () -> assertFound(fault)));
    }

    private static void assertFound(BroadcasterFault fault) {
        Judged.broadcaster = fault.broadcaster();
        Judged.timeout = Duration.ofSeconds(1); // It fails in the end, and should do so soon.

        assertThat(ContractRun.failedTests(RoomBroadcasterContract.class, Judged.class, fault.foundBy()))
                .containsExactly(fault.foundBy());
    }

    /** Run by {@link ContractRun} only. */
    static class Judged extends RoomBroadcasterContract {

        private static volatile ReferenceBroadcaster broadcaster = new ReferenceBroadcaster();
        private static volatile Duration timeout = Duration.ZERO;

        @Override
        protected Nodes createNodes() {
            return new Nodes(broadcaster, broadcaster);
        }

        @Override
        protected Duration signalTimeout() {
            return timeout;
        }

        @Override
        protected boolean publishUnknownKind(RoomId room) {
            return broadcaster.publishUnknownKind(room);
        }

        @Override
        protected boolean disturb() {
            return broadcaster.disturb();
        }

        @Override
        protected boolean holdsOutsideThisJvm(RoomId room) {
            return false;
        }
    }
}
