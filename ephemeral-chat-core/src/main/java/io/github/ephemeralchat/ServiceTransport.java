package io.github.ephemeralchat;

import io.github.ephemeralchat.internal.feed.EventCodec;
import io.github.ephemeralchat.internal.feed.FeedRegistry;
import io.github.ephemeralchat.internal.telemetry.Telemetry;
import io.github.ephemeralchat.metrics.ChatObserver;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Seat;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.spi.WrongCodeCounter;
import io.github.ephemeralchat.transport.ChatTransport;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The service as transports see it.
 *
 * @param wrongCodes null if the store does not count them
 */
record ServiceTransport(RoomStore store, @Nullable WrongCodeCounter wrongCodes, FeedRegistry feeds, Telemetry telemetry)
        implements ChatTransport {

    @Override
    public PostResult post(RoomId id, String token, String text, String messageId) {
        if (!Message.isValidText(text)) {
            throw new IllegalArgumentException("a text has 1 to 4000 whole characters, at least one of them visible");
        }
        if (!Message.isValidId(messageId)) {
            throw new IllegalArgumentException("a message id has 1 to 64 characters of [A-Za-z0-9_-]");
        }
        Appended appended = store.append(id, TokenHash.of(token), new Draft(LogEntry.MESSAGE, messageId, text));
        SharedEvent event = EventCodec.posted(appended.entry());
        feeds.announce(appended, event);
        if (appended.stored()) {
            telemetry.tell(ChatObserver::messagePosted);
        }
        return new PostResult(appended.room(), event, appended.stored(), appended.logBytes(), appended.expiresAt());
    }

    @Override
    public void awaitDelivery(PostResult posted, Duration atMost) {
        feeds.awaitDispatch(posted.room(), posted.message().sequence(), atMost);
    }

    @Override
    public Subscription subscribe(RoomId id, String token, Cursor cursor, Runnable wakeUp) {
        Seat seat = store.authenticate(id, TokenHash.of(token)).orElseThrow(NotAParticipantException::new);
        return subscribe(seat, cursor, wakeUp);
    }

    @Override
    public Subscription subscribeAs(RoomId id, String identityId, Cursor cursor, Runnable wakeUp) {
        RoomState state = store.find(id).orElseThrow(NotAParticipantException::new);
        Member member = state.members().stream()
                .filter(one -> one.identity().id().equals(identityId))
                .findFirst()
                .orElseThrow(NotAParticipantException::new);
        return subscribe(new Seat(state.room(), state.head(), member), cursor, wakeUp);
    }

    private Subscription subscribe(Seat seat, Cursor cursor, Runnable wakeUp) {
        try {
            return feeds.subscribe(seat.room(), seat.head(), seat.member(), cursor, wakeUp);
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
        telemetry.tell(observer -> observer.refused(code));
    }
}
