package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * The event streams of this node. {@link EphemeralChatServlet} has its own; these are for a host that responds from a
 * controller of its own, for a participant whom it has authenticated by its own means. Thread-safe.
 *
 * <pre>{@code
 * EventStreams streams = new EventStreams(chat, ChatHttpSettings.defaults()); // one for each application
 *
 * HttpServlet controller = new HttpServlet() {
 *     protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
 *         RoomId room = new RoomId(request.getParameter("room"));
 *         streams.open(request, response, room, request.getUserPrincipal().getName());
 *     }
 * };
 * }</pre>
 */
public final class EventStreams implements AutoCloseable {

    private final RequestHooks<HttpServletRequest> hooks;
    private final ChatApi api;

    /**
     * Creates the streams of a node.
     *
     * @param service the rooms
     * @param settings how many streams there may be
     */
    public EventStreams(EphemeralChatService service, ChatHttpSettings settings) {
        this(service, settings, RequestHooks.defaults());
    }

    /**
     * Creates the streams of a node behind a proxy.
     *
     * @param service the rooms
     * @param settings how many streams there may be
     * @param hooks where a client's address is found
     */
    public EventStreams(
            EphemeralChatService service, ChatHttpSettings settings, RequestHooks<HttpServletRequest> hooks) {
        this.hooks = Objects.requireNonNull(hooks, "hooks");
        this.api = new ChatApi(service, settings);
    }

    /**
     * Responds to a request with the event stream of a participant whom the host has authenticated. Returns at once; the
     * response belongs to the stream from then on, in asynchronous mode.
     *
     * @param request a GET without a response yet; where to begin is read from it as the API does
     * @param response its response
     * @param room the room's code
     * @param identityId the id of an identity that has a seat there
     * @throws io.github.ephemeralchat.model.NotAParticipantException if it has none, or there is no such room
     * @throws io.github.ephemeralchat.model.LimitExceededException if this node has no place for another stream
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     * @throws IllegalArgumentException if the place to begin at is malformed, or the request has a body
     * @throws IllegalStateException if the request does not support asynchronous responses
     * @throws IOException if the response cannot be written
     */
    public void open(HttpServletRequest request, HttpServletResponse response, RoomId room, String identityId)
            throws IOException {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(room, "room");
        Objects.requireNonNull(identityId, "identityId");
        if (!request.isAsyncSupported()) {
            throw new IllegalStateException("asyncSupported is false for this servlet, or for a filter before it");
        }
        ApiRequest asked = Translation.request(request, hooks, IncomingBody.of(request));
        Translation.respond(api.openStream(asked, room, identityId), request, response);
    }

    /** Ends all streams within 2 seconds and tells their clients when to come back; the rooms live on. */
    @Override
    public void close() {
        api.close();
    }
}
