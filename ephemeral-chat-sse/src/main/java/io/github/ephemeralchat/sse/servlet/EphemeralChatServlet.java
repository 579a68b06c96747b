package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The whole HTTP API of the chat rooms, as one servlet. Mount it under a path of the host's choice, of characters that
 * need no escaping in a URL, as {@code /api/*}, with {@code asyncSupported} true. Its contract is
 * {@code openapi.yaml}, which it serves.
 *
 * <p>A request whose body is still on its way, and a stream, hold no thread. A request has 30 seconds from its head to its
 * last byte.
 *
 * <p>It neither opens nor closes the service: the host does.
 *
 * <pre>{@code
 * ChatHttpSettings settings = ChatHttpSettings.builder().maxTtl(Duration.ofHours(1)).build();
 * ServletRegistration.Dynamic api = context.addServlet("chat", new EphemeralChatServlet(chat, settings));
 * api.setAsyncSupported(true);
 * api.addMapping("/chat/*");
 * }</pre>
 */
public final class EphemeralChatServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient RequestHooks<HttpServletRequest> hooks;
    private final transient ChatApi api;

    /**
     * Creates the servlet for a host without a login of its own.
     *
     * @param service the rooms
     * @param settings what the host decides
     */
    public EphemeralChatServlet(EphemeralChatService service, ChatHttpSettings settings) {
        this(service, settings, RequestHooks.defaults());
    }

    /**
     * Creates the servlet.
     *
     * @param service the rooms
     * @param settings what the host decides
     * @param hooks what the host decides about each request
     */
    public EphemeralChatServlet(
            EphemeralChatService service, ChatHttpSettings settings, RequestHooks<HttpServletRequest> hooks) {
        this.hooks = hooks;
        this.api = new ChatApi(service, settings);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        IncomingBody body = IncomingBody.of(request);
        ApiRequest asked = Translation.request(request, hooks, body);
        if (body.isAwaited() && request.isAsyncSupported()) {
            boolean fits = body.countIn(api.incoming());
            AwaitedBody.respond(request, response, body, fits ? api.begin(asked) : api.refuse(asked));
        } else {
            Translation.respond(api.handle(asked), request, response);
        }
    }

    /** {@return how many event streams are open on this node, as far as this servlet has opened them} */
    public int streamCount() {
        return api.streamCount();
    }

    /** Ends the event streams and tells their clients when to come back. */
    @Override
    public void destroy() {
        api.close();
    }
}
