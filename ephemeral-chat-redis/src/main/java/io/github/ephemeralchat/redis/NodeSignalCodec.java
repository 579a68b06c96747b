package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.spi.NodeSignal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How signals to all nodes are sent: as {@link SignalCodec} has it, with kinds of their own. */
final class NodeSignalCodec {

    private static final String REVOKED = "R";

    private NodeSignalCodec() {}

    static String encode(NodeSignal signal) {
        NodeSignal.Revoked revoked = (NodeSignal.Revoked) signal;
        return SignalCodec.packed(
                List.of(Entries.FORMAT, REVOKED, Long.toString(revoked.node()), revoked.identityId()));
    }

    /** Null for a format or a kind that is not known. */
    static @Nullable NodeSignal decode(byte[] bytes) {
        try {
            List<String> parts = SignalCodec.unpacked(bytes);
            return parts.get(0).equals(Entries.FORMAT) && parts.get(1).equals(REVOKED)
                    ? new NodeSignal.Revoked(parts.get(3), Long.parseLong(parts.get(2)))
                    : null;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }
}
