package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.EventPoll;
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
 * Waits for the events of a poll without a thread, and has them sent by one of the container's. Whoever changes the state
 * from WAITING alone uses the response.
 */
final class AwaitedPoll implements AsyncListener {

    /** Longer than a container takes to write what a response may hold. */
    private static final Duration RESPOND_WITHIN = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(AwaitedPoll.class);

    private enum State {
        WAITING,
        RESPONDING,
        ENDED
    }

    private final EventPoll poll;
    private final ApiResponse head;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final AsyncContext context;
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final CountDownLatch responded = new CountDownLatch(1);

    private AwaitedPoll(EventPoll poll, ApiResponse head, HttpServletRequest request, HttpServletResponse response) {
        this.poll = poll;
        this.head = head;
        this.request = request;
        this.response = response;
        this.context = request.startAsync();
    }

    /** Responds to a request once its poll has its events. */
    static void respond(EventPoll poll, ApiResponse head, HttpServletRequest request, HttpServletResponse response) {
        AwaitedPoll awaited = new AwaitedPoll(poll, head, request, response);
        awaited.context.setTimeout(0); // A poll ends by itself.
        awaited.context.addListener(awaited);
        poll.await(awaited::respondElsewhere);
    }

    /** The calling thread wakes up other streams too, and a write may block. */
    private void respondElsewhere(byte[] events) {
        if (state.compareAndSet(State.WAITING, State.RESPONDING)) {
            try {
                context.start(() -> send(events));
            } catch (RuntimeException e) {
                log.debug("The container takes no more tasks", Failures.withoutMessages(e));
                end();
            }
        }
    }

    private void send(byte[] events) {
        try {
            Translation.respond(head.whole(events), request, response);
        } catch (IOException | RuntimeException e) {
            log.debug("A response was not sent", Failures.withoutMessages(e));
        } finally {
            end();
        }
    }

    private void end() {
        state.set(State.ENDED);
        responded.countDown();
        try {
            context.complete();
        } catch (IllegalStateException e) {
            log.trace("The container was faster");
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        abort();
    }

    @Override
    public void onError(AsyncEvent event) {
        abort();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        abort();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it a second time.
    }

    /** When this returns the container may give the request's objects to another client. */
    private void abort() {
        poll.abort();
        if (state.compareAndSet(State.WAITING, State.RESPONDING)) {
            end();
            return;
        }
        try {
            if (state.get() == State.RESPONDING && !responded.await(RESPOND_WITHIN.toNanos(), TimeUnit.NANOSECONDS)) {
                log.debug("A response takes long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
