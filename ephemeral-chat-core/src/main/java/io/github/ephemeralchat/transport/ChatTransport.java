package io.github.ephemeralchat.transport;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a transport, such as the HTTP API, needs of the service beside what hosts call. Thread-safe.
 *
 * @see io.github.ephemeralchat.EphemeralChatService#transport
 */
public interface ChatTransport {

    /**
     * Tells whether the service is open. Once it is closed, whatever needs the store throws an
     * {@link IllegalStateException}; a request that comes after that is not at fault, nor is its transport.
     *
     * @return false once the service is closed
     */
    boolean isOpen();

    /**
     * Posts a message as {@link io.github.ephemeralchat.Authority#post(NewMessage)} does,
     * with an answer that shares its encoded form with the streams.
     *
     * @param id the room's code
     * @param token the participant's token
     * @param message what to post; an encrypted room refuses one without an id
     * @return the message, and whether this call stored it
     * @throws IllegalArgumentException if the text or the id is not valid in this room
     * @throws io.github.ephemeralchat.model.RoomNotFoundException if there is no such room
     * @throws io.github.ephemeralchat.model.NotAParticipantException if the token is not valid there
     * @throws io.github.ephemeralchat.model.NotPermittedException if the participant is a reader
     * @throws io.github.ephemeralchat.model.MessageRefusedException if the host's guard does not take the message
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached; whether the message
     *     was stored is unknown
     */
    PostResult post(RoomId id, String token, NewMessage message);

    /**
     * Tells whether {@link #post} calls the host's guard, which may block for seconds: then it is not for an event loop,
     * whatever the store is.
     *
     * @return the same all the time
     */
    boolean judgesMessages();

    /**
     * Posts a message as {@link #post} does, in the name of a participant whom the host has authenticated by its own means.
     *
     * @param id the room's code
     * @param identityId the id of an identity that has a seat
     * @param message what to post, as in {@link #post}
     * @return the message, and whether this call stored it
     * @throws IllegalArgumentException if the text or the id is not valid in this room
     * @throws io.github.ephemeralchat.model.RoomNotFoundException if there is no such room
     * @throws io.github.ephemeralchat.model.NotAParticipantException if that identity has no seat
     * @throws io.github.ephemeralchat.model.NotPermittedException if the participant is a reader
     * @throws io.github.ephemeralchat.model.MessageRefusedException if the host's guard does not take the message
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached; whether the message
     *     was stored is unknown
     */
    PostResult postAs(RoomId id, String identityId, NewMessage message);

    /**
     * Tells whether {@link #postAsync} may be called: if the store makes changes without a thread that waits, and the service
     * has no guard.
     *
     * @return the same all the time
     */
    boolean postsAsync();

    /**
     * Posts a message as {@link #post} does, without blocking: for event loops.
     *
     * @param id the room's code
     * @param actor who posts
     * @param message what to post, as in {@link #post}
     * @param executor where this node's subscribers are woken up for the message, once the store has answered, and where the
     *     stage completes if the message was posted; must not block
     * @return the message, and whether this call stored it; fails with what {@link #post} throws, on any thread
     * @throws IllegalArgumentException if the text or the id is not valid
     * @throws IllegalStateException if {@link #postsAsync} says no
     */
    CompletionStage<PostResult> postAsync(RoomId id, Actor actor, NewMessage message, Executor executor);

    /**
     * Posts an entry of a kind of the host's, as {@link io.github.ephemeralchat.Authority#postEntry} does.
     *
     * @param id the room's code
     * @param actor who posts
     * @param kind what it is, valid by {@link io.github.ephemeralchat.model.CustomEntry#isValidKind}
     * @param body 1 to 4096 characters (code points); in an encrypted room opaque
     * @param entryId the sender's id for the entry; null for one that the library makes, which an encrypted room refuses
     * @return the entry, and whether this call stored it
     * @throws IllegalArgumentException if kind, body or id is not valid in this room
     * @throws io.github.ephemeralchat.model.RoomNotFoundException if there is no such room
     * @throws io.github.ephemeralchat.model.NotAParticipantException if the actor has no seat
     * @throws io.github.ephemeralchat.model.NotPermittedException if the participant is a reader
     * @throws io.github.ephemeralchat.model.MessageRefusedException if the host's guard does not take the entry
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached; whether the entry was
     *     stored is unknown
     */
    PostResult postEntry(RoomId id, Actor actor, String kind, String body, @Nullable String entryId);

    /**
     * Tells the others in a room something, as {@link io.github.ephemeralchat.Authority#cue} does.
     *
     * @param id the room's code
     * @param actor who tells it
     * @param kind {@code typing}, or a kind of the host's
     * @param body at most 512 characters (code points); in an encrypted room opaque
     * @throws IllegalArgumentException if kind or body is not valid in this room
     * @throws io.github.ephemeralchat.model.RoomNotFoundException if there is no such room
     * @throws io.github.ephemeralchat.model.NotAParticipantException if the actor has no seat
     * @throws io.github.ephemeralchat.model.NotPermittedException if the participant is a reader, or the room tells nobody who
     *     is typing
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     */
    void cue(RoomId id, Actor actor, String kind, String body);

    /**
     * Tells who is connected to a room with presence, over all nodes as far as this one knows. Asks neither the store nor
     * other nodes.
     *
     * @param room which incarnation of the room
     * @return the ids of their identities; nothing if the room is without presence, or has no subscription on this node
     */
    Optional<Set<String>> present(RoomIncarnation room);

    /**
     * Takes a seat with what a client brings.
     *
     * @param id the room's code
     * @param request who, and what this one brings
     * @param token the token whose hash the request has
     * @return the seat, and whether it is a new one
     * @throws io.github.ephemeralchat.model.RoomNotFoundException if there is no such room
     * @throws io.github.ephemeralchat.model.NotPermittedException if the host names the identity, and the token is another
     *     participant's
     * @throws io.github.ephemeralchat.model.RoomLockedException if the room is locked
     * @throws io.github.ephemeralchat.model.TooManyProofsException if new seats wait because of wrong proofs
     * @throws io.github.ephemeralchat.model.WrongProofException if the proof is missing or wrong
     * @throws io.github.ephemeralchat.model.RoomFullException if all seats are taken
     * @throws IllegalArgumentException if the request has a profile and the room is not encrypted
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     */
    SeatTaken join(RoomId id, JoinRequest request, String token);

    /**
     * Creates a room whose owner has a token of the client's.
     *
     * @param options how the room is
     * @param creator the owner
     * @param profile what the owner's client says of itself, in an encrypted room; null if it says nothing
     * @param token the token, which nobody can guess
     * @return the owner's seat
     * @throws IllegalArgumentException if the creator has the host's id, or there is a profile and the room is not encrypted
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store keeps no more rooms, or its memory is full
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     */
    Membership create(RoomOptions options, Identity creator, @Nullable String profile, String token);

    /**
     * Looks up whom tokens belong to.
     *
     * @param id the room's code
     * @param candidates at most {@value RoomStore#MAX_CANDIDATES} different hashes, of which any may be a token's
     * @return the seat of each candidate that is valid in the room, in the order of the candidates
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     */
    List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates);

    /**
     * Looks a room up with who is there and where its log stands, all of one moment.
     *
     * @param id the room's code
     * @return its state, or nothing if there is no such room
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     */
    Optional<RoomState> find(RoomId id);

    /**
     * Waits until this node's subscribers have been woken up for a message that was posted here. A response that waits
     * for this keeps a client that posts in a loop from running ahead of the readers. Waits for another thread that
     * wakes them up, if there is one, and never for the store, a signal, or a reader.
     *
     * @param posted the answer to the post
     * @param atMost the longest wait
     */
    void awaitDelivery(PostResult posted, Duration atMost);

    /**
     * Subscribes in a participant's name. Costs the store one authentication and, as a rule, one read.
     *
     * @param id the room's code
     * @param token the participant's token
     * @param cursor where to begin
     * @param wakeUp called when there is something to poll, on a thread that posts or on one of the library's; it must
     *     not block, and it may be called without need
     * @return the subscription, which ends when the participant's seat is freed; poll it once at the start
     * @throws io.github.ephemeralchat.model.NotAParticipantException if the token is not valid there, or there is no
     *     such room
     * @throws io.github.ephemeralchat.model.LimitExceededException if this node has no memory for the older messages that the
     *     cursor asks for
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     */
    Subscription subscribe(RoomId id, String token, Cursor cursor, Runnable wakeUp);

    /**
     * Subscribes in the name of a participant whom the host has authenticated by its own means.
     *
     * @param id the room's code
     * @param identityId the id of an identity that has a seat
     * @param cursor where to begin
     * @param wakeUp called when there is something to poll, as in {@link #subscribe}
     * @return the subscription, which ends when the participant's seat is freed; poll it once at the start
     * @throws io.github.ephemeralchat.model.NotAParticipantException if that identity has no seat, or there is no such
     *     room
     * @throws io.github.ephemeralchat.model.LimitExceededException if this node has no memory for the older messages that the
     *     cursor asks for
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     */
    Subscription subscribeAs(RoomId id, String identityId, Cursor cursor, Runnable wakeUp);

    /** Reports that a stream was opened. */
    void streamOpened();

    /** Reports that a stream that was reported as opened has closed; called once for each. */
    void streamClosed();

    /**
     * Reports bytes that were handed to a stream's connection. Cheap enough for every write.
     *
     * @param bytes how many
     */
    void written(int bytes);

    /**
     * Counts wrong room codes together with the other nodes. Blocks on the store.
     *
     * @param count how many were tried here since the last call, from 1
     * @return how many were tried on all nodes in the present minute; empty if the store does not count them
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     */
    OptionalLong countWrongCodes(int count);

    /**
     * Reports a request that was answered with a problem.
     *
     * @param code the problem's code: one of a few constants, never anything that somebody sent
     */
    void refused(String code);

    /**
     * The answer to a join.
     *
     * @param membership the seat
     * @param isNew whether this call has taken it
     * @param lastSequence the sequence of the log's newest entry at that moment
     */
    record SeatTaken(Membership membership, boolean isNew, long lastSequence) {}

    /**
     * The answer to a post.
     *
     * @param room the incarnation of the room that it is in
     * @param event the message or entry as an event, as a rule the very object that this node's subscribers get
     * @param stored whether this call stored it; false if an earlier call with the same message id had
     * @param logBytes about how many bytes the room's log takes now
     * @param expiresAt the room's deadline
     */
    record PostResult(RoomIncarnation room, SharedEvent event, boolean stored, long logBytes, Instant expiresAt) {

        /** {@return the place in the room's log} */
        public EntryId entryId() {
            return ((RoomEvent.Logged) event.event()).entryId();
        }

        /** {@return the message as it is in the room's log, if this is one} */
        public Message message() {
            return event.event() instanceof RoomEvent.NoticePosted notice
                    ? notice.message()
                    : ((RoomEvent.MessagePosted) event.event()).message();
        }
    }
}
