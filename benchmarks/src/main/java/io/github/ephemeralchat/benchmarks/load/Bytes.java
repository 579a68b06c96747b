package io.github.ephemeralchat.benchmarks.load;

/** Looks for bytes. */
final class Bytes {

    private Bytes() {}

    /** Where the wanted bytes begin, or -1. */
    static int indexOf(byte[] in, int from, int to, byte[] wanted) {
        for (int at = from; at <= to - wanted.length; at++) {
            if (in[at] == wanted[0] && startsWith(in, at, to, wanted)) {
                return at;
            }
        }
        return -1;
    }

    static boolean startsWith(byte[] in, int at, int to, byte[] wanted) {
        if (to - at < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (in[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
