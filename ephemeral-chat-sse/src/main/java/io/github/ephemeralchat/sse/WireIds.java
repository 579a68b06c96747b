package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomIncarnation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The ids under which the clients of a room know its participants. Those that the library has made go as they are. One of
 * the host's may be a user's name or number: clients get a code for it under the room's incarnation, which they do not
 * know, so that it tells neither who that is nor who it is in another room. Both have forms of their own, so no id can be
 * taken for another's. Thread-safe.
 */
final class WireIds {

    /** The ids are the host's own choice to show. */
    static final WireIds SHOWN = new WireIds(null);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    /** As many as a room has seats, twice: beyond it others have left, and all are computed anew. */
    private static final int MAX_KNOWN = 2_000;

    private final @Nullable RoomIncarnation room;

    /** A code costs more than the message that it stands in. */
    private final Map<String, String> known = new ConcurrentHashMap<>(0);

    private WireIds(@Nullable RoomIncarnation room) {
        this.room = room;
    }

    static WireIds hiddenIn(RoomIncarnation room) {
        return new WireIds(room);
    }

    /** Whether an identity's id is the same on the wire, in whatever room. */
    static boolean isPlain(String identityId) {
        return Identity.isLibraryId(identityId) || identityId.equals(Identity.HOST_ID);
    }

    /** The id under which clients know an identity. */
    String of(String identityId) {
        RoomIncarnation key = room;
        if (key == null || isPlain(identityId)) {
            return identityId;
        }
        String code = known.get(identityId);
        if (code == null) {
            code = code(key, identityId);
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            known.put(identityId, code);
        }
        return code;
    }

    private static String code(RoomIncarnation room, String identityId) {
        byte[] code = ByteBuffer.allocate(Long.BYTES + room.id().value().length())
                .putLong(room.number())
                .put(room.id().value().getBytes(StandardCharsets.US_ASCII))
                .array();
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(code, ALGORITHM));
            byte[] full = mac.doFinal(identityId.getBytes(StandardCharsets.UTF_8));
            return "p_" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(full, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
