package io.github.ephemeralchat.examples.store;

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

/** The members of one room and their tokens. Not thread-safe: the store's monitor guards it. */
final class MapSeats {

    /** By identity id, in the order of joining. */
    private final Map<String, Member> members = new LinkedHashMap<>();

    /** The identity ids that tokens belong to, the newest token last. */
    private final Map<TokenHash, String> tokens = new LinkedHashMap<>();

    int size() {
        return members.size();
    }

    List<Member> ownerFirst() {
        return members.values().stream()
                .sorted(Comparator.comparing(member -> !member.owner()))
                .toList();
    }

    Optional<Member> find(TokenHash token) {
        return Optional.ofNullable(tokens.get(token)).map(members::get);
    }

    Optional<Member> find(String identityId) {
        return Optional.ofNullable(members.get(identityId));
    }

    /** Finds the member in whose name something is done; only members and the host do anything (S5). */
    Member actor(Actor actor) {
        Optional<Member> member =
                actor instanceof Actor.ByToken by ? find(by.token()) : find(((Actor.ById) actor).identityId());
        return member.orElseThrow(NotAParticipantException::new);
    }

    /** Finds the seat that a request has already, by its token or by its identity (S6). */
    Optional<Member> present(JoinRequest request) {
        String id = request.identity().id();
        Optional<Member> holder = find(request.token());
        if (request.named()
                && holder.isPresent()
                && !holder.get().identity().id().equals(id)) {
            throw new NotPermittedException();
        }
        return holder.or(() -> find(id));
    }

    Role roleOfNext() {
        return members.isEmpty() ? Role.OWNER : Role.MEMBER;
    }

    Member take(Identity identity, long sequence, @Nullable String profile) {
        Member member = new Member(identity, sequence, roleOfNext(), profile);
        members.put(identity.id(), member);
        return member;
    }

    /** Makes a token valid. One that is valid already grows no younger by it. */
    void addToken(String identityId, TokenHash token) {
        tokens.putIfAbsent(token, identityId);
        List<TokenHash> own = tokens.keySet().stream()
                .filter(other -> identityId.equals(tokens.get(other)))
                .toList();
        if (own.size() > RoomStore.MAX_TOKENS_PER_SEAT) {
            tokens.remove(own.get(0));
        }
    }

    /** Frees a seat; if it was the owner's, whoever joined first and is no reader becomes the owner (S13). */
    Optional<Member> free(String identityId) {
        tokens.values().removeIf(identityId::equals);
        Optional<Member> left = Optional.ofNullable(members.remove(identityId));
        if (left.isPresent() && left.get().owner()) {
            members.values().stream()
                    .min(Comparator.comparing((Member member) -> member.role() == Role.READER)
                            .thenComparing(Member::joinedSequence))
                    .ifPresent(heir -> put(heir, Role.OWNER));
        }
        return left;
    }

    /** Gives a member a role. A room has one owner, so the former one becomes a member. */
    void assign(Member member, Role role) {
        if (role == Role.OWNER) {
            members.replaceAll((id, other) -> other.owner() ? other.withRole(Role.MEMBER) : other);
        }
        put(member, role);
    }

    private void put(Member member, Role role) {
        members.put(member.identity().id(), member.withRole(role));
    }
}
