package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.PendingRequest;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a request's body, and then for the response to it. */
final class AwaitedBody extends AwaitedResponse implements ReadListener {

    /** How long a request may take from its head to its last byte. */
    private static final Duration COMPLETE_WITHIN = Duration.ofSeconds(30);

    /** How long a client that has its response already may go on sending, so that it gets to see it. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(AwaitedBody.class);

    private final ChatApi api;
    private final IncomingBody body;
    private final PendingRequest pending;

    private AwaitedBody(
            ChatApi api,
            HttpServletRequest request,
            HttpServletResponse response,
            IncomingBody body,
            PendingRequest pending) {
        super(request, response);
        this.api = api;
        this.body = body;
        this.pending = pending;
    }

    /** Responds to a request, once its body is there or, if it is not needed, at once. */
    static void respond(
            ChatApi api,
            HttpServletRequest request,
            HttpServletResponse response,
            IncomingBody body,
            PendingRequest pending)
            throws IOException {
        ApiResponse early = pending.response();
        if (early != null && (early.stream() != null || early.poll() != null)) {
            body.release(); // Over HTTP/2 no header tells that a request has no body.
            Translation.respond(early, request, response);
            return;
        }
        AwaitedBody awaited;
        try {
            if (early != null) {
                Translation.respondEarly(early, request, response);
            }
            awaited = new AwaitedBody(api, request, response, body, pending);
        } catch (IOException | RuntimeException | Error e) {
            body.release(); // From here on the request's end does that.
            throw e;
        }
        awaited.listenToBody(early == null ? COMPLETE_WITHIN : LINGER);
    }

    private void listenToBody(Duration within) throws IOException {
        listen(within);
        try {
            body.listen(this);
        } catch (RuntimeException e) {
            // A host's filter has read the body, and gives it to us by a stream that knows no listener.
            log.debug("A body is read with a thread", Failures.withoutMessages(e));
            respondHere(this::write);
        }
    }

    @Override
    public void onDataAvailable() throws IOException {
        if (isWaiting()) {
            body.takeReady();
            if (body.isOver()) {
                respondElsewhere(this::write);
            }
        }
    }

    @Override
    public void onAllDataRead() {
        body.end();
        respondElsewhere(this::write);
    }

    private void write() throws IOException {
        if (pending.response() != null) {
            return;
        }
        ApiResponse result = pending.respond(body::read);
        if (body.isWhole()) {
            Translation.respond(result, request, response);
        } else {
            Translation.respondEarly(result, request, response);
        }
    }

    @Override
    void ended() {
        body.release();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        if (isWaiting()) {
            refuseHere(HttpServletResponse.SC_REQUEST_TIMEOUT, "Request Timeout");
        }
        awaitEnd();
    }

    @Override
    ApiResponse refusal(int status, String reason) {
        return api.refused(status, reason, request.getHeader("Origin"));
    }

    /** The body cannot be read: the API says so. */
    @Override
    public void onError(Throwable failure) {
        body.fail(failure);
        respondHere(this::write);
    }
}
