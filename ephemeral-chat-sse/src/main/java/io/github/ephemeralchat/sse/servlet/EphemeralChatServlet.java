package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole HTTP API of the chat rooms, as one servlet. Mount it under a path of the host's choice, of characters that
 * need no escaping in a URL, as {@code /api/*}, with {@code asyncSupported} true. Its contract is
 * {@code openapi.yaml}, which it serves.
 *
 * <p>A request whose body is still on its way, and a stream, hold no thread. A request has 30 seconds from its head to its
 * last byte.
 *
 * <p>It does not close the service: the host does, after this.
 *
 * <pre>{@code
 * ChatHttpSettings settings = ChatHttpSettings.builder().maxTtl(Duration.ofHours(1)).build();
 * ServletRegistration.Dynamic api = context.addServlet("chat", new EphemeralChatServlet(chat, settings));
 * api.setAsyncSupported(true);
 * api.addMapping("/chat/*");
 * }</pre>
 *
 * <p>A container can make it too, as a {@code web.xml} says, or the constructor of a subclass that the host annotates.
 */
public class EphemeralChatServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(EphemeralChatServlet.class);

    private final AtomicBoolean warned = new AtomicBoolean();
    private transient @Nullable RequestHooks<HttpServletRequest> hooks;
    private transient @Nullable ChatApi api;

    /**
     * Creates the servlet for a container. When it is initialised it takes what the host has put into the servlet context
     * as attributes, each named as its class: an {@link EphemeralChatService}, and, if there are any, {@link ChatHttpSettings}
     * and {@link RequestHooks}.
     */
    public EphemeralChatServlet() {}

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
        this.hooks = Objects.requireNonNull(hooks, "hooks");
        this.api = new ChatApi(service, settings);
    }

    /**
     * Logs where the API is, once what it needs is there. A container that has destroyed the servlet may initialise it again.
     *
     * @throws ServletException if a container has made it and the context has no {@link EphemeralChatService}
     */
    @Override
    public void init() throws ServletException {
        ServletContext context = getServletContext();
        if (api == null) {
            EphemeralChatService service = attribute(context, EphemeralChatService.class);
            if (service == null) {
                throw new ServletException(
                        "the servlet context has no attribute " + EphemeralChatService.class.getName()
                                + ": a ServletContextListener of the application sets it");
            }
            ChatHttpSettings settings = attribute(context, ChatHttpSettings.class);
            hooks = hooks(context);
            api = new ChatApi(service, settings == null ? ChatHttpSettings.defaults() : settings);
        }
        reopen();
        ServletRegistration registration = context.getServletRegistration(getServletName());
        Collection<String> paths = registration == null ? List.of() : registration.getMappings();
        Objects.requireNonNull(api).logStart(context.getContextPath() + String.join(", ", paths), hooks());
    }

    private static <T> @Nullable T attribute(ServletContext context, Class<T> type) {
        return type.cast(context.getAttribute(type.getName()));
    }

    @SuppressWarnings("unchecked") // Hooks of a servlet are about its requests.
    private static RequestHooks<HttpServletRequest> hooks(ServletContext context) {
        RequestHooks<?> hooks = attribute(context, RequestHooks.class);
        return hooks == null ? RequestHooks.defaults() : (RequestHooks<HttpServletRequest>) hooks;
    }

    private RequestHooks<HttpServletRequest> hooks() {
        return Objects.requireNonNull(hooks, "the servlet is not initialised");
    }

    private ChatApi api() {
        return Objects.requireNonNull(api, "the servlet is not initialised");
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        ChatApi api = api();
        IncomingBody body = IncomingBody.of(request);
        ApiRequest asked = Translation.request(request, hooks(), body);
        if (!request.isAsyncSupported() && !warned.getAndSet(true)) {
            log.warn(
                    "Event streams are refused with 500: set asyncSupported to true for this servlet and for each filter"
                            + " before it");
        }
        if (body.isAwaited() && request.isAsyncSupported()) {
            boolean fits = body.countIn(api.incoming());
            AwaitedBody.respond(api, request, response, body, fits ? api.begin(asked) : api.refuse(asked));
        } else {
            Translation.respond(api.handle(asked), request, response);
        }
    }

    /** {@return how many event streams are open on this node, as far as this servlet has opened them} */
    public int streamCount() {
        return api().streamCount();
    }

    /** Takes event streams again after {@link #destroy}, for a host that only pauses; without that, does nothing. */
    public void reopen() {
        ChatApi begun = api;
        if (begun != null) {
            begun.reopen();
        }
    }

    /** Ends the event streams and tells their clients when to come back. */
    @Override
    public void destroy() {
        ChatApi begun = api;
        if (begun != null) {
            begun.close();
        }
    }
}
