package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.RoomId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The event streams of this node. {@link EphemeralChatServlet} has its own; these are for a host that answers from a
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

    private final EphemeralChatService service;
    private final ChatHttpSettings settings;
    private final StreamRegistry registry;

    /**
     * Makes the streams of a node.
     *
     * @param service the rooms
     * @param settings how many streams there may be
     */
    public EventStreams(EphemeralChatService service, ChatHttpSettings settings) {
        this.service = service;
        this.settings = settings;
        this.registry = new StreamRegistry(settings.streamLimits(), service.transport());
    }

    /**
     * Answers a request with the event stream of a participant whom the host has authenticated. Returns at once; the
     * response belongs to the stream from then on, in asynchronous mode.
     *
     * @param request a GET that nothing was answered to yet; where to begin is read from it as the API does
     * @param response its response
     * @param room the room's code
     * @param identityId the id of an identity that has a seat there
     * @throws io.github.ephemeralchat.model.NotAParticipantException if it has none, or there is no such room
     * @throws io.github.ephemeralchat.model.LimitExceededException if this node has no place for another stream
     * @throws io.github.ephemeralchat.model.ChatUnavailableException if the store cannot be reached
     * @throws IllegalArgumentException if the place to begin at is malformed
     * @throws IllegalStateException if the request does not support asynchronous answers
     * @throws IOException if the response cannot be written
     */
    public void open(HttpServletRequest request, HttpServletResponse response, RoomId room, String identityId)
            throws IOException {
        StreamStart start = StreamStart.of(request::getHeader, request::getParameter);
        EventStream stream = registry.open(
                identityId,
                settings.clientAddress(request),
                start.ready(),
                wakeUp -> service.transport().subscribeAs(room, identityId, start.cursor(), wakeUp));
        ServletAnswers.begin(new ApiResponse.Stream(stream), request, response);
    }

    /** Ends all streams within 2 seconds, with a word on when to come back; the rooms live on. */
    @Override
    public void close() {
        registry.close();
    }
}
