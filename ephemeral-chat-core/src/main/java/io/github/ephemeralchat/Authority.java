package io.github.ephemeralchat;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomChange.ProofChange;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may do in a room: a participant in its own name, or the host, who needs no seat. Got from
 * {@link EphemeralChatService#as}, {@link EphemeralChatService#asParticipant} or {@link EphemeralChatService#asHost};
 * holds nothing and costs nothing. Thread-safe.
 *
 * <p>Whether a participant may is judged in the step that makes the change, by the role of its seat: the owner may do all
 * of this, a member posts, forgets what it
 * has posted, claims, destroys (unless the room's owner alone may) and leaves, a reader leaves. The host may do all.
 *
 * <p>Every method throws {@link RoomNotFoundException} if there is no such room,
 * {@link NotAParticipantException} if this is no participant (any more), {@link NotPermittedException} if its role does not
 * allow it, and {@link ChatUnavailableException} if the store cannot be reached; then whether the change was made is
 * unknown. To repeat a change does no harm.
 */
public sealed class Authority permits HostAuthority {

    /** The shortest life is as valid as others, also when the store looks at its clock a moment after this node. */
    private static final Duration SHORTEST_LEFT = RoomChange.Deadline.MIN_LEFT.plusSeconds(1);

    /** Later than any room may end: what is longer than this is refused all the same, and could not be computed. */
    private static final Duration TOO_LONG = RoomOptions.MAX_TTL.multipliedBy(2);

    final RoomId room;
    final Actor actor;
    final ServiceTransport transport;

    Authority(RoomId id, Actor actor, ServiceTransport transport) {
        this.room = Objects.requireNonNull(id, "id");
        this.actor = actor;
        this.transport = transport;
    }

    /**
     * Posts a text under an id that the library makes. What the host posts is a notice. Whoever has to try again after a
     * failure names an id of its own: see {@link #post(String, String)}.
     *
     * @param text 1 to 4000 characters (code points)
     * @return the message as it is in the room's log
     * @throws IllegalArgumentException if the text is not valid
     * @throws io.github.ephemeralchat.model.MessageRefusedException if the host's guard does not take the message
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     */
    public Message post(String text) {
        return post(text, EphemeralChatService.newMessageId());
    }

    /**
     * Posts a text under the caller's id for it: however often it is repeated, it is stored once.
     *
     * @param text 1 to 4000 characters (code points)
     * @param messageId 1 to 64 characters of {@code [A-Za-z0-9_-]}, unique among what this one has posted
     * @return the message as it is in the room's log: of a repeated post the one that was stored first
     * @throws IllegalArgumentException if the text or the id is not valid
     * @throws io.github.ephemeralchat.model.MessageRefusedException if the host's guard does not take the message
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     */
    public Message post(String text, String messageId) {
        return post(NewMessage.of(text).withId(Objects.requireNonNull(messageId, "messageId")));
    }

    /**
     * Posts a message that may have a life of its own: its text is forgotten after a while, or can be taken a few times. If it
     * has an id, it is stored once, however often it is posted.
     *
     * @param message what to post
     * @return the message as it is in the room's log: of a repeated post the one that was stored first, without its text if
     *     that is forgotten or has to be claimed
     * @throws IllegalArgumentException if the text or the id is not valid
     * @throws io.github.ephemeralchat.model.MessageRefusedException if the host's guard does not take the message
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     */
    public Message post(NewMessage message) {
        return transport.posts().post(room, actor, message).message();
    }

    /**
     * Deletes a message: from when this returns its text is in no response and no history, and its readers are being told. Its
     * sender may, the owner, and the host. To delete what is forgotten already does nothing.
     *
     * @param messageSequence the message's
     * @throws io.github.ephemeralchat.model.MessageNotFoundException if the log has no message there
     */
    public void forget(long messageSequence) {
        change(new RoomChange.Forget(messageSequence));
    }

    /**
     * Takes the text of a message that has to be claimed. Whoever has taken it may take it again for 30 seconds, since an
     * answer may be lost.
     *
     * @param messageSequence the message's
     * @return the message with its text
     * @throws io.github.ephemeralchat.model.MessageNotFoundException if the log has no message to claim there
     * @throws io.github.ephemeralchat.model.ForgottenException if all claims are taken, it was deleted, or its time is over
     * @throws NotPermittedException if this one has posted it, or is a reader
     * @throws IllegalArgumentException if this is the host, who cannot claim
     */
    public Message claim(long messageSequence) {
        return transport.claim(room, actor, messageSequence);
    }

    /**
     * Posts an entry of a kind of the host's, such as a reaction: it is kept, told and resumed as a message is. However often
     * it is repeated under the same id, it is stored once. No message
     * of the same sender may have that id.
     *
     * @param kind what it is, valid by {@link CustomEntry#isValidKind}
     * @param body 1 to 4096 characters (code points), of which the library knows nothing; in an encrypted room opaque, valid
     *     by {@link CustomEntry#isValidOpaqueBody}
     * @param entryId 1 to 64 characters of {@code [A-Za-z0-9_-]}, unique among what this one has posted
     * @return the entry as it is in the room's log: of a repeated post the one that was stored first
     * @throws IllegalArgumentException if kind, body or id is not valid, or the id is that of a message
     * @throws io.github.ephemeralchat.model.MessageRefusedException if the host's guard does not take the entry
     * @throws io.github.ephemeralchat.model.LimitExceededException if the store's memory is full
     */
    public CustomEntry postEntry(String kind, String body, String entryId) {
        RoomEvent event = transport
                .postEntry(room, actor, kind, body, Objects.requireNonNull(entryId, "entryId"))
                .event()
                .event();
        return ((RoomEvent.EntryPosted) event).entry();
    }

    /**
     * Tells the other participants that are connected something that is kept nowhere, such as that this one is typing. At most
     * one of a kind is sent in a second: further ones are dropped, and a slow subscriber gets only the newest. It may be lost. A
     * reader may not send any; listeners of the host's do not get it.
     *
     * @param kind {@link RoomEvent.CueSent#TYPING} if the room's rules have it, or a kind of the host's, valid by
     *     {@link CustomEntry#isValidKind}
     * @param body at most 512 characters (code points), perhaps none; in an encrypted room opaque
     * @throws IllegalArgumentException if kind or body is not valid
     */
    public void cue(String kind, String body) {
        transport.cue(room, actor, kind, body);
    }

    /**
     * Frees a participant's seat. Freeing a seat that nobody has does nothing.
     *
     * @param identityId whose seat
     */
    public void remove(String identityId) {
        change(new RoomChange.Leave(Objects.requireNonNull(identityId, "identityId")));
    }

    /** Lets nobody in who has no seat yet, from when this returns. */
    public void lock() {
        admission(true, new ProofChange.Keep());
    }

    /** Lets others in again. */
    public void unlock() {
        admission(false, new ProofChange.Keep());
    }

    /**
     * Wants a proof from whoever takes a new seat, in place of an earlier one.
     *
     * @param proof 22 to 128 characters of {@code [A-Za-z0-9_-]}; only its SHA-256 is kept
     * @throws IllegalArgumentException if the proof is not valid
     */
    public void requireProof(String proof) {
        if (!RoomOptions.isValidProof(proof)) {
            throw new IllegalArgumentException("a proof has 22 to 128 characters of [A-Za-z0-9_-]");
        }
        admission(null, new ProofChange.Replace(TokenHash.of(proof)));
    }

    /** Wants no proof any more. */
    public void requireNoProof() {
        admission(null, new ProofChange.Remove());
    }

    /**
     * Changes lock and proof in one step.
     *
     * @param locked whether nobody is let in who has no seat; null leaves that as it is
     * @param proof what becomes of the proof
     */
    public void admission(@Nullable Boolean locked, ProofChange proof) {
        change(new RoomChange.Admission(locked, proof));
    }

    /**
     * Moves the room's end to a while from now, by the store's time.
     *
     * @param left at least 60 seconds, of which less than 61 count as 61, and not beyond {@link Room#latestExpiresAt()}
     * @throws IllegalArgumentException if that is too soon or too late
     * @throws io.github.ephemeralchat.model.TooLateException if the room ends in less than 60 seconds
     */
    public void endIn(Duration left) {
        Objects.requireNonNull(left, "left");
        Instant end = transport.open().now().plus(bounded(left));
        change(new RoomChange.Deadline(end.truncatedTo(ChronoUnit.MILLIS)));
    }

    private static Duration bounded(Duration left) {
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        if (left.compareTo(TOO_LONG) > 0) {
            return TOO_LONG;
        }
        boolean shortest = left.compareTo(RoomChange.Deadline.MIN_LEFT) >= 0 && left.compareTo(SHORTEST_LEFT) < 0;
        return shortest ? SHORTEST_LEFT : left;
    }

    /**
     * Gives a participant another role. To name another owner hands the room over: the former owner becomes a member.
     *
     * @param identityId whose role
     * @param role the new role
     * @throws io.github.ephemeralchat.model.NoSuchSeatException if that identity has no seat
     * @throws IllegalArgumentException if it would take the role from the owner without naming another
     */
    public void assign(String identityId, Role role) {
        change(new RoomChange.Assign(identityId, role));
    }

    /**
     * Sets a property.
     *
     * @param name its name, valid by {@link Room#isValidPropertyName}
     * @param value its value, valid by {@link Room#isValidPropertyValue}
     * @throws IllegalArgumentException if name or value is not valid
     * @throws io.github.ephemeralchat.model.TooManyPropertiesException if it would be one too many
     */
    public void setProperty(String name, String value) {
        if (!Room.isValidPropertyName(name) || !Room.isValidPropertyValue(value)) {
            throw new IllegalArgumentException("a property has a name [a-z][a-z0-9-]{0,31} and 1 to 512 characters");
        }
        change(new RoomChange.Property(name, value));
    }

    /**
     * Removes a property; removing one that is not there does nothing.
     *
     * @param name its name, valid by {@link Room#isValidPropertyName}
     * @throws IllegalArgumentException if the name is not valid
     */
    public void removeProperty(String name) {
        if (!Room.isValidPropertyName(name)) {
            throw new IllegalArgumentException("a property has a name [a-z][a-z0-9-]{0,31}");
        }
        change(new RoomChange.Property(name, null));
    }

    /**
     * Destroys the room at once. When this returns, no call on any node yields anything of it, and its participants are
     * being told.
     *
     * @return whether it lived until now
     */
    public boolean destroy() {
        return transport
                .open()
                .find(room)
                .map(state -> transport.feeds().destroy(state.room().incarnation(), actor))
                .orElse(false);
    }

    /**
     * Frees the participant's own seat: its tokens are dead, its streams end. Disconnecting is not leaving: it changes
     * nothing.
     *
     * @throws IllegalArgumentException if this is the host, who has none
     */
    public void leave() {
        change(new RoomChange.Leave(null));
    }

    private void change(RoomChange change) {
        transport.change(room, actor, change);
    }

    /** Returns nothing of the room or the actor. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "[...]";
    }
}
