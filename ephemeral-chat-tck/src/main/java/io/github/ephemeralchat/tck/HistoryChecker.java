package io.github.ephemeralchat.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges what the subscribers of one room were given, by nothing but what was sent and what arrived: that nothing is
 * lost, doubled or out of order, and that all have the same history.
 *
 * <p>Each payload has to be sent once only, and to be unlike all others. Thread-safe, but what one subscriber receives
 * has to be reported in the order in which it was received.
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
     * Reports that a payload was accepted for the log.
     *
     * @param sequence its place
     * @param payload the payload
     */
    public synchronized void acknowledged(long sequence, String payload) {
        acknowledged.put(sequence, payload);
    }

    /**
     * Reports that a subscriber begins, so that it is judged even if it receives nothing.
     *
     * @param subscriber its name
     * @param after the sequence after which everything has to arrive; 0 for all
     */
    public synchronized void begins(String subscriber, long after) {
        begins.put(subscriber, after);
        received.putIfAbsent(subscriber, new ArrayList<>());
    }

    /**
     * Reports that a payload arrived. A subscriber that was not named before begins with this, as if it wanted all.
     *
     * @param subscriber the subscriber's name
     * @param sequence the place that it was given
     * @param payload the payload
     */
    public synchronized void received(String subscriber, long sequence, String payload) {
        received.computeIfAbsent(subscriber, name -> new ArrayList<>()).add(new Received(sequence, payload));
    }

    /**
     * Judges what was reported until now.
     *
     * @return what is wrong; empty if nothing is
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

    /** What must have arrived: all that was acknowledged, and all that anybody has. The first payload of a sequence counts. */
    private Map<Long, String> history() {
        Map<Long, String> history = new TreeMap<>(acknowledged);
        received.values().forEach(list -> list.forEach(item -> history.putIfAbsent(item.sequence, item.payload)));
        return history;
    }

    private List<Finding> lost(String subscriber, List<Received> list, Map<Long, String> history) {
        var there = places(list);
        long after = begins.getOrDefault(subscriber, 0L);
        return history.entrySet().stream()
                .filter(entry -> entry.getKey() > after && !there.containsKey(entry.getValue()))
                .map(entry -> new Finding(Fault.LOST, subscriber, entry.getKey()))
                .toList();
    }

    private static List<Finding> doubledOrReordered(String subscriber, List<Received> list) {
        List<Finding> findings = new ArrayList<>();
        var sequences = new HashSet<Long>();
        var payloads = new HashSet<String>();
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

    /** Compares with the first subscriber what both have, without regard to the sequences that they were given. */
    private List<Finding> inAnotherOrder(String subscriber, List<Received> list) {
        var mine = places(list);
        var theirs = places(received.values().iterator().next());
        var others = theirs.keySet().stream().filter(mine::containsKey).iterator();
        for (var place : mine.entrySet()) {
            if (theirs.containsKey(place.getKey()) && !place.getKey().equals(others.next())) {
                return List.of(new Finding(Fault.DIVERGENT, subscriber, place.getValue()));
            }
        }
        return List.of();
    }

    /** Each payload with the first sequence that it arrived under, in the order of arrival. */
    private static Map<String, Long> places(List<Received> list) {
        Map<String, Long> places = new LinkedHashMap<>();
        list.forEach(item -> places.putIfAbsent(item.payload, item.sequence));
        return places;
    }
}
