package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.transport.ChatTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole HTTP API, free of any server: what a call asks for, and what it is answered. A server translates its
 * requests and these answers, and nothing more; {@link EphemeralChatServlet} is one such door. Thread-safe.
 *
 * <p>It neither opens nor closes the service: the host does, after this.
 */
public final class ChatApi implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChatApi.class);
    private static final ApiResponse.Content CONTRACT = contract();

    /** A client that posts as fast as it is answered may not run ahead of those who read. */
    private static final Duration HOLD_BACK = Duration.ofMillis(50);

    private final ChatTransport observer;
    private final RateLimiter limiter;
    private final CrossSitePolicy sites;
    private final RoomEndpoints rooms;
    private final ParticipantEndpoints seats;
    private final MessageEndpoints messages;
    private final StreamRegistry streams;

    private ChatApi(EphemeralChatService service, ChatHttpSettings settings, Duration holdBack) {
        this(
                service,
                settings,
                System::nanoTime,
                new StreamRegistry(settings.streamLimits(), service.transport()),
                holdBack);
    }

    /**
     * Makes the API.
     *
     * @param nanoTime a time that only goes forward, for the rate limits
     * @param holdBack how long the answer to a post may wait for another thread that delivers its message
     */
    ChatApi(
            EphemeralChatService service,
            ChatHttpSettings settings,
            LongSupplier nanoTime,
            StreamRegistry streams,
            Duration holdBack) {
        RoomPolicy rules = settings.rules();
        this.streams = streams;
        observer = service.transport();
        PublicUrls urls = new PublicUrls(rules.publicBaseUrl());
        Credentials credentials = new Credentials(urls);
        limiter = new RateLimiter(rules.rateLimits(), nanoTime);
        sites = new CrossSitePolicy(rules.allowedOrigins(), urls.origin());
        rooms = new RoomEndpoints(service, rules, limiter, credentials, urls);
        seats = new ParticipantEndpoints(service, limiter, credentials);
        messages = new MessageEndpoints(service, limiter, streams, holdBack);
    }

    /** For servers with a thread for each request: the answer to a post waits while another thread delivers its message. */
    static ChatApi forThreads(EphemeralChatService service, ChatHttpSettings settings) {
        return new ChatApi(service, settings, HOLD_BACK);
    }

    /**
     * Makes an API for a server whose requests and streams share a few threads. Nothing is held back: where
     * calls and streams share a thread, clients that post in a loop cannot run ahead of those who read.
     *
     * @param service the rooms
     * @param settings what the host decides; a {@link ApiRequest} asks the server's own functions instead of those that take
     *     the request of a servlet
     * @return an API without streams yet
     * @throws IllegalArgumentException if the settings have functions that take the request of a servlet
     */
    public static ChatApi forEventLoop(EphemeralChatService service, ChatHttpSettings settings) {
        if (settings.asksServlets()) {
            throw new IllegalArgumentException("identity, mayCreate and clientAddress are set where the server is");
        }
        return new ChatApi(service, settings, Duration.ZERO);
    }

    /**
     * Answers a call. Blocks as long as the store does, and never throws for anything that a client, the store or the
     * host's settings do.
     *
     * @param call what is asked
     * @return what to send; an {@link ApiResponse.Stream} has to be started or discarded
     */
    public ApiResponse handle(ApiRequest call) {
        return answer(call).with(sites.headers(call));
    }

    /**
     * Refuses a call that its server has no thread for.
     *
     * @param call what is asked
     * @return a 503
     */
    public ApiResponse overloaded(ApiRequest call) {
        return refusal(new ChatUnavailableException("this node has too much to do"))
                .with(sites.headers(call));
    }

    private ApiResponse answer(ApiRequest call) {
        try {
            return route(call);
        } catch (Throwable e) {
            // An error of the host's code as well: whoever asked waits for an answer.
            return refusal(e);
        }
    }

    /** What a client is told of a failure. */
    private ApiResponse.Content refusal(Throwable failure) {
        ProblemException refusal = refusalOf(failure);
        observer.refused(refusal.problem().code());
        return refusal.answer();
    }

    private static ProblemException refusalOf(Throwable failure) {
        if (failure instanceof ProblemException refusal) {
            return refusal;
        }
        if (failure instanceof NotAParticipantException || failure instanceof RoomNotFoundException) {
            // The calls of those who have no token yet answer for themselves that there is no such room.
            return Credentials.unauthorized();
        }
        if (failure instanceof NotPermittedException) {
            return ProblemException.of(Problem.FORBIDDEN);
        }
        if (failure instanceof RoomFullException) {
            return ProblemException.of(Problem.ROOM_FULL);
        }
        if (failure instanceof LimitExceededException) {
            return ProblemException.of(Problem.LIMIT_EXCEEDED);
        }
        if (failure instanceof EphemeralChatException) { // The store cannot be reached, or refuses the room.
            return ProblemException.of(Problem.UNAVAILABLE, Map.of("Retry-After", "1"));
        }
        // Only the class: a message might quote what somebody wrote.
        log.error("A request failed with {}", failure.getClass().getName());
        return ProblemException.of(Problem.INTERNAL);
    }

    private ApiResponse route(ApiRequest call) {
        limiter.request(call);
        String methods = sites.isPreflight(call) ? Route.methods(call.path()) : "";
        if (!methods.isEmpty()) {
            return CrossSitePolicy.preflight(methods);
        }
        Route.Match match = Route.match(call.method(), call.path());
        if (!match.route().method().equals("GET")) {
            sites.check(call);
        }
        return answer(call, match);
    }

    private ApiResponse answer(ApiRequest call, Route.Match match) {
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

    /**
     * Returns how many event streams are open.
     *
     * @return their number, as far as this has opened them
     */
    public int streamCount() {
        return streams.size();
    }

    /** Ends the event streams within 2 seconds, with a word to their clients on when to come back; the rooms live on. */
    @Override
    public void close() {
        streams.close();
    }

    private static ApiResponse.Content contract() {
        try (InputStream in = ChatApi.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is not beside this class");
            }
            return ApiResponse.Content.of(200, in.readAllBytes(), "application/yaml");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
