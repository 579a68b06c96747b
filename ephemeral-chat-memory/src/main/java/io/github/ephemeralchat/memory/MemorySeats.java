package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members of a room and their tokens. Not thread-safe: the room's lock guards it. */
final class MemorySeats {

    private final MemoryBudget.Account account;
    /** By identity id, in the order of joining. */
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** The identity ids that tokens belong to, the newest token last. */
    private final Map<TokenHash, String> tokens = new LinkedHashMap<>();

    MemorySeats(MemoryBudget.Account account) {
        this.account = account;
    }

    int size() {
        return members.size();
    }

    /** The owner first, then in the order of joining. */
    List<Member> members() {
        return members.values().stream()
                .sorted(Comparator.comparing((Member member) -> !member.owner()))
                .toList();
    }

    Optional<Member> find(TokenHash token) {
        return Optional.ofNullable(tokens.get(token)).map(members::get);
    }

    Optional<Member> find(String identityId) {
        return Optional.ofNullable(members.get(identityId));
    }

    /**
     * Finds the member that joins again: by its token, else by its identity.
     *
     * @throws NotPermittedException if the host names an identity that is not the token's
     */
    Optional<Member> find(JoinRequest request) {
        String id = request.identity().id();
        Optional<Member> holder = find(request.token());
        if (request.named()
                && holder.isPresent()
                && !holder.get().identity().id().equals(id)) {
            throw new NotPermittedException();
        }
        return holder.isPresent() ? holder : find(id);
    }

    /**
     * Finds the member in whose name something is done.
     *
     * @throws NotAParticipantException if there is none
     */
    Member actor(Actor actor) {
        Optional<Member> member =
                actor instanceof Actor.ByToken by ? find(by.token()) : find(((Actor.ById) actor).identityId());
        return member.orElseThrow(NotAParticipantException::new);
    }

    /** The role of whoever takes a seat next: the owner's if nobody has one. */
    Role roleOfNext() {
        return members.isEmpty() ? Role.OWNER : Role.MEMBER;
    }

    Member take(Identity identity, long sequence, @Nullable String profile) {
        account.takeAnyway(bytes(profile)); // The step is made: refusing it now would leave half of it.
        Member member = new Member(identity, sequence, roleOfNext(), profile);
        members.put(identity.id(), member);
        return member;
    }

    /** Makes a token valid. A token that is valid stays where it is. */
    void addToken(String identityId, TokenHash token) {
        if (tokens.putIfAbsent(token, identityId) != null) {
            return;
        }
        account.takeAnyway(MemoryBudget.TOKEN_BYTES);
        var own = tokens.keySet().stream()
                .filter(other -> identityId.equals(tokens.get(other)))
                .toList();
        if (own.size() > RoomStore.MAX_TOKENS_PER_SEAT) {
            tokens.remove(own.get(0));
            account.give(MemoryBudget.TOKEN_BYTES);
        }
    }

    /** Frees a seat, and finds a new owner if it was the owner's. */
    Optional<Member> free(String identityId) {
        int before = tokens.size();
        tokens.values().removeIf(identityId::equals);
        account.give((long) (before - tokens.size()) * MemoryBudget.TOKEN_BYTES);
        Member left = members.remove(identityId);
        if (left == null) {
            return Optional.empty();
        }
        account.give(bytes(left.profile()));
        if (left.owner()) {
            members.values().stream()
                    .min(Comparator.comparing((Member member) -> member.role() == Role.READER)
                            .thenComparing(Member::joinedSequence))
                    .ifPresent(heir -> set(heir, Role.OWNER));
        }
        return Optional.of(left);
    }

    /** Gives a member another role. A room has one owner. */
    void assign(Member member, Role role) {
        if (role == Role.OWNER) {
            members.values().stream().filter(Member::owner).findFirst().ifPresent(owner -> set(owner, Role.MEMBER));
        }
        set(member, role);
    }

    private void set(Member member, Role role) {
        members.put(member.identity().id(), member.withRole(role));
    }

    private static long bytes(@Nullable String profile) {
        return (long) MemoryBudget.MEMBER_BYTES + (profile == null ? 0 : profile.length());
    }
}
