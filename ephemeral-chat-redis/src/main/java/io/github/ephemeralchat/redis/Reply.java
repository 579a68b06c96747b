package io.github.ephemeralchat.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What a script answered: a list of texts, numbers and lists. */
record Reply(List<?> parts) {

    private static final int STATUS = 0;
    private static final int MICROS = 1;
    /** Where a script's own answer begins, after the status and the time. */
    private static final int OWN = 2;

    String status() {
        return string(parts.get(STATUS));
    }

    long micros() {
        return (Long) Objects.requireNonNull(parts.get(MICROS));
    }

    int size() {
        return parts.size() - OWN;
    }

    String text(int index) {
        return string(parts.get(OWN + index));
    }

    long number(int index) {
        return (Long) Objects.requireNonNull(parts.get(OWN + index));
    }

    List<?> list(int index) {
        return (List<?>) Objects.requireNonNull(parts.get(OWN + index));
    }

    List<String> texts(int index) {
        return strings(list(index));
    }

    static List<String> strings(List<?> parts) {
        return parts.stream().map(Reply::string).toList();
    }

    static String string(Object part) {
        return new String((byte[]) Objects.requireNonNull(part), StandardCharsets.UTF_8);
    }

    /** Never the content. */
    @Override
    public String toString() {
        return "Reply[" + status() + "]";
    }
}
