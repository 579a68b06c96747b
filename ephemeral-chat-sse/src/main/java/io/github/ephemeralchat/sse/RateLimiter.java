package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.sse.AddressBudget.Reservation;
import io.github.ephemeralchat.sse.AddressBudget.Written;
import io.github.ephemeralchat.transport.ChatTransport;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Refuses what comes too often, before the store is asked. */
final class RateLimiter {

    private final Buckets requests;
    private final Buckets rooms;
    private final ClientAddress addresses;
    private final CodeGuard codes;
    private final Buckets messages;

    /** Null if nothing is limited. */
    private final @Nullable AddressBudget budget;

    /**
     * Creates a limiter that has counted nothing yet.
     *
     * @param transport counts over all nodes
     * @param nanoTime a time that only goes forward
     */
    RateLimiter(ChatHttpSettings settings, ChatTransport transport, LongSupplier nanoTime) {
        RateLimits limits = settings.rateLimits;
        addresses = new ClientAddress(settings);
        requests = new Buckets(limits.requestsPerAddress(), nanoTime);
        rooms = new Buckets(limits.roomsPerAddress(), nanoTime);
        codes = new CodeGuard(limits.wrongCodesPerAddress(), transport, nanoTime);
        messages = new Buckets(limits.messagesPerParticipant(), nanoTime);
        long bytes = limits.bytesPerAddress();
        budget = bytes == Long.MAX_VALUE ? null : new AddressBudget(bytes, nanoTime);
    }

    void request(ApiRequest request) {
        requests.take(() -> client(request));
    }

    void newRoom(ApiRequest request) {
        rooms.take(() -> client(request));
    }

    /** By what the request's client is counted; looked for once. */
    Object client(ApiRequest request) {
        return addresses.key(request);
    }

    /** Makes an attempt to join, which may be one of many to guess a code. */
    <T> T tryingCode(ApiRequest request, Supplier<T> attempt) {
        return codes.trying(client(request), attempt);
    }

    /**
     * Writes into a room, and counts what that takes against the address.
     *
     * @throws ProblemException with 429 if the address has no more than that left
     */
    <T> T writing(ApiRequest request, long bytes, Supplier<T> write, Function<? super T, Written> written) {
        if (budget == null) {
            return write.get();
        }
        Reservation reserved = budget.reserve(client(request), bytes);
        T result;
        try {
            result = write.get();
        } catch (Throwable e) {
            reserved.release();
            throw e;
        }
        reserved.keep(written.apply(result));
        return result;
    }

    /** As {@link #writing}, for what is written without a thread that waits. */
    <T> CompletionStage<T> writingAsync(
            ApiRequest request, long bytes, Supplier<CompletionStage<T>> write, Function<? super T, Written> written) {
        if (budget == null) {
            return write.get();
        }
        Reservation reserved = budget.reserve(client(request), bytes);
        CompletionStage<T> writing;
        try {
            writing = write.get();
        } catch (Throwable e) {
            reserved.release();
            throw e;
        }
        return writing.whenComplete((result, failure) -> {
            if (failure == null) {
                reserved.keep(written.apply(result));
            } else {
                reserved.release();
            }
        });
    }

    /** No longer counts what the address has written into a room. */
    void destroyed(ApiRequest request, RoomId room) {
        if (budget != null) {
            budget.ended(client(request), room);
        }
    }

    /** Counts by what the caller brings: whose a token is, only the store knows. */
    void message(Caller caller) {
        messages.take(caller::key);
    }
}
