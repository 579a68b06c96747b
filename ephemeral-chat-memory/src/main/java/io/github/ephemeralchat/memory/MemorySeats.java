package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Who has a seat in a room, and by which tokens. Not thread-safe: the room's lock guards it. */
final class MemorySeats {

    /** In the order of joining: whoever comes first is the owner. */
    private final Map<String, Occupant> byId = new LinkedHashMap<>();

    private final Map<TokenHash, Occupant> byToken = new HashMap<>();

    int taken() {
        return byId.size();
    }

    List<Member> members() {
        return byId.values().stream().map(this::member).toList();
    }

    Optional<Member> find(TokenHash token) {
        return Optional.ofNullable(byToken.get(token)).map(this::member);
    }

    Optional<Member> find(String identityId) {
        return Optional.ofNullable(byId.get(identityId)).map(this::member);
    }

    void take(Identity identity, long joinedSequence, TokenHash token) {
        byId.put(identity.id(), new Occupant(identity, joinedSequence));
        addToken(identity.id(), token);
    }

    /** Makes a token of a member valid; the oldest one dies where there are too many. */
    void addToken(String identityId, TokenHash token) {
        Occupant occupant = Objects.requireNonNull(byId.get(identityId));
        Occupant earlier = byToken.put(token, occupant);
        if (earlier != null) {
            earlier.tokens.remove(token);
        }
        occupant.tokens.addLast(token);
        if (occupant.tokens.size() > RoomStore.MAX_TOKENS_PER_SEAT) {
            byToken.remove(occupant.tokens.removeFirst());
        }
    }

    /** Frees a member's seat; all its tokens are dead. */
    void free(String identityId) {
        Occupant occupant = Objects.requireNonNull(byId.remove(identityId));
        occupant.tokens.forEach(byToken::remove);
    }

    private Member member(Occupant occupant) {
        boolean owner = byId.values().iterator().next() == occupant;
        return new Member(occupant.identity, occupant.joinedSequence, owner);
    }

    private static final class Occupant {
        private final Identity identity;
        private final long joinedSequence;
        /** The newest last. */
        private final Deque<TokenHash> tokens = new ArrayDeque<>();

        Occupant(Identity identity, long joinedSequence) {
            this.identity = identity;
            this.joinedSequence = joinedSequence;
        }
    }
}
