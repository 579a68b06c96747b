package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.EventPoll;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Responds to a request once its poll has its events. */
final class AwaitedPoll extends AwaitedResponse {

    private final EventPoll poll;
    private final ApiResponse head;

    private AwaitedPoll(EventPoll poll, ApiResponse head, HttpServletRequest request, HttpServletResponse response) {
        super(request, response);
        this.poll = poll;
        this.head = head;
    }

    static void respond(EventPoll poll, ApiResponse head, HttpServletRequest request, HttpServletResponse response) {
        AwaitedPoll awaited = new AwaitedPoll(poll, head, request, response);
        awaited.listen(Duration.ZERO); // A poll ends by itself.
        // Who calls wakes up other streams too.
        poll.await(
                events -> awaited.respondElsewhere(() -> Translation.respond(head.whole(events), request, response)));
    }

    /** With the headers of the response that a page of another site needs to read it. */
    @Override
    ApiResponse refusal(int status, String reason) {
        ApiResponse problem = ChatApi.refused(status, reason);
        Map<String, String> headers = new HashMap<>(head.headers());
        headers.putAll(problem.headers());
        return new ApiResponse(status, Map.copyOf(headers), problem.body(), null, null);
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
