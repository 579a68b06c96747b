package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.spi.RoomStore;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who has claimed one body, and when. Not thread-safe: the room's lock guards it. */
final class MemoryClaims {

    private final MemoryBudget.Account account;
    /** By identity id; never more than the body had claims. */
    private final Map<String, Instant> claimed = new HashMap<>();

    /** The body once all claims are taken, for those whose answers were lost. */
    private @Nullable String kept;

    private Instant keptUntil = Instant.MAX;

    MemoryClaims(MemoryBudget.Account account) {
        this.account = account;
        account.takeAnyway(MemoryBudget.CLAIMS_BYTES); // With an entry that there was memory for.
    }

    boolean hasClaimed(String memberId) {
        return claimed.containsKey(memberId);
    }

    boolean mayRepeat(String memberId, Instant now) {
        Instant at = claimed.get(memberId);
        return at != null && now.isBefore(at.plus(RoomStore.CLAIM_REPEATS));
    }

    void claim(String memberId, Instant now) {
        claimed.put(memberId, now);
        account.takeAnyway(MemoryBudget.CLAIM_BYTES);
    }

    /** Keeps the body as long as the last claim may be repeated. */
    Instant keep(String body, Instant now) {
        kept = body;
        keptUntil = now.plus(RoomStore.CLAIM_REPEATS);
        return keptUntil;
    }

    @Nullable
    String kept(Instant now) {
        return now.isBefore(keptUntil) ? kept : null;
    }

    void drop() {
        kept = null;
    }

    /** Gives back what it has taken: the log no longer has the entry. */
    void close() {
        account.give(MemoryBudget.CLAIMS_BYTES + (long) claimed.size() * MemoryBudget.CLAIM_BYTES);
    }
}
