package io.github.ephemeralchat.benchmarks.load;

import java.nio.charset.StandardCharsets;

/**
 * The text of a message, which says what it is: a mark, then its phase, its room, its number there, its publisher and
 * when it was sent, in digits, then letters up to its length. It is found in any wrapping.
 */
final class Payload {

    private static final byte[] MARK = "~L~".getBytes(StandardCharsets.US_ASCII);
    private static final byte END = '~';
    private static final int RADIX = 10;

    // What the last text that was read says.
    int phase;
    int room;
    int sequence;
    int publisher;
    long sentNanos;

    private int at;

    /** The letters that stand where a payload of this length will. */
    static String blank(int length) {
        return "x".repeat(length);
    }

    static void write(byte[] into, int from, int phase, Post post, int publisher, long sentNanos) {
        int at = from;
        for (byte one : MARK) {
            into[at++] = one;
        }
        at = number(into, at, phase);
        at = number(into, at, post.room());
        at = number(into, at, post.sequence());
        at = number(into, at, publisher);
        number(into, at, sentNanos);
    }

    private static int number(byte[] into, int from, long value) {
        int digits = 1;
        for (long rest = value / RADIX; rest > 0; rest /= RADIX) {
            digits++;
        }
        long rest = value;
        for (int at = from + digits - 1; at >= from; at--) {
            into[at] = (byte) ('0' + rest % RADIX);
            rest /= RADIX;
        }
        into[from + digits] = END;
        return from + digits + 1;
    }

    /** Whether there is one between two places of an array; its parts are then in the fields. */
    boolean read(byte[] bytes, int from, int to) {
        at = Bytes.indexOf(bytes, from, to, MARK);
        if (at < 0) {
            return false;
        }
        at += MARK.length;
        phase = (int) number(bytes);
        room = (int) number(bytes);
        sequence = (int) number(bytes);
        publisher = (int) number(bytes);
        sentNanos = number(bytes);
        return true;
    }

    private long number(byte[] bytes) {
        long value = 0;
        byte digit = bytes[at++];
        while (digit != END) {
            value = value * RADIX + digit - '0';
            digit = bytes[at++];
        }
        return value;
    }
}
