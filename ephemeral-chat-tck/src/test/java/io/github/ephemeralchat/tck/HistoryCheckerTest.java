package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.tck.HistoryChecker.Fault;
import io.github.ephemeralchat.tck.HistoryChecker.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {

    private static final int COUNT = 20;

    private final HistoryChecker checker = new HistoryChecker();

    @Test
    void sameWholeHistoryForAllIsFaultless() {
        acknowledgeAll();
        receive("ann", whole());
        receive("bob", whole());

        assertThat(checker.findings()).isEmpty();
    }

    @Test
    void nothingAtAllIsFaultless() {
        assertThat(checker.findings()).isEmpty();
    }

    @Test
    void droppedPayloadIsLost() {
        acknowledgeAll();
        receive("ann", whole());
        List<Integer> dropped = whole();
        dropped.remove(7);
        receive("bob", dropped);

        assertThat(checker.findings()).containsExactly(new Finding(Fault.LOST, "bob", 8));
    }

    @Test
    void unacknowledgedPayloadIsLostIfAnotherSubscriberHasIt() {
        receive("ann", whole());
        receive("bob", whole().subList(0, COUNT - 1));

        assertThat(checker.findings()).containsExactly(new Finding(Fault.LOST, "bob", COUNT));
    }

    @Test
    void subscriberThatReceivedNothingHasLostAll() {
        acknowledgeAll();
        checker.begins("silent", 5);

        assertThat(checker.findings())
                .hasSize(COUNT - 5)
                .allMatch(finding ->
                        finding.fault() == Fault.LOST && finding.subscriber().equals("silent"));
    }

    @Test
    void lateSubscriberLacksNothingOfWhatWasBefore() {
        acknowledgeAll();
        receive("ann", whole());
        checker.begins("late", 5);
        receive("late", whole().subList(5, COUNT));

        assertThat(checker.findings()).isEmpty();
    }

    @Test
    void duplicateIsDoubled() {
        receive("ann", whole());
        List<Integer> twice = whole();
        twice.add(8, 8);
        receive("bob", twice);

        assertThat(checker.findings()).containsExactly(new Finding(Fault.DOUBLED, "bob", 8));
    }

    @Test
    void lateDuplicateIsDoubled() {
        List<Integer> twice = whole();
        twice.add(3);
        receive("ann", twice);

        assertThat(checker.findings()).containsExactly(new Finding(Fault.DOUBLED, "ann", 3));
    }

    @Test
    void payloadUnderTwoSequencesIsDoubled() {
        receive("ann", whole());
        checker.received("ann", COUNT + 1, "payload 4");

        assertThat(faults()).containsExactly(Fault.DOUBLED);
    }

    @Test
    void swapIsReorderedAndDivergesFromTheOthers() {
        receive("ann", whole());
        List<Integer> swapped = whole();
        Collections.swap(swapped, 10, 11);
        receive("bob", swapped);

        assertThat(checker.findings())
                .containsExactly(new Finding(Fault.REORDERED, "bob", 11), new Finding(Fault.DIVERGENT, "bob", 12));
    }

    @Test
    void swapThatAllSawIsReordered() {
        List<Integer> swapped = whole();
        Collections.swap(swapped, 10, 11);
        receive("ann", swapped);
        receive("bob", swapped);

        assertThat(faults()).containsExactly(Fault.REORDERED, Fault.REORDERED);
    }

    @Test
    void otherPayloadUnderASequenceIsDivergent() {
        checker.acknowledged(1, "a");
        checker.acknowledged(2, "b");
        checker.received("ann", 1, "a");
        checker.received("ann", 2, "b");
        checker.received("bob", 1, "b");
        checker.received("bob", 2, "a");

        assertThat(checker.findings())
                .isNotEmpty()
                .allMatch(finding -> finding.subscriber().equals("bob"));
        assertThat(faults()).containsOnly(Fault.DIVERGENT);
    }

    private List<Fault> faults() {
        return checker.findings().stream().map(Finding::fault).toList();
    }

    private void acknowledgeAll() {
        whole().forEach(i -> checker.acknowledged(i, "payload " + i));
    }

    private void receive(String subscriber, List<Integer> sequences) {
        sequences.forEach(i -> checker.received(subscriber, i, "payload " + i));
    }

    private static List<Integer> whole() {
        return IntStream.rangeClosed(1, COUNT).boxed().collect(Collectors.toCollection(ArrayList::new));
    }
}
