package io.github.ephemeralchat.tck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs a contract, or one test of it, inside of a test. */
final class ContractRun {

    private ContractRun() {}

    /**
     * Runs one test.
     *
     * @param contract the contract, whose groups have the tests
     * @param judged the class that extends it
     */
    static List<String> failedTests(Class<?> contract, Class<?> judged, String test) {
        Class<?> group = Stream.of(contract.getDeclaredClasses())
                .filter(each -> hasTest(each.getSuperclass(), test))
                .findFirst()
                .orElseThrow();
        return failedTests(selectNestedMethod(List.of(judged), group, test));
    }

    private static boolean hasTest(Class<?> rules, String test) {
        return Stream.of(rules.getDeclaredMethods())
                .anyMatch(method -> method.getName().equals(test));
    }

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
