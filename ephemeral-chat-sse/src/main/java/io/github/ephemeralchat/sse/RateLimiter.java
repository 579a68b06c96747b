package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.TokenHash;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Refuses what comes too often, before the store is asked. */
final class RateLimiter {

    private final Buckets requests;
    private final Buckets rooms;
    private final Buckets wrongCodes;
    private final Buckets messages;

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
    }

    void request(ApiRequest request) {
        requests.take(() -> ClientAddress.key(request.hooks().clientAddress()));
    }

    void newRoom(ApiRequest request) {
        rooms.take(() -> ClientAddress.key(request.hooks().clientAddress()));
    }

    /** Counts before it is known whether the code is wrong, so that many attempts at once cannot slip through. */
    <T> T tryingCode(ApiRequest request, Supplier<T> attempt) {
        Object address = ClientAddress.key(request.hooks().clientAddress());
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

    /** Counts by the token's hash: whose it is, only the store knows. */
    void message(String token) {
        messages.take(() -> TokenHash.of(token));
    }
}
