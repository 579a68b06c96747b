package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.sse.ApiResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
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
 * A response that is awaited without a thread, and sent by one of the container's. Whoever changes the state from WAITING
 * alone uses the response.
 */
abstract class AwaitedResponse implements AsyncListener {

    /** Longer than a store takes to respond or to fail, and a container to write what a response may hold. */
    private static final Duration RESPOND_WITHIN = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(AwaitedResponse.class);

    private enum State {
        WAITING,
        RESPONDING,
        ENDED
    }

    /** Writes a response. */
    interface Writing {
        void run() throws IOException;
    }

    final HttpServletRequest request;
    final HttpServletResponse response;
    private final AsyncContext context;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch responded = new CountDownLatch(1);

    AwaitedResponse(HttpServletRequest request, HttpServletResponse response) {
        this.request = request;
        this.response = response;
        this.context = request.startAsync();
    }

    /** Has the container tell of what becomes of the request; zero is no time-out. */
    final void listen(Duration within) {
        context.setTimeout(within.toMillis());
        context.addListener(this);
    }

    final boolean isWaiting() {
        return state.get() == State.WAITING;
    }

    /** Whether the response is the caller's from now on, who has to {@link #end} it. */
    final boolean take() {
        return state.compareAndSet(State.WAITING, State.RESPONDING);
    }

    /** Sends the response by another thread: writing may block, and the calling one may serve others. */
    final void respondElsewhere(Writing writing) {
        if (take()) {
            try {
                context.start(() -> send(writing));
            } catch (RuntimeException | Error e) { // The latter if there is no thread to be had.
                log.debug("The container takes no more tasks", Failures.withoutMessages(e));
                send(() -> refuse(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "Service Unavailable"));
            }
        }
    }

    /** Nobody waits for the client: so little has room in the container's buffer. */
    final void refuseHere(int status, String reason) {
        if (take()) {
            send(() -> refuse(status, reason));
        }
    }

    private void refuse(int status, String reason) throws IOException {
        if (!response.isCommitted()) {
            Translation.closeAfter(request, response);
            Translation.respond(refusal(status, reason), request, response);
        }
    }

    /** The problem that says that the request could not be responded to. */
    abstract ApiResponse refusal(int status, String reason);

    final void respondHere(Writing writing) {
        if (take()) {
            send(writing);
        }
    }

    private void send(Writing writing) {
        try {
            writing.run();
        } catch (IOException | RuntimeException e) {
            log.debug("A response was not sent", Failures.withoutMessages(e));
        } finally {
            end();
        }
    }

    final void end() {
        state.set(State.ENDED);
        ended();
        responded.countDown();
        try {
            context.complete();
        } catch (IllegalStateException e) {
            log.trace("The container was faster");
        }
    }

    /** The response is sent, or never will be. */
    void ended() {}

    /** When this returns the container may give the request's objects to another client. */
    final void awaitEnd() {
        try {
            if (state.get() == State.RESPONDING && !responded.await(RESPOND_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
                log.debug("A response takes long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onError(AsyncEvent event) {
        if (take()) {
            end();
        } else {
            awaitEnd();
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        awaitEnd();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it a second time.
    }
}
