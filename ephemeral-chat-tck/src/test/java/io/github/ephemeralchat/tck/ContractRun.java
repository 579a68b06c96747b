package io.github.ephemeralchat.tck;

import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs a contract, or one test of it, inside of a test. */
final class ContractRun {

    private ContractRun() {}

    /** Returns the names of the test methods that failed, each once however often it was repeated. */
    static List<String> failedTests(DiscoverySelector tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(tests)
                .execute()
                .testEvents()
                .failed()
                .map(Event::getTestDescriptor)
                .map(TestDescriptor::getSource)
                .flatMap(Optional::stream)
                .map(source -> ((MethodSource) source).getMethodName())
                .distinct()
                .toList();
    }
}
