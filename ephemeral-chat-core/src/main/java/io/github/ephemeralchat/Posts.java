package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.feed.FeedRegistry;
import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.MessageRefusedException;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent.CueSent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.AsyncRoomStore;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Takes what participants and the host write: messages, entries of the host's kinds, and cues. Thread-safe.
 *
 * @param async null if the store makes no change without a thread that waits
 * @param guard null if messages are not judged
 */
record Posts(
        RoomStore store,
        @Nullable AsyncRoomStore async,
        FeedRegistry feeds,
        Telemetry telemetry,
        @Nullable GuardedPosts guard) {

    /** The store, as long as the service is open. */
    private RoomStore open() {
        feeds.requireOpen();
        return store;
    }

    boolean judgesMessages() {
        return guard != null;
    }

    /** As {@link ChatTransport#post} says. */
    PostResult post(RoomId id, Actor actor, NewMessage message) {
        Draft draft = draft(id, actor, message);
        return guard == null || actor instanceof Actor.Host
                ? post(id, actor, draft)
                : postGuarded(guard, id, actor, draft, message.id());
    }

    /** As {@link ChatTransport#postsAsync} says. */
    boolean postsAsync() {
        return async != null && guard == null;
    }

    /** As {@link ChatTransport#postAsync} says. */
    CompletionStage<PostResult> postAsync(RoomId id, Actor actor, NewMessage message, Executor executor) {
        Objects.requireNonNull(executor, "executor");
        Draft draft = draft(id, actor, message);
        if (async == null || guard != null) {
            throw new IllegalStateException("posts of this service take a thread");
        }
        feeds.requireOpen();
        return async.changeAsync(id, actor, new RoomChange.Post(draft))
                .thenApplyAsync(appended -> posted(draft, appended.orElseThrow()), executor);
    }

    private static Draft draft(RoomId id, Actor actor, NewMessage message) {
        require(id, actor);
        String text = Objects.requireNonNull(message, "message").text();
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
        return new Draft(kind, key, text, message.ttl(), message.claims(), encrypted);
    }

    private static void require(RoomId id, Actor actor) {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(actor, "actor");
    }

    /** As {@link ChatTransport#postEntry} says. */
    PostResult postEntry(RoomId id, Actor actor, String kind, String body, @Nullable String entryId) {
        require(id, actor);
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(body, "body");
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
            return new StoredMessages(open())
                    .find(author, draft.kind(), messageId)
                    .orElseThrow(() -> e);
        }
        return post(id, actor, accepted);
    }

    private Seat seat(RoomId id, Actor actor) {
        Optional<Seat> seat = actor instanceof Actor.ByToken known
                ? open().authenticate(id, known.token())
                : open().find(id).flatMap(state -> state.seat(((Actor.ById) actor).identityId()));
        return seat.orElseThrow(
                () -> open().find(id).isPresent() ? new NotAParticipantException() : new RoomNotFoundException());
    }

    private PostResult post(RoomId id, Actor actor, Draft draft) {
        return posted(
                draft, open().change(id, actor, new RoomChange.Post(draft)).orElseThrow());
    }

    /** Tells of what the store has made of a draft. */
    private PostResult posted(Draft draft, Appended appended) {
        if (CustomEntry.isValidKind(draft.kind())
                != CustomEntry.isValidKind(appended.entry().kind())) {
            throw new IllegalArgumentException("this id is that of a message and of an entry");
        }
        SharedEvent event = feeds.posted(appended.entry());
        feeds.announce(appended, event);
        if (appended.stored()) {
            telemetry.tell(ChatObserver::messagePosted);
        }
        return new PostResult(appended.room(), event, appended.stored(), appended.logBytes(), appended.expiresAt());
    }

    /** As {@link ChatTransport#cue} says. */
    void cue(RoomId id, Actor actor, String kind, String body) {
        require(id, actor);
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(body, "body");
        boolean isTyping = kind.equals(CueSent.TYPING);
        if (!(isTyping || CustomEntry.isValidKind(kind)) || !CueSent.isValidBody(body)) {
            throw new IllegalArgumentException(
                    "a cue is typing or x-[a-z0-9-]{1,30}, with at most 512 whole characters");
        }
        boolean isHost = actor instanceof Actor.Host;
        Seat seat = isHost ? null : seat(id, actor);
        Room room = seat == null
                ? open().find(id).orElseThrow(RoomNotFoundException::new).room()
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
}
