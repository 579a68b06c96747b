package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.MessageNotFoundException;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.TooLateException;
import io.github.ephemeralchat.model.TooManyProofsException;
import io.github.ephemeralchat.model.TooManyPropertiesException;
import io.github.ephemeralchat.model.WrongProofException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.LogPage.Continuity;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
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

    final Map<RoomId, Chat> chats = newChats();
    final LogLimits limits;
    private final InstantSource time;
    /** Read once in each step: an entry must not bear a later time than that by which its room was judged to live. */
    Instant stepTime = Instant.MIN;

    ReferenceRoomStore(LogLimits limits, InstantSource time) {
        this.limits = limits;
        this.time = time;
    }

    static final class Chat {
        final List<LogEntry> log = new ArrayList<>();
        final Map<String, Member> members = new LinkedHashMap<>();
        final Map<TokenHash, String> tokens = new LinkedHashMap<>();
        Room room;
        EntryId head = EntryId.START;
        TokenHash proof;
        final Map<Long, Claims> claims = new HashMap<>();
        int wrongInRow;
        Instant waitUntil = Instant.MIN;

        Chat(Room room, TokenHash proof) {
            this.room = room;
            this.proof = proof;
        }
    }

    /** Who has claimed a body, and when; and the body, for repeats, once all claims are taken. */
    static final class Claims {
        final Map<String, Instant> claimed = new HashMap<>();
        String kept;
        Instant keptUntil = Instant.MIN;

        void drop() {
            kept = null;
        }
    }

    Map<RoomId, Chat> newChats() {
        return new HashMap<>();
    }

    /** The store as another node has it. */
    RoomStore otherNode() {
        return this;
    }

    // What a store decides about a room's life.

    boolean hasEnded(Room room) {
        return !stepTime.isBefore(room.expiresAt());
    }

    Instant writeTime() {
        return stepTime;
    }

    boolean isSameIncarnation(Room room, RoomIncarnation incarnation) {
        return room.incarnation().equals(incarnation);
    }

    void remove(Chat chat) {
        chats.remove(chat.room.id());
    }

    boolean isTooLate(Room room) {
        return room.expiresAt().isBefore(stepTime.plus(RoomChange.Deadline.MIN_LEFT));
    }

    boolean isTooSoon(Instant deadline) {
        return deadline.isBefore(stepTime.plus(RoomChange.Deadline.MIN_LEFT));
    }

    boolean isBeyondLatestEnd(Room room, Instant deadline) {
        return deadline.isAfter(room.latestExpiresAt());
    }

    boolean isSameEnd(Room room, Instant deadline) {
        return deadline.equals(room.expiresAt());
    }

    void moveEnd(Chat chat, Instant deadline) {
        chat.room = chat.room.withExpiresAt(deadline);
    }

    // What it decides about the log.

    boolean isTrimmed(Chat chat) {
        long bytes = chat.log.stream().mapToLong(LogEntry::size).sum();
        return chat.log.size() > limits.maxEntries() || (bytes > limits.maxTextBytes() && chat.log.size() > 1);
    }

    EntryId nextId(Chat chat) {
        return new EntryId(chat.head.sequence() + 1, ThreadLocalRandom.current().nextLong(1, EntryId.MAX_NONCE));
    }

    Optional<LogEntry> earlier(Chat chat, Identity sender, Draft draft) {
        return chat.log.stream()
                .filter(entry -> draft.key().equals(entry.key()))
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

    List<LogEntry> page(List<LogEntry> following, Continuity continuity, int limit) {
        return following.stream().limit(limit).toList();
    }

    EntryId stateHead(Chat chat) {
        return chat.head;
    }

    EntryId seatHead(Chat chat) {
        return chat.head;
    }

    // What it decides about seats.

    boolean isFull(Chat chat) {
        return chat.members.size() >= chat.room.maxParticipants();
    }

    /** The seat that a request's token or identity has already. */
    Optional<Member> present(Chat chat, JoinRequest request) {
        Optional<Member> holder = member(chat, request.token());
        if (request.named() && holder.isPresent() && !isSeatOf(holder.get(), request.identity())) {
            throw new NotPermittedException();
        }
        return holder.or(() -> member(chat, request.identity().id()));
    }

    boolean isSeatOf(Member member, Identity identity) {
        return member.identity().id().equals(identity.id());
    }

    void addToken(Chat chat, Identity identity, TokenHash token) {
        if (chat.tokens.putIfAbsent(token, identity.id()) != null) {
            return;
        }
        List<TokenHash> all = chat.tokens.keySet().stream()
                .filter(other -> chat.tokens.get(other).equals(identity.id()))
                .toList();
        if (all.size() > MAX_TOKENS_PER_SEAT) {
            chat.tokens.remove(all.get(0));
        }
    }

    void removeTokens(Chat chat, String identityId) {
        chat.tokens.values().removeIf(identityId::equals);
    }

    Role roleOfNext(Chat chat, Identity identity) {
        return chat.members.isEmpty() ? Role.OWNER : Role.MEMBER;
    }

    Optional<Member> heir(Chat chat) {
        return chat.members.values().stream()
                .min(Comparator.comparing((Member member) -> member.role() == Role.READER)
                        .thenComparing(Member::joinedSequence));
    }

    void setRole(Chat chat, Member member, Role role) {
        chat.members.put(member.identity().id(), member.withRole(role));
    }

    Optional<Member> member(Chat chat, TokenHash token) {
        return Optional.ofNullable(chat.tokens.get(token)).map(chat.members::get);
    }

    Optional<Member> member(Chat chat, String identityId) {
        return Optional.ofNullable(chat.members.get(identityId));
    }

    // What it decides about encrypted rooms.

    Identity identityIn(Chat chat, JoinRequest request) {
        return request.identityIn(chat.room);
    }

    String keptProfile(Chat chat, JoinRequest request) {
        return request.profile();
    }

    String toldProfile(Chat chat, JoinRequest request) {
        return request.profile();
    }

    boolean isProfileRefused(Chat chat, JoinRequest request) {
        return request.profile() != null && !chat.room.encrypted();
    }

    boolean fits(Chat chat, Draft draft) {
        return draft.fits(chat.room.encrypted());
    }

    boolean isProofNeeded(Chat chat) {
        return chat.room.encrypted();
    }

    // What it decides about bodies with a life of their own.

    BodyLife lifeIn(Chat chat, Draft draft) {
        return draft.lifeIn(chat.room, stepTime);
    }

    boolean isOver(Chat chat, LogEntry entry) {
        return entry.life().at(stepTime).forgotten() != entry.life().forgotten();
    }

    LogEntry shown(Chat chat, LogEntry entry) {
        return entry.shown(entry.life());
    }

    LogEntry withoutBody(LogEntry entry, Forgotten reason) {
        return entry.shown(entry.life().forgotten(reason));
    }

    void forget(Chat chat, LogEntry entry, Forgotten reason) {
        replace(chat, withoutBody(entry, reason));
    }

    void dropKept(Claims claims) {
        claims.drop();
    }

    boolean isKeptNoLonger(Claims claims) {
        return !stepTime.isBefore(claims.keptUntil);
    }

    boolean mayForget(Member member, LogEntry entry) {
        return member.role() != Role.READER && (member.owner() || isSeatOf(member, entry.sender()));
    }

    boolean mayClaim(Member member, LogEntry entry) {
        return member.role() != Role.READER && !isSeatOf(member, entry.sender());
    }

    boolean mayRepeat(Instant claimedAt) {
        return stepTime.isBefore(claimedAt.plus(CLAIM_REPEATS));
    }

    boolean isClaimLeft(LogEntry entry) {
        return entry.life().claimsLeft() != null;
    }

    int leftAfter(LogEntry entry) {
        return entry.life().claimsLeft() - 1;
    }

    // What it decides about the right to do something.

    /** The member in whose name something is done; nobody for the host. */
    Optional<Member> actor(Chat chat, Actor actor) {
        if (actor instanceof Actor.Host) {
            return Optional.empty();
        }
        Optional<Member> member = actor instanceof Actor.ByToken by
                ? member(chat, by.token())
                : member(chat, ((Actor.ById) actor).identityId());
        return Optional.of(member.orElseThrow(NotAParticipantException::new));
    }

    boolean isAllowed(Chat chat, Member member, RoomChange change) {
        if (change instanceof RoomChange.Post) {
            return member.role() != Role.READER;
        }
        if (change instanceof RoomChange.Forget) {
            return true; // Depends on the entry.
        }
        if (change instanceof RoomChange.Leave leave) {
            return member.owner()
                    || leave.identityId() == null
                    || leave.identityId().equals(member.identity().id());
        }
        return member.owner();
    }

    boolean isAllowedToDestroy(Chat chat, Member member) {
        return member.role() != Role.READER && (member.owner() || !chat.room.ownerOnlyDestroy());
    }

    // What it decides about admission.

    void admit(Chat chat, JoinRequest request) {
        judgeLock(chat);
        if (chat.proof != null) {
            judgeWaiting(chat);
            judgeProof(chat, request.proof());
        }
    }

    void judgeLock(Chat chat) {
        if (chat.room.locked()) {
            throw new RoomLockedException(isToldEncrypted(chat));
        }
    }

    /** What somebody is told who is refused. */
    boolean isToldEncrypted(Chat chat) {
        return chat.room.encrypted();
    }

    void judgeWaiting(Chat chat) {
        if (stepTime.isBefore(chat.waitUntil)) {
            throw new TooManyProofsException(Duration.between(stepTime, chat.waitUntil));
        }
    }

    void judgeProof(Chat chat, TokenHash proof) {
        if (!chat.proof.equals(proof)) {
            if (isCounted(chat, proof)) {
                countWrong(chat);
            }
            throw new WrongProofException(isToldEncrypted(chat));
        }
        rightProof(chat);
    }

    boolean isCounted(Chat chat, TokenHash proof) {
        return proof != null && !chat.room.encrypted();
    }

    void countWrong(Chat chat) {
        chat.wrongInRow++;
        if (chat.wrongInRow > FREE_WRONG_PROOFS) {
            chat.waitUntil = stepTime.plusSeconds(waitSeconds(chat.wrongInRow - FREE_WRONG_PROOFS));
        }
    }

    long waitSeconds(int beyond) {
        return beyond > 6 ? 60 : 1L << (beyond - 1);
    }

    void rightProof(Chat chat) {
        endRow(chat);
    }

    void admissionChanged(Chat chat) {
        endRow(chat);
    }

    static void endRow(Chat chat) {
        chat.wrongInRow = 0;
        chat.waitUntil = Instant.MIN;
    }

    void changeProof(Chat chat, ProofChange change) {
        if (change instanceof ProofChange.Replace replace) {
            chat.proof = replace.proof();
        } else if (change instanceof ProofChange.Remove) {
            chat.proof = null;
        }
    }

    // What it decides about properties.

    boolean isTooMuch(Map<String, String> properties) {
        return properties.size() > Room.MAX_PROPERTIES || Room.propertyBytes(properties) > Room.MAX_PROPERTY_BYTES;
    }

    Room view(Chat chat) {
        return chat.room;
    }

    // What a store does.

    @Override
    public Instant now() {
        return time.instant();
    }

    @Override
    public synchronized boolean create(Room room, JoinRequest owner) {
        stepTime = now();
        if (hasEnded(room) || living(room.id()).isPresent()) {
            return false;
        }
        Chat chat = new Chat(room, owner.proof());
        chats.put(room.id(), chat);
        takeSeat(chat, owner);
        return true;
    }

    @Override
    public synchronized Optional<RoomState> find(RoomId id) {
        return living(id).map(chat -> new RoomState(view(chat), stateHead(chat), members(chat)));
    }

    @Override
    public synchronized Optional<Seat> authenticate(RoomId id, TokenHash token) {
        return living(id).flatMap(chat -> member(chat, token).map(member -> seat(chat, member)));
    }

    @Override
    public synchronized List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        return candidates.stream()
                .flatMap(token -> authenticate(id, token).stream().map(seat -> new Authenticated(token, seat)))
                .toList();
    }

    @Override
    public synchronized Joined join(RoomId id, JoinRequest request) {
        Chat chat = living(id).orElseThrow(RoomNotFoundException::new);
        Optional<Member> present = present(chat, request);
        if (present.isPresent()) {
            addToken(chat, present.get().identity(), request.token());
            return new Joined(seat(chat, present.get()), null);
        }
        if (isProfileRefused(chat, request)) {
            throw new IllegalArgumentException("no profile here");
        }
        if (!request.admitted()) {
            admit(chat, request);
        }
        if (isFull(chat)) {
            throw new RoomFullException();
        }
        Appended appended = takeSeat(chat, request);
        return new Joined(seat(chat, member(chat, request.token()).orElseThrow()), appended);
    }

    @Override
    public synchronized Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        Chat chat = living(id).orElseThrow(RoomNotFoundException::new);
        Optional<Member> member = actor(chat, actor);
        if (member.isPresent() && !isAllowed(chat, member.get(), change)) {
            throw new NotPermittedException();
        }
        Identity by = member.map(Member::identity).orElseGet(() -> ((Actor.Host) actor).identity());
        if (change instanceof RoomChange.Post post) {
            return Optional.of(post(chat, by, post.draft()));
        }
        if (change instanceof RoomChange.Leave leave) {
            return leave(chat, leave.identityId() == null ? by.id() : leave.identityId());
        }
        if (change instanceof RoomChange.Forget forget) {
            return forget(chat, member, by, forget.sequence());
        }
        return steer(chat, by, change);
    }

    private Optional<Appended> steer(Chat chat, Identity by, RoomChange change) {
        if (change instanceof RoomChange.Deadline deadline) {
            return moveDeadline(chat, by, deadline.expiresAt());
        }
        if (change instanceof RoomChange.Admission admission) {
            return changeAdmission(chat, by, admission);
        }
        return change instanceof RoomChange.Assign assign
                ? assign(chat, by, assign)
                : setProperty(chat, by, (RoomChange.Property) change);
    }

    private Appended post(Chat chat, Identity by, Draft draft) {
        if (!fits(chat, draft)) {
            throw new IllegalArgumentException("does not fit");
        }
        return earlier(chat, by, draft)
                .map(entry -> appended(chat, shown(chat, entry), EntryId.START, false))
                .orElseGet(() -> postNew(chat, by, draft));
    }

    private Appended postNew(Chat chat, Identity by, Draft draft) {
        BodyLife life = lifeIn(chat, draft);
        Appended appended = write(chat, draft.kind(), by, draft.key(), draft.body());
        LogEntry entry = withLife(appended.entry(), life);
        replace(chat, entry);
        if (life.claimsLeft() != null) {
            chat.claims.put(entry.id().sequence(), new Claims());
        }
        return appended(chat, shown(chat, entry), appended.previous(), true);
    }

    static LogEntry withLife(LogEntry entry, BodyLife life) {
        return new LogEntry(entry.id(), entry.kind(), entry.sender(), entry.key(), entry.body(), entry.at(), life);
    }

    static void replace(Chat chat, LogEntry entry) {
        chat.log.replaceAll(other -> other.id().equals(entry.id()) ? entry : other);
    }

    Optional<LogEntry> posted(Chat chat, long sequence) {
        return chat.log.stream()
                .filter(entry -> entry.id().sequence() == sequence && entry.key() != null)
                .findFirst();
    }

    private Optional<Appended> forget(Chat chat, Optional<Member> member, Identity by, long sequence) {
        LogEntry entry = posted(chat, sequence).orElseThrow(MessageNotFoundException::new);
        if (member.isPresent() && !mayForget(member.get(), entry)) {
            throw new NotPermittedException();
        }
        Optional.ofNullable(chat.claims.get(sequence)).ifPresent(this::dropKept);
        if (entry.life().forgotten() != null) {
            return Optional.empty();
        }
        forget(chat, entry, Forgotten.DELETED);
        return Optional.of(write(chat, LogEntry.FORGOTTEN, by, null, EntryBody.forgotten(sequence, Forgotten.DELETED)));
    }

    @Override
    public synchronized Claimed claim(RoomId id, Actor actor, long sequence) {
        Chat chat = living(id).orElseThrow(RoomNotFoundException::new);
        Member member = actor(chat, actor).orElseThrow(() -> new IllegalArgumentException("the host has no seat"));
        LogEntry entry = posted(chat, sequence).orElseThrow(MessageNotFoundException::new);
        Claims claims = chat.claims.get(sequence);
        if (!mayClaim(member, entry)) {
            throw new NotPermittedException();
        }
        if (claims == null) {
            throw new MessageNotFoundException();
        }
        Instant earlier = claims.claimed.get(member.identity().id());
        return earlier == null ? firstClaim(chat, member, entry, claims) : repeatedClaim(entry, claims, earlier);
    }

    private Claimed repeatedClaim(LogEntry entry, Claims claims, Instant earlier) {
        String body = claims.kept == null ? entry.body() : claims.kept;
        boolean isThere = claims.kept != null || entry.life().forgotten() == null;
        if (!mayRepeat(earlier) || !isThere) {
            throw new ForgottenException();
        }
        return new Claimed(withBody(entry, body, entry.life()), null);
    }

    Claimed firstClaim(Chat chat, Member member, LogEntry entry, Claims claims) {
        if (!isClaimLeft(entry)) {
            throw new ForgottenException();
        }
        String body = entry.body();
        long sequence = entry.id().sequence();
        int left = leftAfter(entry);
        claims.claimed.put(member.identity().id(), stepTime);
        if (left > 0) {
            BodyLife life = entry.life().withClaimsLeft(left);
            replace(chat, withLife(entry, life));
            String told = EntryBody.claimed(sequence, left);
            return new Claimed(
                    withBody(entry, body, life), write(chat, LogEntry.CLAIMED, member.identity(), null, told));
        }
        keep(claims, body);
        forget(chat, entry, Forgotten.CLAIMED);
        String told = EntryBody.forgotten(sequence, Forgotten.CLAIMED);
        BodyLife life = entry.life().forgotten(Forgotten.CLAIMED);
        return new Claimed(withBody(entry, body, life), write(chat, LogEntry.FORGOTTEN, member.identity(), null, told));
    }

    void keep(Claims claims, String body) {
        claims.kept = body;
        claims.keptUntil = stepTime.plus(CLAIM_REPEATS);
    }

    static LogEntry withBody(LogEntry entry, String body, BodyLife life) {
        return new LogEntry(entry.id(), entry.kind(), entry.sender(), entry.key(), body, entry.at(), life);
    }

    /** What every step does first: bodies whose time is over are gone by then. */
    private void forgetDue(Chat chat) {
        chat.log.stream().filter(entry -> isOver(chat, entry)).toList().forEach(entry -> {
            forget(chat, entry, Forgotten.EXPIRED);
        });
        chat.claims.keySet().removeIf(sequence -> posted(chat, sequence).isEmpty());
        chat.claims.forEach((sequence, claims) -> {
            boolean isOver = posted(chat, sequence)
                    .map(entry -> entry.life().expiresAt())
                    .filter(end -> !stepTime.isBefore(end))
                    .isPresent();
            if (isKeptNoLonger(claims) || isOver) {
                dropKept(claims);
            }
        });
    }

    Optional<Appended> leave(Chat chat, String identityId) {
        Member left = chat.members.remove(identityId);
        removeTokens(chat, identityId);
        if (left == null) {
            return Optional.empty();
        }
        if (left.owner()) {
            heir(chat).ifPresent(heir -> setRole(chat, heir, Role.OWNER));
        }
        return Optional.of(write(chat, LogEntry.LEFT, left.identity(), null, ""));
    }

    private Optional<Appended> moveDeadline(Chat chat, Identity by, Instant deadline) {
        if (isTooLate(chat.room)) {
            throw new TooLateException();
        }
        if (isTooSoon(deadline) || isBeyondLatestEnd(chat.room, deadline)) {
            throw new IllegalArgumentException("out of bounds");
        }
        if (isSameEnd(chat.room, deadline)) {
            return Optional.empty();
        }
        moveEnd(chat, deadline);
        return Optional.of(write(chat, LogEntry.DEADLINE, by, null, EntryBody.deadline(deadline)));
    }

    private Optional<Appended> changeAdmission(Chat chat, Identity by, RoomChange.Admission admission) {
        if (isProofNeeded(chat) && admission.proof() instanceof ProofChange.Remove) {
            throw new IllegalArgumentException("a proof is needed");
        }
        boolean locked = admission.locked() == null ? chat.room.locked() : admission.locked();
        changeProof(chat, admission.proof());
        admissionChanged(chat);
        Room changed = chat.room.withAdmission(locked, chat.proof != null);
        if (changed.equals(chat.room) && !(admission.proof() instanceof ProofChange.Replace)) {
            return Optional.empty();
        }
        chat.room = changed;
        return Optional.of(write(chat, LogEntry.ADMISSION, by, null, EntryBody.admission(locked, chat.proof != null)));
    }

    Optional<Appended> assign(Chat chat, Identity by, RoomChange.Assign assign) {
        Member member = member(chat, assign.identityId()).orElseThrow(NoSuchSeatException::new);
        if (member.role() == assign.role()) {
            return Optional.empty();
        }
        if (member.owner()) {
            throw new IllegalArgumentException("the owner names another");
        }
        if (assign.role() == Role.OWNER) {
            chat.members.values().stream()
                    .filter(Member::owner)
                    .findFirst()
                    .ifPresent(former -> setRole(chat, former, Role.MEMBER));
        }
        setRole(chat, member, assign.role());
        return Optional.of(write(chat, LogEntry.ROLE, by, null, EntryBody.role(member.identity(), assign.role())));
    }

    private Optional<Appended> setProperty(Chat chat, Identity by, RoomChange.Property property) {
        Map<String, String> properties = new HashMap<>(chat.room.properties());
        if (property.value() == null) {
            properties.remove(property.name());
        } else {
            properties.put(property.name(), property.value());
        }
        if (isTooMuch(properties)) {
            throw new TooManyPropertiesException();
        }
        if (properties.equals(chat.room.properties())) {
            return Optional.empty();
        }
        chat.room = chat.room.withProperties(properties);
        String body = EntryBody.property(property.name(), property.value());
        return Optional.of(write(chat, LogEntry.PROPERTY, by, null, body));
    }

    @Override
    public synchronized LogPage readAfter(RoomIncarnation incarnation, EntryId after, int limit) {
        Chat chat = living(incarnation).orElseThrow(RoomNotFoundException::new);
        Continuity continuity = continuity(chat, after);
        List<LogEntry> following = chat.log.stream()
                .filter(entry ->
                        continuity != Continuity.CONTINUOUS || entry.id().sequence() > after.sequence())
                .map(entry -> shown(chat, entry))
                .toList();
        return new LogPage(continuity, page(following, continuity, limit), chat.head);
    }

    @Override
    public synchronized boolean destroy(RoomIncarnation incarnation, Actor actor) {
        Optional<Chat> found = living(incarnation);
        if (found.isEmpty()) {
            return false;
        }
        Chat chat = found.get();
        Optional<Member> member = actor(chat, actor);
        if (member.isPresent() && !isAllowedToDestroy(chat, member.get())) {
            throw new NotPermittedException();
        }
        remove(chat);
        return true;
    }

    final Optional<Chat> living(RoomId id) {
        stepTime = now();
        chats.values().removeIf(chat -> hasEnded(chat.room));
        chats.values().forEach(this::forgetDue);
        return Optional.ofNullable(chats.get(id));
    }

    private Optional<Chat> living(RoomIncarnation incarnation) {
        return living(incarnation.id()).filter(chat -> isSameIncarnation(chat.room, incarnation));
    }

    private Appended takeSeat(Chat chat, JoinRequest request) {
        Identity identity = identityIn(chat, request);
        Role role = roleOfNext(chat, identity);
        String body = EntryBody.joined(role, toldProfile(chat, request));
        Appended appended = write(chat, LogEntry.JOINED, identity, null, body);
        long sequence = appended.entry().id().sequence();
        chat.members.put(identity.id(), new Member(identity, sequence, role, keptProfile(chat, request)));
        addToken(chat, identity, request.token());
        return appended;
    }

    private Seat seat(Chat chat, Member member) {
        return new Seat(view(chat), seatHead(chat), member);
    }

    private static List<Member> members(Chat chat) {
        return chat.members.values().stream()
                .sorted(Comparator.comparing((Member member) -> !member.owner()))
                .toList();
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
}
