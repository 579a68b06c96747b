package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Shows that a correct store passes the contract, and that each seeded fault fails the test that is named for it. */
class RoomStoreContractTest {

    @Nested
    class CorrectStore extends ReferenceContract {
        @Override
        protected RoomStore createStore(LogLimits limits) {
            return new ReferenceRoomStore(limits, time);
        }
    }

    @TestFactory
    Stream<DynamicTest> seededFaultIsFound() {
        return Stream.<SeededFault[]>of(
                        StoreFault.values(),
                        SteeringFault.values(),
                        EncryptedFault.values(),
                        BodyFault.values(),
                        LikelyFault.values())
                .flatMap(Stream::of)
                .map(fault -> DynamicTest.dynamicTest(fault.name(), () -> assertFound(fault)));
    }

    @Test
    void storeThatAnswersForThisJvmIsJudgedForTheRestOnly() {
        String test = StoreFault.ENDED_ROOMS_HELD.foundBy();
        FaultyStore.fault = StoreFault.ENDED_ROOMS_HELD;

        assertThat(failedTests(EmbeddedStore.class, test)).isEmpty();

        EmbeddedStore.holds = true;
        assertThat(failedTests(EmbeddedStore.class, test)).containsExactly(test);
    }

    private static void assertFound(SeededFault fault) {
        FaultyStore.fault = fault;

        assertThat(failedTests(FaultyStore.class, fault.foundBy())).containsExactly(fault.foundBy());
    }

    private static List<String> failedTests(Class<?> contract, String test) {
        return ContractRun.failedTests(RoomStoreContract.class, contract, test);
    }

    /** Run by {@link ContractRun} only. */
    static class FaultyStore extends ReferenceContract {

        private static volatile SeededFault fault = StoreFault.LOST_UPDATE;

        @Override
        protected RoomStore createStore(LogLimits limits) {
            return fault.store(limits, time);
        }
    }

    /** The same inside of a database that keeps pages of its own in this JVM. */
    static class EmbeddedStore extends FaultyStore {

        private static volatile boolean holds;

        @Override
        protected boolean isThisJvmJudged() {
            return false;
        }

        @Override
        protected boolean holdsOutsideThisJvm(RoomIncarnation room) {
            return holds;
        }
    }

    abstract static class ReferenceContract extends RoomStoreContract {

        final SettableTime time = new SettableTime();

        @Override
        protected RoomStore createOtherNode(RoomStore store, LogLimits limits) {
            return ((ReferenceRoomStore) store).otherNode();
        }

        @Override
        protected boolean holdsOutsideThisJvm(RoomIncarnation room) {
            return false;
        }

        @Override
        protected void passTime(Duration duration) {
            time.advance(duration);
        }

        @Override
        protected Duration timeTolerance() {
            return Duration.ZERO;
        }
    }
}
