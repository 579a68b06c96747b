package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.feed.EventCodec;
import io.github.ephemeralchat.internal.feed.FeedRegistry;
import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.MessageRefusedException;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.CueSent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.spi.WrongCodeCounter;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The service as transports see it.
 *
 * @param wrongCodes null if the store does not count them
 * @param listeners the host's listeners of all rooms
 * @param guard null if messages are not judged
 * @param longestLife how long a room may live
 */
record ServiceTransport(
        RoomStore store,
        @Nullable WrongCodeCounter wrongCodes,
        FeedRegistry feeds,
        Telemetry telemetry,
        RoomListeners listeners,
        @Nullable GuardedPosts guard,
        Duration longestLife)
        implements ChatTransport {

    private static final int CODE_ATTEMPTS = 5;

    @Override
    public PostResult post(RoomId id, String token, NewMessage message) {
        return post(id, new Actor.ByToken(TokenHash.of(token)), message);
    }

    @Override
    public PostResult postAs(RoomId id, String identityId, NewMessage message) {
        return post(id, new Actor.ById(identityId), message);
    }

    PostResult post(RoomId id, Actor actor, NewMessage message) {
        String text = message.text();
        String messageId = message.id();
        boolean isNotice = actor instanceof Actor.Host;
        boolean isPlain = Message.isValidText(text);
        boolean isOpaque = !isNotice && messageId != null && Message.isValidOpaqueText(text);
        if (!isPlain && !isOpaque) {
            throw new IllegalArgumentException("a text has 1 to 4000 whole characters, at least one of them visible");
        }
        if (messageId != null && !Message.isValidId(messageId)) {
            throw new IllegalArgumentException("a message id has 1 to 64 characters of [A-Za-z0-9_-]");
        }
        String kind = isNotice ? LogEntry.NOTICE : LogEntry.MESSAGE;
        String key = messageId == null ? Secrets.messageId() : messageId;
        // What the host writes is in the clear, and told from what participants write.
        Boolean encrypted = (isNotice || (isPlain && isOpaque)) ? null : isOpaque;
        Draft draft = new Draft(kind, key, text, message.ttl(), message.claims(), encrypted);
        return guard == null || isNotice ? post(id, actor, draft) : postGuarded(guard, id, actor, draft, messageId);
    }

    @Override
    public PostResult postEntry(RoomId id, Actor actor, String kind, String body, @Nullable String entryId) {
        boolean isOpaque = entryId != null && CustomEntry.isValidOpaqueBody(body);
        if (!CustomEntry.isValidKind(kind) || !CustomEntry.isValidBody(body)) {
            throw new IllegalArgumentException("an entry has a kind x-[a-z0-9-]{1,30} and 1 to 4096 whole characters");
        }
        if (entryId != null && !Message.isValidId(entryId)) {
            throw new IllegalArgumentException("an entry's id has 1 to 64 characters of [A-Za-z0-9_-]");
        }
        boolean isHost = actor instanceof Actor.Host;
        String key = entryId == null ? Secrets.messageId() : entryId;
        Draft draft = new Draft(kind, key, body).withEncrypted((isHost || isOpaque) ? null : false);
        return guard == null || isHost ? post(id, actor, draft) : postGuarded(guard, id, actor, draft, entryId);
    }

    /** Who posts is looked up for the guard alone: the step that stores the message judges whether it may. */
    private PostResult postGuarded(
            GuardedPosts judge, RoomId id, Actor actor, Draft draft, @Nullable String messageId) {
        Seat author = seat(id, actor);
        if (!draft.fits(author.room().encrypted())) {
            throw new IllegalArgumentException("the room's texts are opaque, or this one is");
        }
        Draft accepted;
        try {
            accepted = judge.judge(author, draft);
        } catch (MessageRefusedException e) {
            if (messageId == null) {
                throw e;
            }
            return new StoredMessages(store)
                    .find(author, draft.kind(), messageId)
                    .orElseThrow(() -> e);
        }
        return post(id, actor, accepted);
    }

    private Seat seat(RoomId id, Actor actor) {
        Optional<Seat> seat = actor instanceof Actor.ByToken known
                ? store.authenticate(id, known.token())
                : seatOf(id, ((Actor.ById) actor).identityId());
        return seat.orElseThrow(
                () -> store.find(id).isPresent() ? new NotAParticipantException() : new RoomNotFoundException());
    }

    private Optional<Seat> seatOf(RoomId id, String identityId) {
        return store.find(id).flatMap(state -> state.seat(identityId));
    }

    private PostResult post(RoomId id, Actor actor, Draft draft) {
        Appended appended = store.change(id, actor, new RoomChange.Post(draft)).orElseThrow();
        if (CustomEntry.isValidKind(draft.kind())
                != CustomEntry.isValidKind(appended.entry().kind())) {
            throw new IllegalArgumentException("this id is that of a message and of an entry");
        }
        SharedEvent event = EventCodec.posted(appended.entry());
        feeds.announce(appended, event);
        if (appended.stored()) {
            telemetry.tell(ChatObserver::messagePosted);
        }
        return new PostResult(appended.room(), event, appended.stored(), appended.logBytes(), appended.expiresAt());
    }

    @Override
    public void cue(RoomId id, Actor actor, String kind, String body) {
        boolean isTyping = kind.equals(CueSent.TYPING);
        if (!(isTyping || CustomEntry.isValidKind(kind)) || !CueSent.isValidBody(body)) {
            throw new IllegalArgumentException(
                    "a cue is typing or x-[a-z0-9-]{1,30}, with at most 512 whole characters");
        }
        boolean isHost = actor instanceof Actor.Host;
        Seat seat = isHost ? null : seat(id, actor);
        Room room = seat == null
                ? store.find(id).orElseThrow(RoomNotFoundException::new).room()
                : seat.room();
        if ((isTyping && !room.rules().typing())
                || (seat != null && seat.member().role() == Role.READER)) {
            throw new NotPermittedException();
        }
        if (!isHost && room.encrypted() && !CueSent.isValidOpaqueBody(body)) {
            throw new IllegalArgumentException("the room's texts are opaque");
        }
        String senderId =
                seat == null ? Identity.HOST_ID : seat.member().identity().id();
        feeds.cue(room.incarnation(), senderId, kind, body);
    }

    @Override
    public Optional<Set<String>> present(RoomIncarnation room) {
        return feeds.present(room);
    }

    @Override
    public boolean judgesMessages() {
        return guard != null;
    }

    /** Makes a change and tells of it; false if the room was so already. */
    boolean change(RoomId id, Actor actor, RoomChange change) {
        Optional<Appended> made = store.change(id, actor, change);
        made.ifPresent(changed -> {
            if (change instanceof RoomChange.Leave) {
                listeners.left(id, changed.entry().sender());
                telemetry.tell(ChatObserver::participantLeft);
            }
            feeds.announce(changed, null);
        });
        return made.isPresent();
    }

    /** Takes a text that has to be claimed, and tells of it. */
    Message claim(RoomId id, Actor actor, long messageSequence) {
        Claimed claimed = store.claim(id, actor, messageSequence);
        Appended appended = claimed.appended();
        if (appended != null) {
            feeds.announce(appended, null);
        }
        return EventCodec.message(claimed.entry());
    }

    @Override
    public Membership create(RoomOptions options, Identity creator, @Nullable String profile, String token) {
        if (creator.id().equals(Identity.HOST_ID)) {
            throw new IllegalArgumentException("this identity is the host's");
        }
        if (profile != null && !options.rules().encrypted()) {
            throw new IllegalArgumentException("a profile fits an encrypted room alone");
        }
        String proof = options.proof();
        JoinRequest owner = JoinRequest.named(creator, TokenHash.of(token))
                .withProof(proof == null ? null : TokenHash.of(proof))
                .withProfile(profile);
        for (int attempt = 0; attempt < CODE_ATTEMPTS; attempt++) {
            Room room = newRoom(options);
            if (store.create(room, owner)) {
                telemetry.tell(ChatObserver::roomCreated);
                telemetry.tell(ChatObserver::participantJoined);
                Participant seated = new Participant(owner.identityIn(room), Role.OWNER, profile);
                listeners.created(room.id(), seated);
                return new Membership(room, seated, token);
            }
        }
        throw new ChatUnavailableException("no unused room code was found");
    }

    private Room newRoom(RoomOptions options) {
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        Duration life = options.ttl().compareTo(longestLife) < 0 ? options.ttl() : longestLife;
        RoomIncarnation incarnation = new RoomIncarnation(RoomId.random(), Secrets.number());
        return new Room(
                incarnation,
                now,
                now.plus(life).truncatedTo(ChronoUnit.MILLIS),
                now.plus(longestLife).truncatedTo(ChronoUnit.MILLIS),
                options.rules(),
                false,
                options.proof() != null,
                options.properties());
    }

    @Override
    public SeatTaken join(RoomId id, JoinRequest request, String token) {
        Joined joined = store.join(id, request);
        Appended appended = joined.appended();
        if (appended != null) {
            // Before streams are told: what somebody does who hears of it comes after.
            listeners.joined(id, joined.seat().member().participant());
            feeds.announce(appended, null);
            telemetry.tell(ChatObserver::participantJoined);
        }
        Seat seat = joined.seat();
        return new SeatTaken(
                membership(seat, token), appended != null, seat.head().sequence());
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        return store.authenticate(id, candidates);
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return store.find(id);
    }

    static Membership membership(Seat seat, String token) {
        return new Membership(seat.room(), seat.member().participant(), token);
    }

    @Override
    public void awaitDelivery(PostResult posted, Duration atMost) {
        feeds.awaitDispatch(posted.room(), posted.entryId().sequence(), atMost);
    }

    @Override
    public Subscription subscribe(RoomId id, String token, Cursor cursor, Runnable wakeUp) {
        Seat seat = store.authenticate(id, TokenHash.of(token)).orElseThrow(NotAParticipantException::new);
        return subscribe(seat, cursor, wakeUp);
    }

    @Override
    public Subscription subscribeAs(RoomId id, String identityId, Cursor cursor, Runnable wakeUp) {
        Seat seat = seatOf(id, identityId).orElseThrow(NotAParticipantException::new);
        return subscribe(seat, cursor, wakeUp);
    }

    private Subscription subscribe(Seat seat, Cursor cursor, Runnable wakeUp) {
        try {
            return feeds.subscribe(seat.room(), seat.head(), seat.member(), cursor, wakeUp);
        } catch (RoomNotFoundException e) {
            throw new NotAParticipantException();
        }
    }

    @Override
    public void streamOpened() {
        telemetry.streamOpened();
    }

    @Override
    public void streamClosed() {
        telemetry.streamClosed();
    }

    @Override
    public void written(int bytes) {
        telemetry.written(bytes);
    }

    @Override
    public OptionalLong countWrongCodes(int count) {
        return wrongCodes == null ? OptionalLong.empty() : OptionalLong.of(wrongCodes.addWrongCodes(count));
    }

    @Override
    public void refused(String code) {
        telemetry.tell(observer -> observer.refused(code));
    }
}
