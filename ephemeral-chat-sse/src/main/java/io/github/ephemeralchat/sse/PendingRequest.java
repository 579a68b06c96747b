package io.github.ephemeralchat.sse;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request whose body was still on its way when {@link ChatApi#begin} saw its head. */
public final class PendingRequest {

    private final @Nullable ApiResponse response;
    private final Function<ApiRequest.Body, ApiResponse> rest;

    private PendingRequest(@Nullable ApiResponse response, Function<ApiRequest.Body, ApiResponse> rest) {
        this.response = response;
        this.rest = rest;
    }

    static PendingRequest create(Function<ApiRequest.Body, ApiResponse> rest) {
        return new PendingRequest(null, rest);
    }

    static PendingRequest responded(ApiResponse response) {
        return new PendingRequest(response, body -> response);
    }

    /** {@return the response if the body is not needed for it, else null} */
    public @Nullable ApiResponse response() {
        return response;
    }

    /**
     * Responds to the whole request, on any thread that may block: the host's hooks are not called. Never throws for
     * anything that a client or the store does. Called at most once, and only if there is no response yet.
     *
     * @param body reads the body
     * @return what to send, never a stream
     */
    public ApiResponse respond(ApiRequest.Body body) {
        return rest.apply(body);
    }
}
