package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.HistoryReset;
import io.github.ephemeralchat.model.RoomEvent.Logged;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Judges what subscribers heard of a store that may lose what it has acknowledged, by nothing but what was acknowledged,
 * what they heard, and what the store has in the end: what is lost must have been told by a reset, to each of them and
 * after the acknowledgement; between two resets nothing is skipped or doubled; and in the end all have what survived.
 */
final class SurvivalChecker {

    private final List<Heard> subscribers;
    private final List<Acknowledged> acknowledged = new ArrayList<>();

    /** A text, and how often each subscriber had been reset before it was stored. */
    private record Acknowledged(String text, List<Integer> resets) {}

    SurvivalChecker(List<Heard> subscribers) {
        this.subscribers = subscribers;
    }

    /** As a client does: again and again under the same id, until it is acknowledged. */
    void post(ChatNode node, Membership as, String text, String id) {
        List<Integer> before = ChatNode.untilAnswered(() -> {
            List<Integer> resets = resets();
            node.post(as, text, id);
            return resets;
        });
        acknowledged(text, before);
    }

    List<Integer> resets() {
        return subscribers.stream().map(Heard::resets).toList();
    }

    synchronized void acknowledged(String text, List<Integer> resets) {
        acknowledged.add(new Acknowledged(text, resets));
    }

    /** How much of what was acknowledged did not survive. */
    synchronized long lost(List<String> survived) {
        Set<String> there = new HashSet<>(survived);
        return acknowledged.stream().filter(one -> !there.contains(one.text)).count();
    }

    /** What is wrong, given the texts that the store has in the end. */
    synchronized List<String> findings(List<String> survived) {
        List<String> findings = new ArrayList<>();
        if (new HashSet<>(survived).size() < survived.size()) {
            findings.add("the store has something twice");
        }
        for (int i = 0; i < subscribers.size(); i++) {
            judge(i, survived, findings);
        }
        return findings;
    }

    private void judge(int subscriber, List<String> survived, List<String> findings) {
        List<List<Logged>> lives = lives(subscribers.get(subscriber).events());
        lives.forEach(life -> judgeLife(subscriber, life, findings));
        if (!texts(lives.get(lives.size() - 1)).equals(survived)) {
            findings.add(subscriber + " has not what survived");
        }
        Set<String> there = new HashSet<>(survived);
        acknowledged.stream()
                .filter(one -> !there.contains(one.text) && lives.size() - 1 <= one.resets.get(subscriber))
                .forEach(one -> findings.add(subscriber + " was not told that this is lost: " + one.text));
    }

    private static void judgeLife(int subscriber, List<Logged> life, List<String> findings) {
        for (int i = 1; i < life.size(); i++) {
            long before = life.get(i - 1).entryId().sequence();
            long after = life.get(i).entryId().sequence();
            if (after != before + 1) {
                findings.add(subscriber + " heard " + after + " after " + before);
            }
        }
        List<String> texts = texts(life);
        if (new HashSet<>(texts).size() < texts.size()) {
            findings.add(subscriber + " heard something twice");
        }
    }

    /** What was heard from one reset to the next. */
    private static List<List<Logged>> lives(List<RoomEvent> events) {
        List<List<Logged>> lives = new ArrayList<>(List.of(new ArrayList<>()));
        for (RoomEvent event : events) {
            if (event instanceof HistoryReset) {
                lives.add(new ArrayList<>());
            } else if (event instanceof Logged logged) {
                lives.get(lives.size() - 1).add(logged);
            }
        }
        return lives;
    }

    private static List<String> texts(List<Logged> life) {
        return life.stream()
                .filter(MessagePosted.class::isInstance)
                .map(event -> ((MessagePosted) event).message().text())
                .toList();
    }
}
