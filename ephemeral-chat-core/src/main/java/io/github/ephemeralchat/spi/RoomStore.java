package io.github.ephemeralchat.spi;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.MessageNotFoundException;
import io.github.ephemeralchat.model.NoSuchSeatException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rooms: for each its members and one append-only log, which all end together. It is the only authority on the
 * order of a room's entries and on its end. Blocking and thread-safe.
 *
 * <p>A store has to hold:
 *
 * <ul>
 *   <li><b>S1 Atomic.</b> Each write is one atomic step, on any number of nodes: its checks, its effect and, if it
 *       appends, the next sequence.
 *   <li><b>S2 Dense.</b> A log's sequences are 1, 2, 3 without holes; each entry has a nonce drawn at random.
 *   <li><b>S3 Durable answer.</b> A write that returns is in the log for every later read, on any node.
 *   <li><b>S4 Idempotent.</b> A sender's post with a key that one of the sender's retained entries has stores nothing
 *       and returns that entry.
 *   <li><b>S5 Members only.</b> A change is refused unless its actor is the host, or a member in that same step.
 *   <li><b>S6 Seats.</b> There are never more members than {@link Room#maxParticipants()}. An identity id has at most
 *       one seat: a second join takes the same one, and adds its token to it; of a seat's tokens the newest
 *       {@value #MAX_TOKENS_PER_SEAT} are valid. A join whose token is a member's already returns in that same step that
 *       member's seat and changes nothing, whatever new identity it brings; if the host names the identity and the seat
 *       is another's, it is refused. A seat that is there is returned whatever lock, proof or waiting says.
 *   <li><b>S7 Deadline.</b> From {@link Room#expiresAt()} on, by {@link #now()}, the room is absent for every call,
 *       whatever is still in memory or on disk.
 *   <li><b>S8 Destroyed.</b> After {@link #destroy} returned, the room is absent for every call, on any node. The actor's
 *       right to destroy is judged in that step: a reader has none; if {@link Room#ownerOnlyDestroy()} says so, only the
 *       owner has.
 *   <li><b>S9 No return.</b> No call but {@link #create} makes a room, a part of one, or anything without an end. A room
 *       under a used code shares nothing with the earlier one, and calls that name the earlier incarnation find
 *       nothing.
 *   <li><b>S10 Bounded.</b> A log keeps its newest entries within {@link LogLimits}; older ones are trimmed in the step
 *       that appends. What no longer is in the log no longer counts for S4.
 *   <li><b>S11 Nothing left.</b> 5 seconds after a room's end nothing of it is held, while the store is in use.
 *   <li><b>S12 Fail closed.</b> Every call returns or throws within 2.5 seconds; if the store cannot be reached it
 *       throws {@link ChatUnavailableException} and queues nothing.
 *   <li><b>S13 Left.</b> Once a member has left, its tokens are dead and its seat is free, in the same step as the entry
 *       {@link LogEntry#LEFT}. The owner is the creator, or whom the owner has named. If the owner leaves, the member that
 *       joined first of those present and is no reader becomes the owner; if all are readers, the first of them. Who
 *       joins a room without members becomes its owner.
 *   <li><b>S14 Authority.</b> A member's change is refused in that same step unless its role allows it, as
 *       {@link RoomChange} says for each. The host may make every change.
 *   <li><b>S15 Admission.</b> A new seat is refused while the room is locked, or without the proof; a request that is
 *       {@link JoinRequest#admitted} passes both. Wrong proofs are counted over all nodes (a missing one is none), except
 *       in encrypted rooms, whose proof cannot be guessed: after the {@value #FREE_WRONG_PROOFS}th in a row, each makes
 *       new seats wait, 1 second doubling to 60. A right proof that is judged, or a change of admission, ends the row.
 *   <li><b>S16 Moved deadline.</b> All parts of a room take a new end in one step.
 *   <li><b>S17 Forgotten.</b> From its own end on, or from {@link RoomChange.Forget} or the last claim on, a body is in
 *       no answer. The entry stays with its sequence, nonce and key, so that S2 and S4 hold. Its bytes are credited
 *       (S10), and 5 seconds later it is held nowhere; one whose claims are all taken, {@link #CLAIM_REPEATS} later.
 *   <li><b>S18 Claims.</b> A body with claims is handed out by {@link #claim} alone, to each member at most once, and
 *       again until {@link #CLAIM_REPEATS} after its own claim, though never after the body was deleted or its time is
 *       over; to no more members than it has claims, and never to its sender or a reader.
 *   <li><b>S19 Properties.</b> They outlive the trimming of the log. They are at most {@link Room#MAX_PROPERTIES}, with
 *       {@link Room#MAX_PROPERTY_BYTES} of UTF-8 in all.
 *   <li><b>S20 Unknown kinds</b> of entries are stored, read and signalled as they are.
 *   <li><b>S21 Encrypted.</b> In a room whose {@link Room#encrypted() texts are opaque} nothing is stored that is not:
 *       what does not fit by {@link Draft#fits} is refused, and a seat has the name that
 *       {@link JoinRequest#identityIn} says.
 * </ul>
 */
public interface RoomStore {

    /** How many tokens of one seat are valid at once: one for each device of a participant. */
    int MAX_TOKENS_PER_SEAT = 8;

    /** How many tokens a request may bring: one in a header, and several cookies. */
    int MAX_CANDIDATES = 5;

    /** How many wrong proofs in a row cost nobody any time. */
    int FREE_WRONG_PROOFS = 10;

    /** How long a member may repeat a claim whose answer was lost. */
    Duration CLAIM_REPEATS = Duration.ofSeconds(30);

    /**
     * Returns the store's time, by which every deadline is judged. It goes forward. Once it is known it is answered from
     * memory, since every node asks ten times a second: then this neither blocks nor throws.
     *
     * @return the time, the same on all nodes within one second
     * @throws ChatUnavailableException if the store's time is not known yet
     */
    Instant now();

    /**
     * Creates a room with its first member, the owner, and the log's first entry, {@link LogEntry#JOINED}.
     *
     * @param room the room; its deadline may be any instant
     * @param owner the first member, and what it brings; its proof is what others have to bring from then on, not null if
     *     {@link Room#proofRequired()}
     * @return false if the code belongs to a living room, or the deadline has passed: then nothing has changed
     * @throws LimitExceededException if the store keeps no more rooms, or its memory is full
     * @throws ChatUnavailableException if the store cannot be reached
     */
    boolean create(Room room, JoinRequest owner);

    /**
     * Creates a room whose owner brings a token and nothing else.
     *
     * @param room the room; its deadline may be any instant
     * @param owner the first member
     * @param token the first member's token
     * @return false if the code belongs to a living room, or the deadline has passed: then nothing has changed
     * @throws LimitExceededException if the store keeps no more rooms, or its memory is full
     * @throws ChatUnavailableException if the store cannot be reached
     */
    default boolean create(Room room, Identity owner, TokenHash token) {
        return create(room, JoinRequest.named(owner, token));
    }

    /**
     * Looks a room up.
     *
     * @param id its code
     * @return its state, or nothing if there is no such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    Optional<RoomState> find(RoomId id);

    /**
     * Looks up whom tokens belong to.
     *
     * @param id the room's code
     * @param candidates at most {@value #MAX_CANDIDATES} different hashes, of which any may be a token's
     * @return the seat of each candidate that is a member's token, in the order of the candidates; nothing if there is no
     *     such room
     * @throws ChatUnavailableException if the store cannot be reached
     */
    List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates);

    /**
     * Looks up whom a token belongs to.
     *
     * @param id the room's code
     * @param token the token
     * @return the seat, or nothing if there is no such room or no such member
     * @throws ChatUnavailableException if the store cannot be reached
     */
    default Optional<Seat> authenticate(RoomId id, TokenHash token) {
        return authenticate(id, List.of(token)).stream()
                .map(Authenticated::seat)
                .findFirst();
    }

    /**
     * Takes a seat and appends {@link LogEntry#JOINED}. Looks in this order: whether there is such a room, a seat of the
     * token's or the identity's, a profile where none belongs, the lock, the waiting, the proof, a free seat.
     *
     * @param id the room's code
     * @param request who, and what this one brings
     * @return the seat
     * @throws RoomNotFoundException if there is no such room
     * @throws NotPermittedException if the host names the identity, and the token is another member's
     * @throws RoomLockedException if the room is locked
     * @throws TooManyProofsException if new seats wait because of wrong proofs
     * @throws WrongProofException if the proof is missing or wrong
     * @throws RoomFullException if all seats are taken by others
     * @throws IllegalArgumentException if the request has a profile and the room is not encrypted
     * @throws LimitExceededException if the store's memory is full
     * @throws ChatUnavailableException if the store cannot be reached
     */
    Joined join(RoomId id, JoinRequest request);

    /**
     * Changes a room in an actor's name, and appends the entry that says so.
     *
     * @param id the room's code
     * @param actor in whose name
     * @param change what to change
     * @return the entry; nothing if the room is already as the change wants it, for example if that seat is free. A
     *     {@link RoomChange.Post} always has one
     * @throws RoomNotFoundException if there is no such room
     * @throws NotAParticipantException if the actor is neither the host nor a member
     * @throws NotPermittedException if the actor's role does not allow the change
     * @throws NoSuchSeatException if {@link RoomChange.Assign} names an identity without a seat
     * @throws MessageNotFoundException if {@link RoomChange.Forget} names no entry that was posted and is kept
     * @throws TooLateException if {@link RoomChange.Deadline} comes with less than 60 seconds left
     * @throws TooManyPropertiesException if {@link RoomChange.Property} would be one too many
     * @throws IllegalArgumentException if {@link RoomChange.Deadline} is out of its bounds, {@link RoomChange.Assign} takes
     *     the role from the owner, {@link RoomChange.Post} does not fit the room by {@link Draft#fits}, or
     *     {@link RoomChange.Admission} takes the proof from an encrypted room
     * @throws LimitExceededException if the store's memory is full
     * @throws ChatUnavailableException if the store cannot be reached; whether the change was made is unknown
     */
    Optional<Appended> change(RoomId id, Actor actor, RoomChange change);

    /**
     * Takes a body that has claims, and appends {@link LogEntry#CLAIMED}, or with the last claim
     * {@link LogEntry#FORGOTTEN}.
     *
     * @param id the room's code
     * @param actor a member
     * @param sequence the place of the entry
     * @return the entry with its body
     * @throws RoomNotFoundException if there is no such room
     * @throws NotAParticipantException if the actor is no member
     * @throws NotPermittedException if the actor has posted the entry, or is a reader
     * @throws MessageNotFoundException if the log has no entry with claims there
     * @throws ForgottenException if no claim is left, the body is gone, or the actor's own claim was too long ago
     * @throws IllegalArgumentException if the actor is the host
     * @throws LimitExceededException if the store's memory is full
     * @throws ChatUnavailableException if the store cannot be reached; whether it was claimed is unknown: a repeat
     *     finds out
     */
    Claimed claim(RoomId id, Actor actor, long sequence);

    /**
     * Reads the log after a place.
     *
     * <p>The page is {@link LogPage.Continuity#TRUNCATED} if an entry after that place is no longer kept, and also
     * if the place itself is below what is kept and has a nonce, which then cannot be verified. It is
     * {@link LogPage.Continuity#FORKED} if the place is above the head, or its nonce is not that of the entry with
     * its sequence.
     *
     * @param room the room
     * @param after the place; without a nonce its identity is not verified
     * @param limit the greatest number of entries, from 1
     * @return entries and how they continue that place: fewer than the limit if they are large, but at least one
     *     if any follow
     * @throws RoomNotFoundException if that incarnation of the room has ended
     * @throws ChatUnavailableException if the store cannot be reached
     */
    LogPage readAfter(RoomIncarnation room, EntryId after, int limit);

    /**
     * Ends a room at once.
     *
     * @param room the room
     * @param actor in whose name
     * @return whether it lived until now
     * @throws NotAParticipantException if the room lives, and the actor is neither the host nor a member
     * @throws NotPermittedException if the actor's role does not allow it
     * @throws ChatUnavailableException if the store cannot be reached; whether the room has ended is unknown
     */
    boolean destroy(RoomIncarnation room, Actor actor);

    /**
     * A member in its room.
     *
     * @param room the room
     * @param head the id of the log's newest entry at that moment: whether the member has left since is said after it
     * @param member who has the seat
     */
    record Seat(Room room, EntryId head, Member member) {}

    /**
     * A token that is valid in its room.
     *
     * @param token the token
     * @param seat whose it is
     */
    record Authenticated(TokenHash token, Seat seat) {}

    /**
     * The answer to a join.
     *
     * @param seat the seat
     * @param appended the entry that says so; null if the identity had that seat already
     */
    record Joined(Seat seat, @Nullable Appended appended) {}

    /**
     * The answer to a claim.
     *
     * @param entry the entry with its body, and with the claims that are left after this one
     * @param appended the entry that tells of the claim; null if the member had claimed it before
     */
    record Claimed(LogEntry entry, @Nullable Appended appended) {}
}
