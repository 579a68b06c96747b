package io.github.ephemeralchat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.MessageRefusedException;
import io.github.ephemeralchat.model.RoomId;
import java.util.Objects;

/**
 * Judges each message of a participant before it is stored: for a host that keeps words, links or floods out. What the host
 * itself posts is not judged.
 *
 * <p>It is called on the thread that posts, by several at once, and may block: it delays that post alone, and no event loop
 * of a server runs it. At most 100 calls run at once on a node; a post that finds no place is refused as if the store could
 * not be reached. If it throws, the message is refused for the reason {@value #FAILED}, and the failure is logged without
 * its message.
 *
 * <p>A message is judged again each time that it is posted. If it is refused although an earlier post under the same id was
 * stored, the stored message is the answer, as long as it is among the newest 500 entries of the log.
 *
 * @see EphemeralChatService.Builder#guard
 */
@FunctionalInterface
public interface MessageGuard {

    /** The reason for which a message is refused that a guard has not judged. */
    String FAILED = "guard_failed";

    /**
     * Judges a message. The role of its sender is judged later, in the step that stores it.
     *
     * @param room the room's code
     * @param sender who posts
     * @param text what is posted, 1 to 4000 characters (code points); in an encrypted room opaque
     * @return what becomes of it
     */
    Verdict judge(RoomId room, Identity sender, String text);

    /**
     * Judges an entry of a kind of the host's, as {@link #judge} does a message, and by it unless this is overridden: its body
     * is shown to others just as well.
     *
     * @param room the room's code
     * @param sender who posts
     * @param kind what it is, such as {@code x-reaction}
     * @param body what is posted, 1 to 4096 characters (code points); in an encrypted room opaque
     * @return what becomes of it; what replaces it has 1 to 4096 whole characters
     */
    default Verdict judgeEntry(RoomId room, Identity sender, String kind, String body) {
        return judge(room, sender, body);
    }

    /** What becomes of a message. */
    sealed interface Verdict {

        /** {@return that the message is stored as it is} */
        static Verdict accept() {
            return new Accept();
        }

        /**
         * Has another text stored, which everybody sees, the sender too. It cannot be used in an encrypted room, since only
         * participants can write a text there.
         *
         * @param text a valid text; any other refuses the message, as {@link MessageGuard#FAILED}, and so does an encrypted
         *     room
         * @return that the message is stored with that text
         */
        static Verdict replace(String text) {
            return new Replace(text);
        }

        /**
         * Has the message refused.
         *
         * @param reason what the sender's client is told, 1 to 32 characters of {@code [a-z0-9_]}
         * @return that the message is not stored
         * @throws IllegalArgumentException if the reason is not valid
         */
        static Verdict refuse(String reason) {
            return new Refuse(reason);
        }
    }

    /** The message is stored as it is. */
    record Accept() implements Verdict {}

    /**
     * The message is stored with another text.
     *
     * @param text the text
     */
    record Replace(String text) implements Verdict {

        /** Refuses null. */
        public Replace {
            Objects.requireNonNull(text, "text");
        }

        /** Returns nothing of the text. */
        @Override
        public String toString() {
            return "Replace[...]";
        }
    }

    /**
     * The message is not stored.
     *
     * @param reason why, 1 to 32 characters of {@code [a-z0-9_]}
     */
    record Refuse(String reason) implements Verdict {

        /**
         * Checks the reason.
         *
         * @throws IllegalArgumentException if it is not valid
         */
        public Refuse {
            if (!MessageRefusedException.isValidReason(reason)) {
                throw new IllegalArgumentException("a reason has 1 to 32 characters of [a-z0-9_]");
            }
        }
    }
}
