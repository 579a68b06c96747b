package io.github.ephemeralchat.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** Values by the names that come before them. */
    Map<String, String> fields(int index) {
        List<?> pairs = (List<?>) parts.get(OWN + index);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < pairs.size(); i += 2) {
            fields.put((String) pairs.get(i), (String) pairs.get(i + 1));
        }
        return fields;
    }

    /** Never the content. */
    @Override
    public String toString() {
        return "Reply[" + status() + "]";
    }
}
