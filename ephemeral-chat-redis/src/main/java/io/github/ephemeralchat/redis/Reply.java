package io.github.ephemeralchat.redis;

import java.util.List;

/** What a script answered: a list of texts, numbers and lists. */
record Reply(List<Object> parts) {

    /** Where a script's own answer begins, after the status and the time. */
    private static final int OWN = 2;

    String status() {
        return (String) parts.get(0);
    }

    long micros() {
        return (Long) parts.get(1);
    }

    int size() {
        return parts.size() - OWN;
    }

    String text(int index) {
        return (String) parts.get(OWN + index);
    }

    long number(int index) {
        return (Long) parts.get(OWN + index);
    }

    List<?> list(int index) {
        return (List<?>) parts.get(OWN + index);
    }

    List<String> texts(int index) {
        return texts(list(index));
    }

    static List<String> texts(List<?> parts) {
        return parts.stream().map(String.class::cast).toList();
    }

    /** Never the content. */
    @Override
    public String toString() {
        return "Reply[" + status() + "]";
    }
}
