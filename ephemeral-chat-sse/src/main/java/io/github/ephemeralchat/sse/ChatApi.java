package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.ChatUnavailableException;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.LimitExceededException;
import io.github.ephemeralchat.NotAParticipantException;
import io.github.ephemeralchat.NotPermittedException;
import io.github.ephemeralchat.RoomFullException;
import io.github.ephemeralchat.RoomNotFoundException;
import io.github.ephemeralchat.TransportObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole HTTP API, free of any server: what a call asks for, and what it is answered. A server translates its
 * requests and these answers, and nothing more. Thread-safe.
 */
final class ChatApi {

    private static final Logger log = LoggerFactory.getLogger(ChatApi.class);
    private static final Answer.Content CONTRACT = contract();

    private final TransportObserver observer;
    private final RateLimiter limiter;
    private final SiteRules sites;
    private final RoomCalls rooms;
    private final SeatCalls seats;
    private final MessageCalls messages;

    /**
     * Makes the API.
     *
     * @param service the rooms
     * @param rules what the host decides
     * @param nanoTime a time that only goes forward, for the rate limits
     */
    ChatApi(EphemeralChatService service, ApiRules rules, LongSupplier nanoTime) {
        observer = service.transportObserver();
        PublicUrls urls = new PublicUrls(rules.publicBaseUrl());
        Credentials credentials = new Credentials(urls);
        limiter = new RateLimiter(rules.rateLimits(), nanoTime);
        sites = new SiteRules(rules.allowedOrigins(), urls.origin());
        rooms = new RoomCalls(service, rules, limiter, credentials, urls);
        seats = new SeatCalls(service, limiter, credentials);
        messages = new MessageCalls(service, limiter);
    }

    /** Answers a call. Never throws for anything that a client, the store or the host's settings do. */
    Answer handle(Call call) {
        return answer(call).with(sites.headers(call));
    }

    private Answer answer(Call call) {
        try {
            return route(call);
        } catch (RuntimeException e) {
            return refusal(e);
        }
    }

    /** The answer where the stream that a call was granted could not be opened. */
    Answer.Content refusal(Call call, RuntimeException failure) {
        return refusal(failure).with(sites.headers(call));
    }

    /** What a client is told of a failure. */
    private Answer.Content refusal(RuntimeException failure) {
        Refusal refusal = refusalOf(failure);
        observer.refused(refusal.problem().code());
        return refusal.answer();
    }

    private static Refusal refusalOf(RuntimeException failure) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        }
        if (failure instanceof NotAParticipantException || failure instanceof RoomNotFoundException) {
            // The calls of those who have no token yet answer for themselves that there is no such room.
            return Credentials.unauthorized();
        }
        if (failure instanceof NotPermittedException) {
            return Refusal.of(Problem.FORBIDDEN);
        }
        if (failure instanceof RoomFullException) {
            return Refusal.of(Problem.ROOM_FULL);
        }
        if (failure instanceof LimitExceededException) {
            return Refusal.of(Problem.LIMIT_EXCEEDED);
        }
        if (failure instanceof ChatUnavailableException) {
            return Refusal.of(Problem.UNAVAILABLE, Map.of("Retry-After", "1"));
        }
        // Only the class: a message might quote what somebody wrote.
        log.error("A request failed with {}", failure.getClass().getName());
        return Refusal.of(Problem.INTERNAL);
    }

    private Answer route(Call call) {
        limiter.request(call);
        String methods = sites.isPreflight(call) ? Route.methods(call.path()) : "";
        if (!methods.isEmpty()) {
            return SiteRules.preflight(methods);
        }
        Route.Match match = Route.match(call.method(), call.path());
        if (!match.route().method().equals("GET")) {
            sites.check(call);
        }
        return answer(call, match);
    }

    private Answer answer(Call call, Route.Match match) {
        return switch (match.route()) {
            case CREATE_ROOM -> rooms.create(call);
            case SHOW_ROOM -> rooms.show(call, match);
            case DESTROY_ROOM -> rooms.destroy(call, match);
            case JOIN -> seats.join(call, match);
            case LEAVE -> seats.leave(call, match);
            case REMOVE_PARTICIPANT -> seats.remove(call, match);
            case POST_MESSAGE -> messages.post(call, match);
            case HISTORY -> messages.history(call, match);
            case EVENTS -> messages.events(call, match);
            case CONTRACT -> CONTRACT;
        };
    }

    private static Answer.Content contract() {
        try (InputStream in = ChatApi.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is not beside this class");
            }
            return Answer.Content.of(200, in.readAllBytes(), "application/yaml");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
