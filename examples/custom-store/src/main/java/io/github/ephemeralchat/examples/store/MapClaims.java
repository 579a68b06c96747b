package io.github.ephemeralchat.examples.store;

import io.github.ephemeralchat.spi.RoomStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has claimed one body (S18), and the body itself once all claims are taken, until nobody may repeat its claim. */
final class MapClaims {

    private final Map<String, Instant> claimed = new HashMap<>();
    private @Nullable String kept;
    private Instant keptUntil = Instant.MIN;

    boolean hasClaimed(String identityId) {
        return claimed.containsKey(identityId);
    }

    boolean mayRepeat(String identityId, Instant now) {
        Instant at = claimed.get(identityId);
        return at != null && now.isBefore(at.plus(RoomStore.CLAIM_REPEATS));
    }

    void claim(String identityId, Instant now) {
        claimed.put(identityId, now);
    }

    void keep(String body, Instant now) {
        kept = body;
        keptUntil = now.plus(RoomStore.CLAIM_REPEATS);
    }

    @Nullable
    String kept() {
        return kept;
    }

    void drop() {
        kept = null;
    }

    void dropIfOver(Instant now) {
        if (!now.isBefore(keptUntil)) {
            drop();
        }
    }
}
