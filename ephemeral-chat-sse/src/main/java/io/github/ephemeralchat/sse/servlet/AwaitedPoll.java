package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.EventPoll;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;

/** Responds to a request once its poll has its events. */
final class AwaitedPoll extends AwaitedResponse {

    private final EventPoll poll;

    private AwaitedPoll(EventPoll poll, HttpServletRequest request, HttpServletResponse response) {
        super(request, response);
        this.poll = poll;
    }

    static void respond(EventPoll poll, ApiResponse head, HttpServletRequest request, HttpServletResponse response) {
        AwaitedPoll awaited = new AwaitedPoll(poll, request, response);
        awaited.listen(Duration.ZERO); // A poll ends by itself.
        // Who calls wakes up other streams too.
        poll.await(
                events -> awaited.respondElsewhere(() -> Translation.respond(head.whole(events), request, response)));
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        onError(event);
    }

    @Override
    public void onError(AsyncEvent event) {
        poll.abort();
        super.onError(event);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        onError(event);
    }
}
