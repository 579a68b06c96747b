package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole HTTP API of the chat rooms, as one servlet. Mount it under a path of the host's choice, of characters that
 * need no escaping in a URL, as {@code /api/*}, with {@code asyncSupported} true. What it answers is written in
 * {@code openapi.yaml}, which it serves.
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

    private final transient ChatHttpSettings settings;
    private final transient ChatApi api;

    /**
     * Makes the servlet.
     *
     * @param service the rooms
     * @param settings what the host decides
     */
    public EphemeralChatServlet(EphemeralChatService service, ChatHttpSettings settings) {
        this.settings = settings;
        this.api = ChatApi.forThreads(service, settings);
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        ApiResponse answer = api.handle(call(request));
        if (answer instanceof ApiResponse.Content content) {
            ServletAnswers.write(content, response);
        } else if (answer instanceof ApiResponse.Stream stream) {
            ServletAnswers.begin(stream, request, response);
        }
    }

    /**
     * Returns how many event streams are open.
     *
     * @return their number on this node, as far as this servlet has opened them
     */
    public int streamCount() {
        return api.streamCount();
    }

    /** Ends the event streams, with a word to their clients on when to come back. */
    @Override
    public void destroy() {
        api.close();
    }

    private ApiRequest call(HttpServletRequest request) throws IOException {
        boolean wholeSite = request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT;
        String context = request.getServletContext().getContextPath();
        return new ApiRequest(
                request.getMethod(),
                wholeSite ? request.getServletPath() : orEmpty(request.getPathInfo()),
                request.getQueryString(),
                name -> headers(request, name),
                request.getInputStream(),
                wholeSite ? context : context + request.getServletPath(),
                request.isSecure(),
                () -> settings.clientAddress(request),
                () -> settings.identity(request),
                () -> settings.mayCreate(request));
    }

    private static String orEmpty(@Nullable String path) {
        return path == null ? "" : path;
    }

    private static List<String> headers(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }
}
