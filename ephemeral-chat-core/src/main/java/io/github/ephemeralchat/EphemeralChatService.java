package io.github.ephemeralchat;

import io.github.ephemeralchat.RoomEvent.EndReason;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.Joined;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rooms that destroy themselves: create, join, talk, listen, destroy. Blocking and thread-safe; one for each
 * application is enough.
 *
 * <p>What takes a token acts in that participant's name; what takes none is the host's own authority. A room that never
 * was, has expired or was destroyed is the same to every method: {@link RoomNotFoundException}, or nothing.
 *
 * <p>The host keeps the store and the broadcaster and closes them itself, after this.
 *
 * <pre>{@code
 * Membership owner = chat.createRoom(RoomOptions.defaults().withTtl(Duration.ofMinutes(5)), Identity.named("Anna"));
 * RoomId code = owner.room().id();
 * Subscription heard = chat.subscribe(code, Cursor.start(), event -> {
 *     if (event instanceof RoomEvent.MessagePosted posted) {
 *         System.out.println(posted.message().sender().name() + ": " + posted.message().text());
 *     } else if (event instanceof RoomEvent.RoomDestroyed destroyed) {
 *         System.out.println("over: " + destroyed.reason());
 *     }
 * });
 * chat.post(code, owner.token(), "hello");
 * heard.close(); // stops listening, and changes nothing for the room
 * }</pre>
 */
public final class EphemeralChatService implements AutoCloseable {

    private static final int CODE_ATTEMPTS = 5;
    private static final int HISTORY_PAGE = 500;
    /** Enough for every page of ordinary messages; what is made of a page stays small beside a node's memory. */
    private static final int HISTORY_PAGE_TEXT = 512 << 10;
    /** Joins and leaves lie between the messages: to ask for one message takes more than one entry. */
    private static final int MIN_READ = 32;

    private static final int LISTENER_THREADS = 8;

    private final RoomStore store;
    private final Telemetry telemetry;
    private final FeedRegistry feeds;
    private final ChatFigures figures;
    private final Executor listeners;
    /** Null where the host's executor is used. */
    private final @Nullable ExecutorService ownListeners;

    EphemeralChatService(EphemeralChatServiceBuilder from) {
        telemetry = new Telemetry(from.observers);
        store = telemetry.isObserved() ? new ObservedRoomStore(from.store, telemetry) : from.store;
        feeds = new FeedRegistry(store, from.broadcaster, telemetry);
        ownListeners = from.executor == null ? Threads.pool("ephemeral-chat-listeners", LISTENER_THREADS) : null;
        listeners = ownListeners == null ? Objects.requireNonNull(from.executor) : ownListeners;
        figures = telemetry.figures(feeds);
        telemetry.tell(observer -> observer.started(figures));
    }

    /**
     * Makes a service that is alone with its rooms.
     *
     * @param store where rooms are kept, by this service only
     * @return a service with threads of its own
     */
    public static EphemeralChatService over(RoomStore store) {
        return builder(store).build();
    }

    /**
     * Makes a service that shares its rooms with other nodes.
     *
     * @param store where rooms are kept
     * @param broadcaster how nodes tell each other
     * @return a service with threads of its own
     */
    public static EphemeralChatService over(RoomStore store, RoomBroadcaster broadcaster) {
        return builder(store).broadcaster(broadcaster).build();
    }

    /**
     * Begins a service about which the host says more.
     *
     * @param store where rooms are kept
     * @return a builder, whose other parts have defaults
     */
    public static EphemeralChatServiceBuilder builder(RoomStore store) {
        return new EphemeralChatServiceBuilder(store);
    }

    /**
     * Returns the time by which deadlines are judged.
     *
     * @return the store's time
     * @throws ChatUnavailableException if it is not known
     */
    public Instant now() {
        return store.now();
    }

    // ---- Rooms ----

    /**
     * Creates a room with its first participant, who is its owner.
     *
     * @param options how long it lives, and how many seats it has
     * @param creator the owner
     * @return the owner's seat
     * @throws LimitExceededException if the store keeps no more rooms
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Membership createRoom(RoomOptions options, Identity creator) {
        String token = Secrets.token();
        TokenHash hash = TokenHash.of(token);
        for (int attempt = 0; attempt < CODE_ATTEMPTS; attempt++) {
            Room room = newRoom(options);
            if (store.create(room, creator, hash)) {
                telemetry.tell(ChatObserver::roomCreated);
                telemetry.tell(ChatObserver::participantJoined);
                return new Membership(room, new Participant(creator, true), token);
            }
        }
        throw new ChatUnavailableException("no unused room code was found");
    }

    private Room newRoom(RoomOptions options) {
        Instant now = store.now().truncatedTo(ChronoUnit.MILLIS);
        return new Room(
                new RoomKey(RoomId.random(), Secrets.number()),
                now,
                now.plus(options.ttl().truncatedTo(ChronoUnit.MILLIS)),
                options.maxParticipants(),
                options.ownerOnlyDestroy());
    }

    /**
     * Looks a room up.
     *
     * @param id its code
     * @return the room, or nothing
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Optional<Room> findRoom(RoomId id) {
        return store.find(id).map(RoomState::room);
    }

    /**
     * Lists who has a seat.
     *
     * @param id the room's code
     * @return the participants, the owner first, then in the order of joining
     * @throws RoomNotFoundException if there is no such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public List<Participant> participants(RoomId id) {
        return state(id).members().stream()
                .map(EphemeralChatService::participant)
                .toList();
    }

    private RoomState state(RoomId id) {
        return store.find(id).orElseThrow(RoomNotFoundException::new);
    }

    /**
     * Destroys a room at once. When this returns, no call on any node yields anything of it, and its participants are
     * being told.
     *
     * @param id the room's code
     * @return whether it lived until now
     * @throws ChatUnavailableException if the store cannot be reached; whether the room has ended is unknown
     */
    public boolean destroyRoom(RoomId id) {
        return store.find(id).map(state -> destroy(state.room())).orElse(false);
    }

    /**
     * Destroys a room in a participant's name.
     *
     * @param id the room's code
     * @param token the participant's token
     * @throws NotAParticipantException if the token is not valid there, or there is no such room
     * @throws NotPermittedException if only the owner may, and this is somebody else
     * @throws ChatUnavailableException if the store cannot be reached; whether the room has ended is unknown
     */
    public void destroyRoom(RoomId id, String token) {
        Seat seat = seat(id, token);
        if (seat.room().ownerOnlyDestroy() && !seat.member().owner()) {
            throw new NotPermittedException();
        }
        destroy(seat.room());
    }

    private boolean destroy(Room room) {
        RoomFeed feed = feeds.expectDestroy(room.key());
        boolean lived = store.destroy(room.key());
        feeds.announceDestroyed(room.key());
        if (lived && (feed == null || feed.end() == null)) { // A feed tells of its room's end itself.
            telemetry.tell(observer -> observer.roomEnded(EndReason.DESTROYED));
        }
        return lived;
    }

    // ---- Seats ----

    /**
     * Takes a seat. An identity that has one already gets the same one, with another token that is valid beside the
     * earlier ones.
     *
     * @param id the room's code
     * @param identity who
     * @return the seat
     * @throws RoomNotFoundException if there is no such room
     * @throws RoomFullException if all seats are taken
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Membership join(RoomId id, Identity identity) {
        String token = Secrets.token();
        Joined joined = store.join(id, identity, TokenHash.of(token));
        Appended appended = joined.appended();
        if (appended != null) {
            feeds.announce(appended, null);
            telemetry.tell(ChatObserver::participantJoined);
        }
        return membership(joined.seat(), token);
    }

    /**
     * Looks up whom a token belongs to.
     *
     * @param id the room's code
     * @param token the token
     * @return the seat, or nothing where there is no such room or the token is not valid there
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Optional<Membership> authenticate(RoomId id, String token) {
        return store.authenticate(id, TokenHash.of(token)).map(seat -> membership(seat, token));
    }

    private Seat seat(RoomId id, String token) {
        return store.authenticate(id, TokenHash.of(token)).orElseThrow(NotAParticipantException::new);
    }

    private static Membership membership(Seat seat, String token) {
        return new Membership(seat.room(), participant(seat.member()), token);
    }

    private static Participant participant(Member member) {
        return new Participant(member.identity(), member.owner());
    }

    /**
     * Gives up the participant's seat: it is free again, its tokens are dead, its streams end. Not to be confused with
     * disconnecting, which changes nothing.
     *
     * @param id the room's code
     * @param token the participant's token
     * @throws NotAParticipantException if the token is not valid there, or there is no such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public void leave(RoomId id, String token) {
        Seat seat = seat(id, token);
        removeFrom(seat.room(), seat.member().identity().id());
    }

    /**
     * Frees another participant's seat in the owner's name; freeing a seat that nobody has does nothing.
     *
     * @param id the room's code
     * @param ownerToken the owner's token
     * @param identityId whose seat
     * @throws NotAParticipantException if the token is not valid there, or there is no such room
     * @throws NotPermittedException if it is not the owner's, and the seat is another's
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public void removeParticipant(RoomId id, String ownerToken, String identityId) {
        Seat seat = seat(id, ownerToken);
        if (!seat.member().owner() && !seat.member().identity().id().equals(identityId)) {
            throw new NotPermittedException();
        }
        removeFrom(seat.room(), identityId);
    }

    private void removeFrom(Room room, String identityId) {
        store.leave(room.key(), identityId).ifPresent(left -> {
            feeds.announce(left, null);
            telemetry.tell(ChatObserver::participantLeft);
        });
    }

    // ---- Messages ----

    /**
     * Posts a message under an id that the library makes.
     *
     * @param id the room's code
     * @param token the participant's token
     * @param text 1 to 4000 characters (code points)
     * @return the message as it is in the room's log
     * @throws IllegalArgumentException if the text is not valid
     * @throws RoomNotFoundException if there is no such room
     * @throws NotAParticipantException if the token is not valid there
     * @throws ChatUnavailableException if the store cannot be reached; whether the message was stored is unknown, and a
     *     retry should name the same id: see {@link #post(RoomId, String, String, String)}
     */
    public Message post(RoomId id, String token, String text) {
        return post(id, token, text, newMessageId()).message();
    }

    /**
     * Posts a message under the caller's id for it: however often it is repeated, the message is stored once.
     *
     * @param id the room's code
     * @param token the participant's token
     * @param text 1 to 4000 characters (code points)
     * @param messageId 1 to 64 characters of {@code [A-Za-z0-9_-]}, unique among the participant's messages
     * @return the message as it is in the room's log, and whether this call stored it
     * @throws IllegalArgumentException if the text or the id is not valid
     * @throws RoomNotFoundException if there is no such room
     * @throws NotAParticipantException if the token is not valid there
     * @throws ChatUnavailableException if the store cannot be reached; whether the message was stored is unknown
     */
    public Posted post(RoomId id, String token, String text, String messageId) {
        if (!Message.isValidText(text)) {
            throw new IllegalArgumentException("a text has 1 to 4000 whole characters");
        }
        if (!Message.isValidId(messageId)) {
            throw new IllegalArgumentException("a message id has 1 to 64 characters of [A-Za-z0-9_-]");
        }
        Appended appended = store.append(id, TokenHash.of(token), new Draft(LogEntry.MESSAGE, messageId, text));
        Delivery delivery = EventCodec.posted(appended.entry());
        feeds.announce(appended, delivery);
        if (appended.stored()) {
            telemetry.tell(ChatObserver::messagePosted);
        }
        return new Posted(appended.room(), delivery, appended.stored());
    }

    /**
     * Makes an id for a message.
     *
     * @return 16 random characters
     */
    public static String newMessageId() {
        return Secrets.messageId();
    }

    /**
     * Waits until this node's subscribers have been woken for a message that was posted here. For transports: an answer
     * that waits for this keeps a client that posts in a loop from running ahead of those who read. It waits for another
     * thread that wakes them, if one does, and never for the store, a signal, or a reader.
     *
     * @param posted the answer to the post
     * @param atMost the longest wait
     */
    public void awaitDelivery(Posted posted, Duration atMost) {
        feeds.awaitSweep(posted.room(), posted.message().sequence(), atMost);
    }

    /**
     * Reads messages that the log keeps.
     *
     * @param id the room's code
     * @param after the sequence to begin after, from 0
     * @param limit the greatest number of messages, 1 to 500
     * @return the messages, ascending; fewer than the limit where half a million characters are reached before, and then
     *     {@link HistoryPage#nextAfter()} goes on
     * @throws IllegalArgumentException if a number is out of bounds
     * @throws RoomNotFoundException if there is no such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public HistoryPage history(RoomId id, long after, int limit) {
        if (after < 0 || limit < 1 || limit > HISTORY_PAGE) {
            throw new IllegalArgumentException("a page begins at 0 or later and has 1 to 500 messages");
        }
        RoomState state = state(id);
        if (after >= state.head().sequence()) {
            return new HistoryPage(List.of(), after, state.head().sequence(), false);
        }
        return historyPage(state.room().key(), after, limit);
    }

    private HistoryPage historyPage(RoomKey room, long after, int limit) {
        List<Message> messages = new ArrayList<>();
        long at = after;
        int textLength = 0;
        boolean truncated = false;
        LogPage page;
        do {
            page = store.readAfter(room, EntryId.at(at), Math.max(limit, MIN_READ));
            truncated |= page.continuity() != LogPage.Continuity.CONTINUOUS;
            for (LogEntry entry : page.entries()) {
                if (messages.size() == limit || textLength >= HISTORY_PAGE_TEXT) {
                    return new HistoryPage(messages, at, page.head().sequence(), truncated);
                }
                at = entry.id().sequence();
                if (entry.kind().equals(LogEntry.MESSAGE)) {
                    messages.add(EventCodec.message(entry));
                    textLength += entry.body().length();
                }
            }
        } while (!page.isLast());
        return new HistoryPage(messages, at, page.head().sequence(), truncated);
    }

    // ---- Listening ----

    /**
     * Returns what this node carries and has carried.
     *
     * @return the same object each time, whose numbers change
     */
    public ChatFigures figures() {
        return figures;
    }

    /**
     * Returns where a transport tells of its streams, its bytes and its refusals.
     *
     * @return the same object each time
     */
    public TransportObserver transportObserver() {
        return telemetry;
    }

    /**
     * Listens to a room with the host's own code.
     *
     * @param id the room's code
     * @param cursor where to begin
     * @param listener called on the listeners' executor, never twice at once, in the room's order; what it throws is
     *     logged by its class and changes nothing; while it blocks it holds one of those threads, and delays no other
     *     subscriber as long as another thread is free
     * @return the way to stop
     * @throws RoomNotFoundException if there is no such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Subscription subscribe(RoomId id, Cursor cursor, Consumer<? super RoomEvent> listener) {
        return ListenerSubscription.subscribe(feeds, state(id).room(), cursor, listener, listeners);
    }

    /**
     * Listens in a participant's name: the base for a transport.
     *
     * @param id the room's code
     * @param token the participant's token
     * @param cursor where to begin
     * @param wakeUp called when there is something to poll, on a thread that posts or on one of the library's; it does
     *     not block, and it may be called for nothing
     * @return the subscription, which ends when the participant's seat is freed; poll it once at the start
     * @throws NotAParticipantException if the token is not valid there, or there is no such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Subscription subscribe(RoomId id, String token, Cursor cursor, Runnable wakeUp) {
        TokenHash hash = TokenHash.of(token);
        return subscribe(() -> store.authenticate(id, hash), cursor, wakeUp);
    }

    /**
     * Listens in the name of a participant whom the host has authenticated by its own means.
     *
     * @param id the room's code
     * @param identityId whose seat
     * @param cursor where to begin
     * @param wakeUp as above
     * @return the subscription, which ends when the participant's seat is freed; poll it once at the start
     * @throws NotAParticipantException if that identity has no seat, or there is no such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Subscription subscribeAs(RoomId id, String identityId, Cursor cursor, Runnable wakeUp) {
        return subscribe(() -> seatOf(id, identityId), cursor, wakeUp);
    }

    private Optional<Seat> seatOf(RoomId id, String identityId) {
        return store.find(id)
                .flatMap(state -> state.members().stream()
                        .filter(member -> member.identity().id().equals(identityId))
                        .findFirst()
                        .map(member -> new Seat(state.room(), member)));
    }

    /** Asks for the seat twice: one that was freed while the feed was being joined leaves no entry to be seen there. */
    private Subscription subscribe(Supplier<Optional<Seat>> seatNow, Cursor cursor, Runnable wakeUp) {
        Seat seat = seatNow.get().orElseThrow(NotAParticipantException::new);
        Subscription subscription;
        try {
            subscription = feeds.subscribe(seat.room(), cursor, seat, wakeUp);
        } catch (RoomNotFoundException e) {
            throw new NotAParticipantException();
        }
        try {
            if (seatNow.get().isPresent()) {
                return subscription;
            }
        } catch (RuntimeException e) {
            subscription.close();
            throw e;
        }
        subscription.close();
        throw new NotAParticipantException();
    }

    /**
     * Ends all subscriptions of this node without an event; the rooms live on. Idempotent, and does not wait for
     * listeners that are running.
     */
    @Override
    public void close() {
        feeds.close();
        if (ownListeners != null) {
            ownListeners.shutdown();
        }
        telemetry.close();
    }
}
