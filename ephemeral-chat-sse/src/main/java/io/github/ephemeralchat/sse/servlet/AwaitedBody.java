package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.PendingRequest;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a request's body without a thread, and has the response sent by one of the container's. Whoever changes the
 * state from WAITING alone uses the response.
 */
final class AwaitedBody implements ReadListener, AsyncListener {

    /** How long a request may take from its head to its last byte. */
    private static final Duration COMPLETE_WITHIN = Duration.ofSeconds(30);

    /** How long a client that has its response already may go on sending, so that it gets to see it. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    /** Longer than a store takes to respond or to fail. */
    private static final Duration RESPOND_WITHIN = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(AwaitedBody.class);

    private enum State {
        WAITING,
        RESPONDING,
        ENDED
    }

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final IncomingBody body;
    private final PendingRequest pending;
    private final AsyncContext context;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch responded = new CountDownLatch(1);

    private AwaitedBody(
            HttpServletRequest request, HttpServletResponse response, IncomingBody body, PendingRequest pending) {
        this.request = request;
        this.response = response;
        this.body = body;
        this.pending = pending;
        this.context = request.startAsync();
    }

    /** Responds to a request, once its body is there or, if it is not needed, at once. */
    static void respond(
            HttpServletRequest request, HttpServletResponse response, IncomingBody body, PendingRequest pending)
            throws IOException {
        ApiResponse early = pending.response();
        if (early != null && (early.stream() != null || early.poll() != null)) {
            // Over HTTP/2 no header tells that a request has no body.
            Translation.respond(early, request, response);
            return;
        }
        if (early != null) {
            Translation.respondEarly(early, request, response);
        }
        new AwaitedBody(request, response, body, pending).listen(early == null ? COMPLETE_WITHIN : LINGER);
    }

    private void listen(Duration within) throws IOException {
        context.setTimeout(within.toMillis());
        context.addListener(this);
        try {
            body.listen(this);
        } catch (RuntimeException e) {
            // A host's filter has read the body, and gives it to us by a stream that knows no listener.
            log.debug("A body is read with a thread", Failures.withoutMessages(e));
            respondHere();
        }
    }

    @Override
    public void onDataAvailable() throws IOException {
        if (state.get() == State.WAITING) {
            body.takeReady();
            if (body.isOver()) {
                respondElsewhere();
            }
        }
    }

    @Override
    public void onAllDataRead() {
        respondElsewhere();
    }

    /** The API may block, and this may be a thread that serves many connections. */
    private void respondElsewhere() {
        if (state.compareAndSet(State.WAITING, State.RESPONDING)) {
            try {
                context.start(this::send);
            } catch (RuntimeException e) {
                log.debug("The container takes no more tasks", Failures.withoutMessages(e));
                end();
            }
        }
    }

    private void respondHere() {
        if (state.compareAndSet(State.WAITING, State.RESPONDING)) {
            send();
        }
    }

    private void send() {
        try {
            if (pending.response() == null) {
                ApiResponse result = pending.respond(body::read);
                if (body.isWhole()) {
                    Translation.respond(result, request, response);
                } else {
                    Translation.respondEarly(result, request, response);
                }
            }
        } catch (IOException | RuntimeException e) {
            log.debug("A response was not sent", Failures.withoutMessages(e));
        } finally {
            end();
        }
    }

    private void end() {
        state.set(State.ENDED);
        body.release();
        responded.countDown();
        try {
            context.complete();
        } catch (IllegalStateException e) {
            log.trace("The container was faster");
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        if (!state.compareAndSet(State.WAITING, State.RESPONDING)) {
            awaitResponse();
            return;
        }
        if (!response.isCommitted()) {
            Translation.closeAfter(request, response);
            response.setStatus(HttpServletResponse.SC_REQUEST_TIMEOUT);
        }
        end();
    }

    /** The body cannot be read: the API says so. */
    @Override
    public void onError(Throwable failure) {
        body.fail(failure);
        respondHere();
    }

    @Override
    public void onError(AsyncEvent event) {
        if (state.compareAndSet(State.WAITING, State.RESPONDING)) {
            end();
        } else {
            awaitResponse();
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        awaitResponse();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it a second time.
    }

    /** When this returns the container may give the request's objects to another client. */
    private void awaitResponse() {
        try {
            if (state.get() == State.RESPONDING) {
                responded.await(RESPOND_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
