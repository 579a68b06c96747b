package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The shortest store that is correct: one lock, plain collections. What it decides is in small methods, for the stores
 * with one fault each to decide otherwise.
 */
class ReferenceRoomStore implements RoomStore {

    final Map<RoomId, Chat> chats = new HashMap<>();
    final LogLimits limits;
    private final InstantSource time;
    /** Read once in each step: an entry must not bear a later time than that by which its room was judged to live. */
    Instant stepTime = Instant.MIN;

    ReferenceRoomStore(LogLimits limits, InstantSource time) {
        this.limits = limits;
        this.time = time;
    }

    static final class Chat {
        final Room room;
        final List<LogEntry> log = new ArrayList<>();
        final Map<String, Member> members = new LinkedHashMap<>();
        final Map<TokenHash, String> tokens = new LinkedHashMap<>();
        EntryId head = EntryId.START;

        Chat(Room room) {
            this.room = room;
        }
    }

    // What a store decides.

    boolean hasEnded(Room room) {
        return !stepTime.isBefore(room.expiresAt());
    }

    Instant writeTime() {
        return stepTime;
    }

    boolean isSameIncarnation(Room room, RoomIncarnation incarnation) {
        return room.incarnation().equals(incarnation);
    }

    boolean isFull(Chat chat) {
        return chat.members.size() >= chat.room.maxParticipants();
    }

    boolean isTrimmed(Chat chat) {
        long bytes = chat.log.stream().mapToLong(LogEntry::size).sum();
        return chat.log.size() > limits.maxEntries() || (bytes > limits.maxTextBytes() && chat.log.size() > 1);
    }

    EntryId nextId(Chat chat) {
        return new EntryId(chat.head.sequence() + 1, ThreadLocalRandom.current().nextLong(1, EntryId.MAX_NONCE));
    }

    Identity sender(Chat chat, TokenHash token) {
        return member(chat, token).orElseThrow(NotAParticipantException::new).identity();
    }

    Optional<LogEntry> earlier(Chat chat, Identity sender, String key) {
        return chat.log.stream()
                .filter(entry -> key.equals(entry.key()))
                .filter(entry -> entry.sender().id().equals(sender.id()))
                .findFirst();
    }

    Continuity continuity(Chat chat, EntryId after) {
        long first = chat.log.get(0).id().sequence();
        if (after.sequence() > chat.head.sequence()) {
            return Continuity.FORKED;
        }
        if (after.sequence() >= first) {
            boolean here = after.isUnverified()
                    || chat.log.stream().anyMatch(entry -> entry.id().equals(after));
            return here ? Continuity.CONTINUOUS : Continuity.FORKED;
        }
        boolean justBelow = after.sequence() == first - 1 && after.isUnverified();
        return justBelow ? Continuity.CONTINUOUS : Continuity.TRUNCATED;
    }

    void addToken(Chat chat, Identity identity, TokenHash token) {
        List<TokenHash> earlier = chat.tokens.keySet().stream()
                .filter(other -> chat.tokens.get(other).equals(identity.id()))
                .toList();
        if (earlier.size() >= MAX_TOKENS_PER_SEAT) {
            chat.tokens.remove(earlier.get(0));
        }
        chat.tokens.put(token, identity.id());
    }

    void removeTokens(Chat chat, String identityId) {
        chat.tokens.values().removeIf(identityId::equals);
    }

    boolean isOwner(Chat chat, Member member) {
        return chat.members.values().iterator().next().equals(member);
    }

    EntryId seatHead(Chat chat) {
        return chat.head;
    }

    void remove(Chat chat) {
        chats.remove(chat.room.id());
    }

    // What a store does.

    @Override
    public Instant now() {
        return time.instant();
    }

    @Override
    public synchronized boolean create(Room room, Identity owner, TokenHash token) {
        stepTime = now();
        if (hasEnded(room) || living(room.id()).isPresent()) {
            return false;
        }
        Chat chat = new Chat(room);
        chats.put(room.id(), chat);
        takeSeat(chat, owner, token);
        return true;
    }

    @Override
    public synchronized Optional<RoomState> find(RoomId id) {
        return living(id).map(chat -> new RoomState(chat.room, chat.head, members(chat)));
    }

    @Override
    public synchronized Optional<Seat> authenticate(RoomId id, TokenHash token) {
        return living(id)
                .flatMap(chat -> member(chat, token).map(member -> new Seat(chat.room, seatHead(chat), member)));
    }

    @Override
    public synchronized Joined join(RoomId id, Identity identity, TokenHash token) {
        Chat chat = living(id).orElseThrow(RoomNotFoundException::new);
        Appended appended = null;
        if (chat.members.containsKey(identity.id())) {
            addToken(chat, identity, token);
        } else if (isFull(chat)) {
            throw new RoomFullException();
        } else {
            appended = takeSeat(chat, identity, token);
        }
        return new Joined(
                new Seat(chat.room, seatHead(chat), member(chat, token).orElseThrow()), appended);
    }

    @Override
    public synchronized Optional<Appended> leave(RoomIncarnation incarnation, String identityId) {
        Chat chat = living(incarnation).orElseThrow(RoomNotFoundException::new);
        Optional<Member> leaving = Optional.ofNullable(chat.members.remove(identityId));
        removeTokens(chat, identityId);
        return leaving.map(member -> write(chat, LogEntry.LEFT, member.identity(), null, ""));
    }

    @Override
    public synchronized Appended append(RoomId id, TokenHash token, Draft draft) {
        Chat chat = living(id).orElseThrow(RoomNotFoundException::new);
        Identity sender = sender(chat, token);
        return earlier(chat, sender, draft.key())
                .map(entry -> appended(chat, entry, EntryId.START, false))
                .orElseGet(() -> write(chat, draft.kind(), sender, draft.key(), draft.body()));
    }

    @Override
    public synchronized LogPage readAfter(RoomIncarnation incarnation, EntryId after, int limit) {
        Chat chat = living(incarnation).orElseThrow(RoomNotFoundException::new);
        Continuity continuity = continuity(chat, after);
        List<LogEntry> entries = chat.log.stream()
                .filter(entry ->
                        continuity != Continuity.CONTINUOUS || entry.id().sequence() > after.sequence())
                .limit(limit)
                .toList();
        return new LogPage(continuity, entries, chat.head);
    }

    @Override
    public synchronized boolean destroy(RoomIncarnation incarnation) {
        Optional<Chat> chat = living(incarnation);
        chat.ifPresent(this::remove);
        return chat.isPresent();
    }

    final Optional<Chat> living(RoomId id) {
        stepTime = now();
        chats.values().removeIf(chat -> hasEnded(chat.room));
        return Optional.ofNullable(chats.get(id));
    }

    private Optional<Chat> living(RoomIncarnation incarnation) {
        return living(incarnation.id()).filter(chat -> isSameIncarnation(chat.room, incarnation));
    }

    private Appended takeSeat(Chat chat, Identity identity, TokenHash token) {
        Appended appended = write(chat, LogEntry.JOINED, identity, null, "");
        chat.members.put(
                identity.id(), new Member(identity, appended.entry().id().sequence(), false));
        addToken(chat, identity, token);
        return appended;
    }

    Appended write(Chat chat, String kind, Identity sender, String key, String body) {
        EntryId previous = chat.head;
        LogEntry entry = new LogEntry(nextId(chat), kind, sender, key, body, writeTime());
        chat.log.add(entry);
        chat.head = entry.id();
        while (isTrimmed(chat)) {
            chat.log.remove(0);
        }
        return appended(chat, entry, previous, true);
    }

    private static Appended appended(Chat chat, LogEntry entry, EntryId previous, boolean stored) {
        long logBytes = chat.log.stream()
                .mapToLong(one -> one.size() + LogEntry.OVERHEAD_BYTES)
                .sum();
        return new Appended(chat.room.incarnation(), entry, previous, stored, false, logBytes, chat.room.expiresAt());
    }

    private Optional<Member> member(Chat chat, TokenHash token) {
        return Optional.ofNullable(chat.tokens.get(token))
                .flatMap(id -> Optional.ofNullable(chat.members.get(id)))
                .map(member -> withOwner(chat, member));
    }

    private List<Member> members(Chat chat) {
        return chat.members.values().stream()
                .map(member -> withOwner(chat, member))
                .toList();
    }

    private Member withOwner(Chat chat, Member member) {
        return new Member(member.identity(), member.joinedSequence(), isOwner(chat, member));
    }
}
