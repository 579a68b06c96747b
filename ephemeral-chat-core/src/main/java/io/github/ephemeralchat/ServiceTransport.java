package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.feed.EventCodec;
import io.github.ephemeralchat.internal.feed.FeedRegistry;
import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.JoinRequest;
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
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The service as transports see it.
 *
 * @param wrongCodes null if the store does not count them
 * @param listeners the host's listeners of all rooms
 * @param posts takes what participants and the host write
 * @param longestLife how long a room may live
 */
record ServiceTransport(
        RoomStore store,
        @Nullable WrongCodeCounter wrongCodes,
        FeedRegistry feeds,
        Telemetry telemetry,
        RoomListeners listeners,
        Posts posts,
        Duration longestLife)
        implements ChatTransport {

    private static final int CODE_ATTEMPTS = 5;

    /** The store, as long as the service is open. */
    RoomStore open() {
        feeds.requireOpen();
        return store;
    }

    @Override
    public boolean isOpen() {
        return feeds.isOpen();
    }

    @Override
    public PostResult post(RoomId id, String token, NewMessage message) {
        return posts.post(id, new Actor.ByToken(TokenHash.of(token)), message);
    }

    @Override
    public PostResult postAs(RoomId id, String identityId, NewMessage message) {
        return posts.post(id, new Actor.ById(identityId), message);
    }

    @Override
    public boolean postsAsync() {
        return posts.postsAsync();
    }

    @Override
    public CompletionStage<PostResult> postAsync(RoomId id, Actor actor, NewMessage message, Executor executor) {
        return posts.postAsync(id, actor, message, executor);
    }

    @Override
    public PostResult postEntry(RoomId id, Actor actor, String kind, String body, @Nullable String entryId) {
        return posts.postEntry(id, actor, kind, body, entryId);
    }

    @Override
    public void cue(RoomId id, Actor actor, String kind, String body) {
        posts.cue(id, actor, kind, body);
    }

    @Override
    public Optional<Set<String>> present(RoomIncarnation room) {
        return feeds.present(Objects.requireNonNull(room, "room"));
    }

    @Override
    public boolean judgesMessages() {
        return posts.judgesMessages();
    }

    /** Makes a change and tells of it; false if the room was so already. */
    boolean change(RoomId id, Actor actor, RoomChange change) {
        Optional<Appended> made = open().change(id, actor, change);
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
        Claimed claimed = open().claim(id, actor, messageSequence);
        Appended appended = claimed.appended();
        if (appended != null) {
            feeds.announce(appended, null);
        }
        return EventCodec.message(claimed.entry());
    }

    @Override
    public Membership create(RoomOptions options, Identity creator, @Nullable String profile, String token) {
        Objects.requireNonNull(options, "options");
        if (Objects.requireNonNull(creator, "creator").id().equals(Identity.HOST_ID)) {
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
            if (open().create(room, owner)) {
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
        Instant now = open().now().truncatedTo(ChronoUnit.MILLIS);
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
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(token, "token");
        Joined joined = open().join(id, request);
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
        Objects.requireNonNull(id, "id");
        return open().authenticate(id, Objects.requireNonNull(candidates, "candidates"));
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return open().find(Objects.requireNonNull(id, "id"));
    }

    static Membership membership(Seat seat, String token) {
        return new Membership(seat.room(), seat.member().participant(), token);
    }

    @Override
    public void awaitDelivery(PostResult posted, Duration atMost) {
        Objects.requireNonNull(posted, "posted");
        Objects.requireNonNull(atMost, "atMost");
        feeds.awaitDispatch(posted.room(), posted.entryId().sequence(), atMost);
    }

    @Override
    public Subscription subscribe(RoomId id, String token, Cursor cursor, Runnable wakeUp) {
        require(id, cursor, wakeUp);
        RoomStore rooms = open();
        TokenHash hash = TokenHash.of(token);
        return subscribe(() -> rooms.authenticate(id, hash), cursor, wakeUp);
    }

    @Override
    public Subscription subscribeAs(RoomId id, String identityId, Cursor cursor, Runnable wakeUp) {
        require(id, cursor, wakeUp);
        Objects.requireNonNull(identityId, "identityId");
        RoomStore rooms = open();
        return subscribe(() -> rooms.find(id).flatMap(state -> state.seat(identityId)), cursor, wakeUp);
    }

    private static void require(RoomId id, Cursor cursor, Runnable wakeUp) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(wakeUp, "wakeUp");
    }

    private Subscription subscribe(Supplier<Optional<Seat>> lookUp, Cursor cursor, Runnable wakeUp) {
        try {
            return feeds.subscribe(() -> lookUp.get().orElseThrow(NotAParticipantException::new), cursor, wakeUp);
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
        Objects.requireNonNull(code, "code");
        telemetry.tell(observer -> observer.refused(code));
    }
}
