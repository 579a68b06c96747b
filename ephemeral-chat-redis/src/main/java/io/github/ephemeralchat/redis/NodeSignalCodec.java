package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.spi.NodeSignal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How signals to all nodes are sent: words as {@link EntryCodec} has them, a zero byte, and the identity's id. */
final class NodeSignalCodec {

    private static final String REVOKED = "R";
    private static final char END = '\0';

    private NodeSignalCodec() {}

    static String encode(NodeSignal signal) {
        NodeSignal.Revoked revoked = (NodeSignal.Revoked) signal;
        return EntryCodec.FORMAT + " " + REVOKED + " " + revoked.node() + END + revoked.identityId();
    }

    /** Null for a format or a kind that is not known. */
    static @Nullable NodeSignal decode(byte[] bytes) {
        String signal = new String(bytes, StandardCharsets.UTF_8);
        int end = signal.indexOf(END);
        if (end < 0) {
            return null;
        }
        String[] words = signal.substring(0, end).split(" ", -1);
        try {
            return words.length > 2 && words[0].equals(EntryCodec.FORMAT) && words[1].equals(REVOKED)
                    ? new NodeSignal.Revoked(signal.substring(end + 1), Long.parseLong(words[2]))
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
