package io.github.ephemeralchat;

import io.github.ephemeralchat.MessageGuard.Refuse;
import io.github.ephemeralchat.MessageGuard.Replace;
import io.github.ephemeralchat.MessageGuard.Verdict;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.MessageRefusedException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the host's guard about messages, by so many threads at once that the others find one. Thread-safe. */
final class GuardedPosts {

    private static final int MAX_AT_ONCE = 100;
    private static final Logger log = LoggerFactory.getLogger(GuardedPosts.class);

    private final MessageGuard guard;
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);
    private final AtomicBoolean failing = new AtomicBoolean();

    GuardedPosts(MessageGuard guard) {
        this.guard = guard;
    }

    /**
     * Asks the guard.
     *
     * @param author who posts
     * @return what to store
     * @throws MessageRefusedException if there is nothing
     * @throws ChatUnavailableException if too many others wait for the guard
     */
    Draft judge(Seat author, Draft draft) {
        if (!places.tryAcquire()) {
            throw new ChatUnavailableException("too many messages wait for the host's guard");
        }
        try {
            Draft accepted = accepted(author, draft);
            failing.set(false);
            return accepted;
        } catch (MessageRefusedException e) {
            failing.set(false);
            throw e;
        } catch (Throwable e) {
            // Also an error of the host's is no reason to store what nobody has judged.
            if (failing.compareAndSet(false, true)) {
                log.warn("A guard failed; messages are refused until it judges again", Failures.withoutMessages(e));
            }
            throw new MessageRefusedException(MessageGuard.FAILED);
        } finally {
            places.release();
        }
    }

    private Draft accepted(Seat author, Draft draft) {
        Verdict verdict = Objects.requireNonNull(verdict(author, draft));
        if (verdict instanceof Refuse refuse) {
            throw new MessageRefusedException(refuse.reason());
        }
        return verdict instanceof Replace replace ? replaced(author, draft, replace.text()) : draft;
    }

    private Verdict verdict(Seat author, Draft draft) {
        RoomId room = author.room().id();
        Identity sender = author.member().identity();
        return draft.kind().equals(LogEntry.MESSAGE)
                ? guard.judge(room, sender, draft.body())
                : guard.judgeEntry(room, sender, draft.kind(), draft.body());
    }

    private static Draft replaced(Seat author, Draft draft, String text) {
        boolean isMessage = draft.kind().equals(LogEntry.MESSAGE);
        boolean isValid = isMessage ? Message.isValidText(text) : CustomEntry.isValidBody(text);
        if (author.room().encrypted() || !isValid) {
            throw new IllegalStateException("a guard replaces a plain text by a valid one");
        }
        return new Draft(draft.kind(), draft.key(), text)
                .withLife(draft.ttl(), draft.claims())
                .withEncrypted(false);
    }
}
