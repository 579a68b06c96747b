package io.github.ephemeralchat.internal.telemetry;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.metrics.ChatObserver.StoreOperation;
import io.github.ephemeralchat.metrics.ChatObserver.StoreOutcome;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.AsyncRoomStore;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomState;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.RoomStore.Authenticated;
import io.github.ephemeralchat.spi.RoomStore.Claimed;
import io.github.ephemeralchat.spi.RoomStore.Joined;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A store whose calls are timed; used only if somebody observes.
 *
 * @param store what is called
 * @param telemetry what is told of each call
 */
public record ObservedRoomStore(RoomStore store, Telemetry telemetry) implements RoomStore {

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public boolean create(Room room, JoinRequest owner) {
        return timed(StoreOperation.CREATE, () -> store.create(room, owner));
    }

    @Override
    public Optional<RoomState> find(RoomId id) {
        return timed(StoreOperation.FIND, () -> store.find(id));
    }

    @Override
    public List<Authenticated> authenticate(RoomId id, List<TokenHash> candidates) {
        return timed(StoreOperation.AUTHENTICATE, () -> store.authenticate(id, candidates));
    }

    @Override
    public Joined join(RoomId id, JoinRequest request) {
        return timed(StoreOperation.JOIN, () -> store.join(id, request));
    }

    @Override
    public Optional<Appended> change(RoomId id, Actor actor, RoomChange change) {
        return timed(StoreOperation.CHANGE, () -> store.change(id, actor, change));
    }

    @Override
    public Claimed claim(RoomId id, Actor actor, long sequence) {
        return timed(StoreOperation.CLAIM, () -> store.claim(id, actor, sequence));
    }

    @Override
    public LogPage readAfter(RoomIncarnation room, EntryId after, int limit) {
        return timed(StoreOperation.READ_AFTER, () -> store.readAfter(room, after, limit));
    }

    @Override
    public boolean destroy(RoomIncarnation room, Actor actor) {
        return timed(StoreOperation.DESTROY, () -> store.destroy(room, actor));
    }

    /** Times the calls of a store's asynchronous twin. */
    public static AsyncRoomStore observed(AsyncRoomStore store, Telemetry telemetry) {
        return (id, actor, change) -> {
            long begin = System.nanoTime();
            return store.changeAsync(id, actor, change)
                    .whenComplete((made, failure) -> tell(
                            telemetry,
                            StoreOperation.CHANGE,
                            failure == null ? StoreOutcome.ANSWERED : outcome(Failures.causeOf(failure)),
                            begin));
        };
    }

    private <T> T timed(StoreOperation operation, Supplier<T> call) {
        long begin = System.nanoTime();
        try {
            T answer = call.get();
            tell(telemetry, operation, StoreOutcome.ANSWERED, begin);
            return answer;
        } catch (Throwable e) {
            tell(telemetry, operation, outcome(e), begin);
            throw e;
        }
    }

    private static StoreOutcome outcome(Throwable failure) {
        if (failure instanceof ChatUnavailableException) {
            return StoreOutcome.UNAVAILABLE;
        }
        // A store says by the latter that a value does not fit the room: the client has sent it. No client sends it
        // numbers.
        boolean isRefused = failure instanceof EphemeralChatException
                || (failure instanceof IllegalArgumentException && !(failure instanceof NumberFormatException));
        return isRefused ? StoreOutcome.REFUSED : StoreOutcome.FAILED;
    }

    private static void tell(Telemetry telemetry, StoreOperation operation, StoreOutcome outcome, long begin) {
        Duration duration = Duration.ofNanos(System.nanoTime() - begin);
        telemetry.tell(observer -> observer.storeCalled(operation, outcome, duration));
    }
}
