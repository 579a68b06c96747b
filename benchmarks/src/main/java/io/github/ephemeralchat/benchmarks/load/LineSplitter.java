package io.github.ephemeralchat.benchmarks.load;

import java.util.Arrays;

/** Cuts an event stream into lines; one that is cut by the end of what was read is kept until its rest comes. */
final class LineSplitter {

    private static final int FIRST_BYTES = 64;

    private final Lines lines;
    private byte[] kept = {};
    private int keptLength;

    /** Who takes whole lines, without their ends. */
    interface Lines {
        void line(byte[] bytes, int from, int to);
    }

    LineSplitter(Lines lines) {
        this.lines = lines;
    }

    void split(byte[] bytes, int from, int to) {
        int begin = from;
        for (int at = from; at < to; at++) {
            if (bytes[at] == '\n') {
                if (keptLength == 0) {
                    lines.line(bytes, begin, at);
                } else {
                    keep(bytes, begin, at);
                    int length = keptLength;
                    keptLength = 0;
                    lines.line(kept, 0, length);
                }
                begin = at + 1;
            }
        }
        keep(bytes, begin, to);
    }

    private void keep(byte[] bytes, int from, int to) {
        int needed = keptLength + to - from;
        if (needed > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(FIRST_BYTES, needed * 2));
        }
        System.arraycopy(bytes, from, kept, keptLength, to - from);
        keptLength = needed;
    }
}
