package io.github.ephemeralchat.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges what the subscribers of one room were given, by nothing but what was sent and what arrived: that nothing is
 * lost, doubled or out of order, and that all have the same history.
 *
 * <p>Each payload has to be sent once only, and to be unlike all others. Thread-safe, but what one subscriber receives
 * has to be told in the order in which it was received.
 */
public final class HistoryChecker {

    private final Map<Long, String> acknowledged = new TreeMap<>();
    private final Map<String, List<Received>> received = new LinkedHashMap<>();
    private final Map<String, Long> begins = new HashMap<>();

    /** Makes a checker that has seen nothing. */
    public HistoryChecker() {}

    /** What can be wrong with a history. */
    public enum Fault {
        /** Something did not arrive that was acknowledged, or that another subscriber has. */
        LOST,
        /** Something arrived twice, or under two sequences. */
        DOUBLED,
        /** Something arrived after what comes later. */
        REORDERED,
        /** A sequence is another payload than elsewhere, or two payloads come in another order than elsewhere. */
        DIVERGENT
    }

    /**
     * One thing that is wrong.
     *
     * @param fault what
     * @param subscriber with whom
     * @param sequence where
     */
    public record Finding(Fault fault, String subscriber, long sequence) {}

    private record Received(long sequence, String payload) {}

    /**
     * Tells that a payload was accepted for the log.
     *
     * @param sequence its place
     * @param payload the payload
     */
    public synchronized void acknowledged(long sequence, String payload) {
        acknowledged.put(sequence, payload);
    }

    /**
     * Tells that a subscriber begins, so that it is judged even where it receives nothing.
     *
     * @param subscriber its name
     * @param after the sequence after which everything has to arrive; 0 for all
     */
    public synchronized void begins(String subscriber, long after) {
        begins.put(subscriber, after);
        received.putIfAbsent(subscriber, new ArrayList<>());
    }

    /**
     * Tells that a payload arrived. A subscriber that was not named before begins with this, as if it wanted all.
     *
     * @param subscriber the subscriber's name
     * @param sequence the place that it was told
     * @param payload the payload
     */
    public synchronized void received(String subscriber, long sequence, String payload) {
        received.computeIfAbsent(subscriber, name -> new ArrayList<>()).add(new Received(sequence, payload));
    }

    /**
     * Judges what was told until now.
     *
     * @return what is wrong; empty where nothing is
     */
    public synchronized List<Finding> findings() {
        Map<Long, String> history = history();
        List<Finding> findings = new ArrayList<>();
        received.forEach((subscriber, list) -> {
            findings.addAll(lost(subscriber, list, history));
            findings.addAll(doubledOrReordered(subscriber, list));
            findings.addAll(divergent(subscriber, list, history));
            findings.addAll(inAnotherOrder(subscriber, list));
        });
        return List.copyOf(findings);
    }

    /** What must have arrived: all that was acknowledged, and all that anybody has. The first word on a sequence counts. */
    private Map<Long, String> history() {
        Map<Long, String> history = new TreeMap<>(acknowledged);
        received.values().forEach(list -> list.forEach(item -> history.putIfAbsent(item.sequence, item.payload)));
        return history;
    }

    private List<Finding> lost(String subscriber, List<Received> list, Map<Long, String> history) {
        Set<String> there = new HashSet<>(payloads(list));
        long after = begins.getOrDefault(subscriber, 0L);
        return history.entrySet().stream()
                .filter(entry -> entry.getKey() > after && !there.contains(entry.getValue()))
                .map(entry -> new Finding(Fault.LOST, subscriber, entry.getKey()))
                .toList();
    }

    private static List<Finding> doubledOrReordered(String subscriber, List<Received> list) {
        List<Finding> findings = new ArrayList<>();
        Set<Long> sequences = new HashSet<>();
        Set<String> payloads = new HashSet<>();
        long highest = Long.MIN_VALUE;
        for (Received item : list) {
            boolean newSequence = sequences.add(item.sequence);
            boolean newPayload = payloads.add(item.payload);
            if (!newSequence || !newPayload) {
                findings.add(new Finding(Fault.DOUBLED, subscriber, item.sequence));
            } else if (item.sequence < highest) {
                findings.add(new Finding(Fault.REORDERED, subscriber, item.sequence));
            }
            highest = Math.max(highest, item.sequence);
        }
        return findings;
    }

    private static List<Finding> divergent(String subscriber, List<Received> list, Map<Long, String> history) {
        return list.stream()
                .filter(item -> !item.payload.equals(history.get(item.sequence)))
                .map(item -> new Finding(Fault.DIVERGENT, subscriber, item.sequence))
                .toList();
    }

    /** Compares with the first subscriber what both have, without regard to the sequences that they were told. */
    private List<Finding> inAnotherOrder(String subscriber, List<Received> list) {
        Set<String> first = payloads(received.values().iterator().next());
        List<Received> common =
                list.stream().filter(item -> first.contains(item.payload)).toList();
        List<String> mine = List.copyOf(payloads(common));
        List<String> theirs =
                first.stream().filter(new HashSet<>(mine)::contains).toList();
        for (int i = 0; i < mine.size(); i++) {
            if (!mine.get(i).equals(theirs.get(i))) {
                return List.of(new Finding(Fault.DIVERGENT, subscriber, sequenceOf(mine.get(i), common)));
            }
        }
        return List.of();
    }

    private static long sequenceOf(String payload, List<Received> list) {
        return list.stream()
                .filter(item -> item.payload.equals(payload))
                .findFirst()
                .orElseThrow()
                .sequence;
    }

    private static Set<String> payloads(List<Received> list) {
        Set<String> payloads = new LinkedHashSet<>();
        list.forEach(item -> payloads.add(item.payload));
        return payloads;
    }
}
