package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import java.time.Instant;

/**
 * A message with all its strings in one. As it came from another process it is a dozen objects that nothing else refers to, and
 * the collector copies each of them as long as the message is young. Made with the event, not when that is dropped: nothing is built
 * under a feed's lock.
 */
final class FlatMessage {

    private final EntryId entryId;
    /** The message's id, its sender's id and name, and the text. */
    private final String strings;

    private final int senderAt;
    private final int nameAt;
    private final int textAt;
    private final long sentSecond;
    private final int sentNano;
    private final BodyLife life;

    FlatMessage(MessagePosted posted) {
        Message message = posted.message();
        Identity sender = message.sender();
        Instant sentAt = message.sentAt();
        entryId = posted.entryId();
        strings = message.id() + sender.id() + sender.name() + message.text();
        senderAt = message.id().length();
        nameAt = senderAt + sender.id().length();
        textAt = nameAt + sender.name().length();
        sentSecond = sentAt.getEpochSecond();
        sentNano = sentAt.getNano();
        life = message.life();
    }

    MessagePosted posted() {
        Identity sender = new Identity(strings.substring(senderAt, nameAt), strings.substring(nameAt, textAt));
        String id = strings.substring(0, senderAt);
        Instant sentAt = Instant.ofEpochSecond(sentSecond, sentNano);
        return new MessagePosted(
                entryId, new Message(id, entryId.sequence(), sender, strings.substring(textAt), sentAt, life));
    }
}
