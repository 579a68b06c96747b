package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.transport.ChatTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole HTTP API, free of any server: takes requests and returns responses. A server translates its own requests
 * and these responses, and nothing more. Beside the API there are the files of the browser client, {@code
 * ephemeral-chat.js} first. Thread-safe.
 *
 * <p>It does not close the service: the host does, after this.
 */
public final class ChatApi implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ChatApi.class);
    private static final ApiResponse CONTRACT = contract();
    private static final int SHARE_OF_HEAP = 8;

    private final EphemeralChatService service;
    private final ChatTransport transport;
    private final RateLimiter limiter;
    private final CrossSitePolicy sites;
    private final Credentials credentials;
    private final RoomEndpoints rooms;
    private final ChangeEndpoints changes;
    private final MessageEndpoints messages;
    private final EntryEndpoints entries;
    private final StreamRegistry streams;
    private final ByteBudget incoming = new ByteBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    private final ByteBudget outgoing = new ByteBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);

    /**
     * Creates the API.
     *
     * @param service the rooms
     * @param settings what the host decides
     */
    public ChatApi(EphemeralChatService service, ChatHttpSettings settings) {
        this(service, settings, System::nanoTime);
    }

    /**
     * Creates the API.
     *
     * @param nanoTime a time that only goes forward, for the rate limits and the streams
     */
    ChatApi(EphemeralChatService service, ChatHttpSettings settings, LongSupplier nanoTime) {
        this.service = Objects.requireNonNull(service, "service");
        Objects.requireNonNull(settings, "settings");
        transport = service.transport();
        Participants participants = new Participants(transport, settings);
        streams = new StreamRegistry(settings, transport, participants, nanoTime, service::now);
        limiter = new RateLimiter(settings, transport, nanoTime);
        sites = new CrossSitePolicy(settings);
        credentials = new Credentials(transport, participants, settings.publicBaseUrl);
        rooms = new RoomEndpoints(service, settings, limiter, credentials, participants);
        changes = new ChangeEndpoints(service, settings, limiter, participants);
        messages = new MessageEndpoints(service, settings, limiter, streams, participants);
        entries = new EntryEndpoints(service, settings, limiter, streams);
    }

    /**
     * Responds to a request. Blocks as long as the store does, and never throws for anything that a client, the store or
     * the host's hooks do.
     *
     * @param request what is asked
     * @return what to send; a stream in it has to be started or aborted, a poll awaited or aborted
     */
    public ApiResponse handle(ApiRequest request) {
        return respond(request, this::route);
    }

    /**
     * Responds to a request without blocking, if that is possible: to a post, if the store makes changes without a thread that
     * waits, if no guard judges messages, and if the request proves its seat by one token alone.
     *
     * @param request what is asked
     * @param executor where this node's streams are woken up for the message, as a rule the connection's event loop; must not
     *     block
     * @return what to send, once it is there, on any thread; it never fails. Empty if the request is for {@link #handle}: then
     *     nothing of it was done or counted
     */
    public Optional<CompletionStage<ApiResponse>> handleAsync(ApiRequest request, Executor executor) {
        if (!transport.postsAsync() || !request.method().equals("POST") || !Route.isMessage(request.path())) {
            return Optional.empty();
        }
        Map<String, String> common = sites.headers(request.header("Origin"));
        Route.Match match = Route.match(request.method(), request.path());
        return credentials.callerAtHand(request, match).map(caller -> {
            CompletionStage<ApiResponse> posting;
            try {
                limiter.request(request);
                sites.check(request);
                posting = messages.postAsync(request, caller, executor);
            } catch (Throwable e) {
                posting = CompletableFuture.failedStage(e);
            }
            return posting.exceptionally(failure -> problem(Failures.causeOf(failure)))
                    .thenApply(response -> response.with(common));
        });
    }

    /**
     * Begins a request whose body is still on its way, for servers that wait for bodies without a thread. Responds if the
     * head decides already; else asks the host's hooks whatever the request needs of them. As {@link #handle}, blocks as
     * long as the store does, and never throws.
     *
     * @param request what is asked; its body is not read
     * @return its response, or what responds once the body is there
     */
    public PendingRequest begin(ApiRequest request) {
        if (request.method().equals("OPTIONS")) {
            return PendingRequest.responded(handle(request));
        }
        try {
            limiter.request(request);
            Route.Match match = admit(request);
            if (match.route().takesBody()) {
                ApiRequest admitted = awaitingBody(request, match);
                return PendingRequest.create(
                        body -> respond(admitted.with(body), complete -> dispatch(complete, match)));
            }
            return PendingRequest.responded(respond(request, asked -> dispatch(asked, match)));
        } catch (Throwable e) {
            return PendingRequest.responded(problem(e).with(sites.headers(request.header("Origin"))));
        }
    }

    /**
     * Refuses a request that its server has no memory to wait for.
     *
     * @param request what is asked
     * @return a 503, without a look at the body
     */
    public PendingRequest refuse(ApiRequest request) {
        return PendingRequest.responded(overloaded(request));
    }

    /** The request with the host's answers, unless it is refused whatever its body says. */
    private ApiRequest awaitingBody(ApiRequest request, Route.Match match) {
        if (request.announcesTooMuch()) {
            throw new ProblemException(Problem.PAYLOAD_TOO_LARGE);
        }
        limiter.client(request); // While the head is at hand.
        ApiRequest answered = request.with(request.hooks().answered(match));
        if (match.route() == Route.CREATE_ROOM && !answered.hooks().mayCreate()) {
            throw new ProblemException(Problem.FORBIDDEN);
        }
        return answered;
    }

    private ApiResponse respond(ApiRequest request, Function<ApiRequest, ApiResponse> how) {
        ApiResponse response;
        try {
            response = how.apply(request);
        } catch (Throwable e) {
            // An error of the host's code as well: the client waits for a response.
            response = problem(e);
        }
        return response.with(sites.headers(request.header("Origin")));
    }

    /**
     * Refuses a request that its server has no thread for.
     *
     * @param request what is asked
     * @return a 503
     */
    public ApiResponse overloaded(ApiRequest request) {
        return problem(new ChatUnavailableException("this node has too much to do"))
                .with(sites.headers(request.header("Origin")));
    }

    /**
     * Responds to what a server does not hand to {@link #handle}, since it breaks a rule of HTTP or a limit of the server.
     *
     * @param status the HTTP status, from 400
     * @param reason what the status is called
     * @param origin the request's {@code Origin}, whose page may read the problem if the host has listed it; null if there is
     *     none, or if it is not known
     * @return a problem with that status
     */
    public ApiResponse refused(int status, String reason, @Nullable String origin) {
        return refused(status, reason).with(sites.headers(origin));
    }

    /**
     * Returns what a server responds to a request that it refuses by itself, and of which it knows no more.
     *
     * @param status an HTTP status from 400
     * @param reason what the status is called
     * @return a problem with that status
     */
    public static ApiResponse refused(int status, String reason) {
        return switch (status) {
            case 404 -> Problem.NOT_FOUND.response;
            case 413 -> Problem.PAYLOAD_TOO_LARGE.response;
            case 429 -> Problem.LIMIT_EXCEEDED.response;
            case 500 -> Problem.INTERNAL.response;
            case 503 -> Problem.UNAVAILABLE.response.with(Map.of("Retry-After", "1"));
            default -> Problem.malformed(status, reason);
        };
    }

    /**
     * Logs what is mounted where, as a server does when it begins to serve.
     *
     * @param where the path or the address
     * @param hooks the host's
     */
    public void logStart(String where, RequestHooks<?> hooks) {
        log.info(
                "Chat API at {}: {}, {}",
                where,
                service,
                hooks.knowsIdentities() ? "identities of the host's" : "anonymous participants");
    }

    /** {@return what bounds the requests that are still on their way, for servers that wait for them without a thread} */
    public ByteBudget incoming() {
        return incoming;
    }

    /** {@return what bounds the responses that clients have not taken yet, for servers that write them without a thread} */
    public ByteBudget outgoing() {
        return outgoing;
    }

    /**
     * Returns whether a request's body is worth waiting for.
     *
     * @param path the path below the mount as it was sent
     * @return false if there is nothing at that path
     */
    public boolean hasResource(String path) {
        try {
            return !Route.methods(path).isEmpty();
        } catch (ProblemException e) {
            return false;
        }
    }

    /**
     * Returns whether a request asks the host's guard, which may block for seconds: then it is not for an event loop, even if
     * the store is.
     *
     * @param method the HTTP method
     * @param path the path below the mount as it was sent
     * @return whether it is a post, and there is a guard
     */
    public boolean asksGuard(String method, String path) {
        return transport.judgesMessages() && method.equals("POST") && Route.isPost(path);
    }

    /**
     * Opens the stream of a participant whom the host has authenticated by its own means.
     *
     * @param request what is asked; where to begin is read from it
     * @param room the room's code
     * @param identityId the id of an identity that has a seat there
     * @return a stream that has to be started or aborted, or, if the request says how long to wait, a poll; a 403 if a page of
     *     another site asks, since streams replace others, and the host's login may have come along by itself
     * @throws NotAParticipantException if it has none, or there is no such room
     * @throws LimitExceededException if this node has no place for another stream
     * @throws ChatUnavailableException if the store cannot be reached
     * @throws IllegalArgumentException if the place to begin at is malformed, or the request has a body
     */
    public ApiResponse openStream(ApiRequest request, RoomId room, String identityId) {
        Cursor start;
        try {
            start = MessageEndpoints.start(request);
        } catch (ProblemException e) {
            throw new IllegalArgumentException("the place to begin at is malformed, or there is a body", e);
        }
        Map<String, String> common = sites.headers(request.header("Origin"));
        try {
            sites.check(request);
        } catch (ProblemException e) {
            return e.response.with(common);
        }
        return streams.open(request, start, wakeUp -> transport.subscribeAs(room, identityId, start, wakeUp))
                .with(common);
    }

    private ApiResponse problem(Throwable failure) {
        boolean isLate = failure instanceof IllegalStateException && !transport.isOpen();
        ProblemException problem =
                ProblemException.of(isLate ? new ChatUnavailableException("the service is closed") : failure);
        transport.refused(problem.problem.code());
        return problem.response;
    }

    private ApiResponse route(ApiRequest request) {
        ApiResponse file = ClientFiles.known(request);
        if (file == null) {
            limiter.request(request); // A page is made of many files: what is in memory is not counted.
            file = ClientFiles.find(request);
        }
        if (file != null) {
            return file;
        }
        String methods = request.method().equals("OPTIONS") ? Route.methods(request.path()) : "";
        if (!methods.isEmpty()) {
            return sites.isPreflight(request)
                    ? CrossSitePolicy.preflight(request, methods)
                    : ApiResponse.empty().with(Map.of("Allow", methods));
        }
        return dispatch(request, admit(request));
    }

    /** The operation that a request names, if its head lets it. */
    private Route.Match admit(ApiRequest request) {
        Route.Match match = Route.match(request.method(), request.path());
        if (!match.route().isSafe()) {
            sites.check(request);
        }
        return match;
    }

    private ApiResponse dispatch(ApiRequest request, Route.Match match) {
        return switch (match.route()) {
            case CREATE_ROOM -> rooms.create(request);
            case SHOW_ROOM -> rooms.show(credentials.caller(request, match));
            case DESTROY_ROOM -> rooms.destroy(request, credentials.caller(request, match));
            case JOIN -> rooms.join(request, match.roomCode());
            case LEAVE -> rooms.leave(request, credentials.caller(request, match));
            case REMOVE_PARTICIPANT -> rooms.remove(credentials.caller(request, match), match.item());
            case MOVE_DEADLINE -> changes.moveDeadline(request, credentials.caller(request, match));
            case CHANGE_ADMISSION -> changes.changeAdmission(request, credentials.caller(request, match));
            case ASSIGN_ROLE -> changes.assignRole(request, credentials.caller(request, match), match.item());
            case SET_PROPERTY -> changes.setProperty(request, credentials.caller(request, match), match.item());
            case REMOVE_PROPERTY -> changes.removeProperty(request, credentials.caller(request, match), match.item());
            case POST_MESSAGE -> messages.post(request, credentials.caller(request, match));
            case FORGET_MESSAGE -> changes.forget(request, credentials.caller(request, match), match.item());
            case CLAIM_MESSAGE -> changes.claim(request, credentials.caller(request, match), match.item());
            case POST_ENTRY -> entries.post(request, credentials.caller(request, match));
            case SEND_CUE -> entries.cue(request, credentials.caller(request, match));
            case HISTORY -> messages.history(request, credentials.caller(request, match));
            case EVENTS, EVENTS_BY_POST -> messages.events(request, credentials.caller(request, match));
            case CONTRACT -> CONTRACT;
        };
    }

    /** Has the streams look at the time, as they do each second. */
    void tick() {
        streams.tick();
    }

    /** {@return how many event streams are open, as far as this has opened them} */
    public int streamCount() {
        return streams.size();
    }

    /** Ends the event streams within 2 seconds and tells their clients when to come back; the rooms live on. */
    @Override
    public void close() {
        streams.close();
    }

    /** Takes event streams again after {@link #close}; without that, does nothing. */
    public void reopen() {
        streams.reopen();
    }

    private static ApiResponse contract() {
        try (InputStream in = Objects.requireNonNull(ChatApi.class.getResourceAsStream("openapi.yaml"))) {
            return ApiResponse.of(200, in.readAllBytes(), "application/yaml");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
