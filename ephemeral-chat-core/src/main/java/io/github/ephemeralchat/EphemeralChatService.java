package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.feed.FeedRegistry;
import io.github.ephemeralchat.internal.feed.ListenerSubscription;
import io.github.ephemeralchat.internal.feed.SingleNodeBroadcaster;
import io.github.ephemeralchat.internal.feed.WelcomeChecks;
import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.internal.support.Setting;
import io.github.ephemeralchat.internal.telemetry.ObservedRoomStore;
import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.metrics.ChatStats;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.HistoryPage;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.AsyncRoomStore;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.spi.WrongCodeCounter;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rooms that destroy themselves: create, join, talk, listen, destroy. Blocking and thread-safe; one for each
 * application is enough.
 *
 * <p>Rooms are created, joined, read and listened to here. What is done in a room is done in somebody's name: in a
 * participant's by {@link #as}, in the host's own by {@link #asHost}. A room that never was, has expired or was destroyed is
 * the same to every method: {@link RoomNotFoundException}, or nothing.
 *
 * <p>The host keeps the store and the broadcaster and closes them itself, after the service.
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
 * chat.as(code, owner.token()).post("hello");
 * heard.close(); // stops listening, and changes nothing for the room
 * }</pre>
 */
public final class EphemeralChatService implements AutoCloseable {

    private static final int LISTENER_THREADS = 8;

    private static final int MAX_HISTORY = 500;

    private final RoomStore store;
    private final Telemetry telemetry;
    private final FeedRegistry feeds;
    private final ChatStats stats;
    private final ServiceTransport transport;
    private final WelcomeChecks welcomeChecks;
    private final String hostName;
    private final String storeName;
    private final Executor listeners;
    /** Null if the host's executor is used. */
    private final @Nullable ExecutorService ownListeners;

    private EphemeralChatService(Builder from) {
        telemetry = new Telemetry(from.observers);
        store = telemetry.isObserved() ? new ObservedRoomStore(from.store, telemetry) : from.store;
        Executor ofHost = from.listenerExecutor;
        ownListeners = ofHost == null ? DaemonThreads.pool("ephemeral-chat-listeners", LISTENER_THREADS) : null;
        listeners = ofHost == null ? Objects.requireNonNull(ownListeners) : ofHost;
        RoomListeners ofRooms = RoomListeners.of(from.roomListeners, listeners);
        feeds = FeedRegistry.start(
                store, from.broadcaster, telemetry, from.roomListeners.isEmpty() ? null : ofRooms::ended);
        WrongCodeCounter wrongCodes = from.store instanceof WrongCodeCounter counter ? counter : null;
        Posts posts = new Posts(store, asyncStore(from.store, telemetry), feeds, telemetry, from.guard);
        transport = new ServiceTransport(store, wrongCodes, feeds, telemetry, ofRooms, posts, from.longestLife);
        hostName = from.hostName;
        storeName = from.store.getClass().getSimpleName();
        Actor host = new Actor.Host(hostName);
        WelcomeCheck welcome = from.welcome;
        welcomeChecks = WelcomeChecks.start(
                feeds,
                from.broadcaster,
                welcome == null ? null : welcome::stillWelcome,
                (room, identityId) -> transport.change(room, host, new RoomChange.Leave(identityId)));
        stats = feeds.stats();
        telemetry.tell(observer -> observer.started(stats));
    }

    private static @Nullable AsyncRoomStore asyncStore(RoomStore store, Telemetry telemetry) {
        AsyncRoomStore async = store instanceof AsyncRoomStore twin ? twin : null;
        return async == null || !telemetry.isObserved() ? async : ObservedRoomStore.observed(async, telemetry);
    }

    /**
     * Creates a service that is alone with its rooms.
     *
     * @param store where rooms are kept, by this service only
     * @return a service with threads of its own
     */
    public static EphemeralChatService create(RoomStore store) {
        return builder(store).build();
    }

    /**
     * Creates a service that shares its rooms with other nodes.
     *
     * @param store where rooms are kept
     * @param broadcaster carries signals between the nodes
     * @return a service with threads of its own
     */
    public static EphemeralChatService create(RoomStore store, RoomBroadcaster broadcaster) {
        return builder(store).broadcaster(broadcaster).build();
    }

    /**
     * Creates a builder of a service with settings of the host's.
     *
     * @param store where rooms are kept
     * @return a builder whose other parts have defaults
     */
    public static Builder builder(RoomStore store) {
        return new Builder(store);
    }

    /**
     * Returns the time by which deadlines are judged.
     *
     * @return the store's time
     * @throws ChatUnavailableException if it is not known
     */
    public Instant now() {
        return transport.open().now();
    }

    // ---- Rooms ----

    /**
     * Creates a room with its first participant, who is its owner.
     *
     * @param options how long it lives, and how many seats it has
     * @param creator the owner
     * @return the owner's seat
     * @throws IllegalArgumentException if the creator has the host's id
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store keeps no more rooms, or its memory is full
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Membership createRoom(RoomOptions options, Identity creator) {
        return transport.create(options, creator, null, Secrets.token());
    }

    /**
     * Looks a room up.
     *
     * @param id its code
     * @return the room, or nothing
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Optional<Room> findRoom(RoomId id) {
        return transport.find(id).map(RoomState::room);
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
        return state(id).members().stream().map(Member::participant).toList();
    }

    private RoomState state(RoomId id) {
        return transport.find(id).orElseThrow(RoomNotFoundException::new);
    }

    // ---- Seats ----

    /**
     * Takes a seat. An identity that has one already gets the same one, with another token. The newest eight tokens of a seat
     * are valid.
     *
     * @param id the room's code
     * @param identity who
     * @return the seat
     * @throws IllegalArgumentException if the identity has the host's id
     * @throws RoomNotFoundException if there is no such room
     * @throws io.github.ephemeralchat.model.RoomLockedException if the room is locked
     * @throws io.github.ephemeralchat.model.TooManyProofsException if new seats wait because of wrong proofs
     * @throws io.github.ephemeralchat.model.WrongProofException if the room wants a proof
     * @throws io.github.ephemeralchat.model.RoomFullException if all seats are taken
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Membership join(RoomId id, Identity identity) {
        return join(id, identity, null);
    }

    /**
     * Takes a seat with a proof. An identity that has one already gets the same one, whatever the proof.
     *
     * @param id the room's code
     * @param identity who
     * @param proof what the room asks for; null if there is none
     * @return the seat
     * @throws IllegalArgumentException if the identity has the host's id
     * @throws RoomNotFoundException if there is no such room
     * @throws io.github.ephemeralchat.model.RoomLockedException if the room is locked
     * @throws io.github.ephemeralchat.model.TooManyProofsException if new seats wait because of wrong proofs
     * @throws io.github.ephemeralchat.model.WrongProofException if the room wants a proof, and this is missing or wrong
     * @throws io.github.ephemeralchat.model.RoomFullException if all seats are taken
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Membership join(RoomId id, Identity identity, @Nullable String proof) {
        String token = Secrets.token();
        JoinRequest request =
                JoinRequest.named(identity, TokenHash.of(token)).withProof(proof == null ? null : TokenHash.of(proof));
        return transport.join(id, request, token).membership();
    }

    /**
     * Looks up whom a token belongs to.
     *
     * @param id the room's code
     * @param token the token
     * @return the seat, or nothing if there is no such room or the token is not valid there
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Optional<Membership> authenticate(RoomId id, String token) {
        return transport
                .open()
                .authenticate(Objects.requireNonNull(id, "id"), TokenHash.of(token))
                .map(seat -> ServiceTransport.membership(seat, token));
    }

    // ---- Authority ----

    /**
     * Acts in a room in a participant's name.
     *
     * @param id the room's code
     * @param token the participant's token
     * @return what it may do; whether the token is valid is judged with each change
     */
    public Authority as(RoomId id, String token) {
        return new Authority(id, new Actor.ByToken(TokenHash.of(token)), transport);
    }

    /**
     * Acts in a room in the name of a participant for whom the host vouches.
     *
     * @param id the room's code
     * @param identityId the id of the participant's identity
     * @return what it may do; whether it has a seat is judged with each change
     */
    public Authority asParticipant(RoomId id, String identityId) {
        return new Authority(id, new Actor.ById(identityId), transport);
    }

    /**
     * Acts in a room in the name of the host, who needs no seat.
     *
     * @param id the room's code
     * @return what the host may do, which is everything
     */
    public HostAuthority asHost(RoomId id) {
        return new HostAuthority(id, hostName, transport);
    }

    /**
     * Ends an identity's streams on all nodes at once, and frees the seats that these have: for a login that has ended.
     * When this returns that is done on this node, and the others are being told; if one of them misses that,
     * {@link Builder#stillWelcome} finds it within 30 seconds. A seat that has no stream anywhere stays: free it by
     * {@link Authority#remove}.
     *
     * @param identityId the id of the identity
     * @throws ChatUnavailableException if another node may not have been told, or a seat was not freed because the store
     *     cannot be reached; the streams on this node have ended, and the rest is tried again for a minute. To repeat it does
     *     no harm
     */
    public void revoke(String identityId) {
        welcomeChecks.revoke(Objects.requireNonNull(identityId, "identityId"));
    }

    // ---- Messages ----

    /** {@return a new id for a message, 16 random characters} */
    public static String newMessageId() {
        return Secrets.messageId();
    }

    /**
     * Reads messages that the log keeps.
     *
     * @param id the room's code
     * @param after the sequence to begin after, from 0
     * @param limit the greatest number of messages, 1 to 500
     * @return the messages, ascending. There may be fewer than the limit, or none, although more follow: if so,
     *     {@link HistoryPage#nextAfter()} is less than {@link HistoryPage#lastSequence()}
     * @throws IllegalArgumentException if a number is out of bounds
     * @throws RoomNotFoundException if there is no such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public HistoryPage history(RoomId id, long after, int limit) {
        if (after < 0 || limit < 1 || limit > MAX_HISTORY) {
            throw new IllegalArgumentException("a page begins at 0 or later and has 1 to 500 messages");
        }
        RoomState state = state(id);
        if (after >= state.head().sequence()) {
            return new HistoryPage(List.of(), after, state.head().sequence(), false);
        }
        return new HistoryReader(transport.open()).read(state.room().incarnation(), after, limit);
    }

    // ---- Listening ----

    /**
     * Listens to a room with the host's own code.
     *
     * @param id the room's code
     * @param cursor where to begin
     * @param listener called on the listeners' executor, never twice at once, in the room's order. What it throws is
     *     logged without its message and changes nothing. While it blocks it holds one of those threads, and delays no
     *     other subscriber as long as another thread is free
     * @return the subscription, to be closed by the host if it wants to stop earlier than the room ends
     * @throws RoomNotFoundException if there is no such room
     * @throws io.github.ephemeralchat.model.LimitExceededException if this node has no memory for the older messages that the
     *     cursor asks for
     * @throws ChatUnavailableException if the store cannot be reached
     */
    public Subscription subscribe(RoomId id, Cursor cursor, Consumer<? super RoomEvent> listener) {
        Objects.requireNonNull(cursor, "cursor");
        Objects.requireNonNull(listener, "listener");
        RoomState state = state(id);
        return ListenerSubscription.create(
                listener, listeners, wakeUp -> feeds.subscribe(state.room(), state.head(), null, cursor, wakeUp));
    }

    /** {@return the numbers of this node: the same object each time, whose numbers change} */
    public ChatStats stats() {
        return stats;
    }

    /** {@return what a transport needs beside the methods of this class: the same object each time} */
    public ChatTransport transport() {
        return transport;
    }

    /**
     * Ends all subscriptions of this node, without an event. Rooms live on in their store. Every call that needs the
     * store throws an {@link IllegalStateException} from then on. Idempotent.
     */
    @Override
    public void close() {
        welcomeChecks.close();
        feeds.close();
        if (ownListeners != null) {
            ownListeners.shutdown();
        }
        telemetry.close();
    }

    /** Returns which store the rooms are in; nothing of the rooms. */
    @Override
    public String toString() {
        return "EphemeralChatService[" + storeName + "]";
    }

    /** The settings of a service. Not thread-safe. */
    public static final class Builder {

        private static final String USUAL_HOST_NAME = "Host";

        private final RoomStore store;
        private final List<ChatObserver> observers = new ArrayList<>();
        private final List<RoomListener> roomListeners = new ArrayList<>();
        private RoomBroadcaster broadcaster = SingleNodeBroadcaster.INSTANCE;
        private @Nullable Executor listenerExecutor;
        private @Nullable GuardedPosts guard;
        private @Nullable WelcomeCheck welcome;
        private Duration longestLife = RoomOptions.MAX_TTL;
        private String hostName = USUAL_HOST_NAME;

        private Builder(RoomStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /**
         * Sets what carries signals between nodes. If it is not set there is one node.
         *
         * @param value the broadcaster, which the host closes itself
         * @return this builder
         */
        public Builder broadcaster(RoomBroadcaster value) {
            broadcaster = Objects.requireNonNull(value, "broadcaster");
            return this;
        }

        /**
         * Adds a listener of all rooms.
         *
         * @param value the listener; each that is added is called
         * @return this builder
         */
        public Builder roomListener(RoomListener value) {
            roomListeners.add(Objects.requireNonNull(value, "roomListener"));
            return this;
        }

        /**
         * Sets what judges each message before it is stored. If it is not set, none is judged.
         *
         * @param value the guard
         * @return this builder
         */
        public Builder guard(MessageGuard value) {
            guard = new GuardedPosts(Objects.requireNonNull(value, "guard"));
            return this;
        }

        /**
         * Sets what says whether somebody who has a stream is still welcome. If it is not set, everybody is.
         *
         * @param value asked on each node about those who have streams there
         * @return this builder
         */
        public Builder stillWelcome(WelcomeCheck value) {
            welcome = Objects.requireNonNull(value, "stillWelcome");
            return this;
        }

        /**
         * Sets where listeners run. If it is not set the service has eight threads for them.
         *
         * @param value the host's executor, which has at most one task for each listener in it, and for each
         *     listener of all rooms one for each room that it is yet to be told of
         * @return this builder
         */
        public Builder listenerExecutor(Executor value) {
            listenerExecutor = Objects.requireNonNull(value, "listenerExecutor");
            return this;
        }

        /**
         * Sets how long a room may live at most, however often its end is moved. If it is not set that is 1440 minutes.
         *
         * @param value 1 to 1440 minutes; a room that is created for longer lives that long
         * @return this builder
         * @throws IllegalArgumentException if it is out of its bounds
         */
        public Builder longestLife(Duration value) {
            longestLife = Setting.within(RoomOptions.MIN_TTL, RoomOptions.MAX_TTL, "longestLife", value);
            return this;
        }

        /**
         * Sets what participants see as the sender of what the host posts. If it is not set that is {@code Host}.
         *
         * @param value a name, valid by {@link Identity#isValidName}
         * @return this builder
         * @throws IllegalArgumentException if it is not valid
         */
        public Builder hostName(String value) {
            Objects.requireNonNull(value, "hostName");
            Setting.check(Identity.isValidName(value), "hostName", value, "a name as participants have");
            hostName = value;
            return this;
        }

        /**
         * Adds an observer of what happens on this node.
         *
         * @param value the observer; each that is added is called
         * @return this builder
         */
        public Builder observer(ChatObserver value) {
            observers.add(Objects.requireNonNull(value, "observer"));
            return this;
        }

        /** {@return the service, to be closed by the host} */
        public EphemeralChatService build() {
            return new EphemeralChatService(this);
        }
    }
}
