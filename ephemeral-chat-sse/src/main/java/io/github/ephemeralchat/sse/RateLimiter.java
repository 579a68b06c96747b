package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.sse.AddressBudget.Written;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Refuses what comes too often, before the store is asked. */
final class RateLimiter {

    private final Buckets requests;
    private final Buckets rooms;
    private final Buckets wrongCodes;
    private final Buckets messages;

    /** Null if nothing is limited. */
    private final @Nullable AddressBudget budget;

    /**
     * Creates a limiter that has counted nothing yet.
     *
     * @param limits the limits
     * @param nanoTime a time that only goes forward
     */
    RateLimiter(RateLimits limits, LongSupplier nanoTime) {
        requests = new Buckets(limits.requestsPerAddress(), nanoTime);
        rooms = new Buckets(limits.roomsPerAddress(), nanoTime);
        wrongCodes = new Buckets(limits.wrongCodesPerAddress(), nanoTime);
        messages = new Buckets(limits.messagesPerParticipant(), nanoTime);
        long bytes = limits.bytesPerAddress();
        budget = bytes == Long.MAX_VALUE ? null : new AddressBudget(bytes, nanoTime);
    }

    void request(ApiRequest request) {
        requests.take(() -> address(request));
    }

    void newRoom(ApiRequest request) {
        rooms.take(() -> address(request));
    }

    private static Object address(ApiRequest request) {
        return ClientAddress.key(request.hooks().clientAddress());
    }

    /** Counts before it is known whether the code is wrong, so that many attempts at once cannot slip through. */
    <T> T tryingCode(ApiRequest request, Supplier<T> attempt) {
        Object address = address(request);
        wrongCodes.take(() -> address);
        boolean wrong = false;
        try {
            return attempt.get();
        } catch (RoomNotFoundException e) {
            wrong = true;
            throw e;
        } finally {
            if (!wrong) {
                wrongCodes.giveBack(address);
            }
        }
    }

    /**
     * Writes into a room, and counts what that takes against the address.
     *
     * @throws ProblemException with 429 if the address has no more than that left
     */
    <T> T writing(ApiRequest request, long bytes, Supplier<T> write, Function<? super T, Written> written) {
        return budget == null ? write.get() : budget.spend(address(request), bytes, write, written);
    }

    /** No longer counts what the address has written into a room. */
    void destroyed(ApiRequest request, RoomId room) {
        if (budget != null) {
            budget.ended(address(request), room);
        }
    }

    /** Counts by the token's hash: whose it is, only the store knows. */
    void message(String token) {
        messages.take(() -> TokenHash.of(token));
    }
}
