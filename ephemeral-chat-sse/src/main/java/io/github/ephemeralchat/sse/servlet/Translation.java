package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.EventPoll;
import io.github.ephemeralchat.sse.EventStream;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Translates servlets' requests and the API's responses. */
final class Translation {

    private Translation() {}

    static ApiRequest request(HttpServletRequest request, RequestHooks<HttpServletRequest> hooks, IncomingBody body) {
        boolean wholeSite = request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT;
        String context = context(request);
        String mount = wholeSite ? context : context + request.getServletPath();
        return new ApiRequest(
                request.getMethod(),
                below(mount, request.getRequestURI()),
                request.getQueryString(),
                name -> Collections.list(request.getHeaders(name)),
                body::read,
                mount,
                request.isSecure(),
                true,
                hooks.bind(request, request.getRemoteAddr()));
    }

    /**
     * The context as the host's filters have wrapped the request, since they may know of a prefix that a proxy has
     * stripped. A parameter in it would be one of the cookie's.
     */
    private static String context(HttpServletRequest request) {
        String wrapped = request.getContextPath();
        return wrapped.indexOf(';') < 0 ? wrapped : request.getServletContext().getContextPath();
    }

    /**
     * The rest of the path as it was sent: what the container has decoded tells no encoded slash from another one. The
     * mount may be encoded too, so its parts are counted.
     */
    private static String below(String mount, String path) {
        int slash = -1;
        for (long parts = mount.chars().filter(c -> c == '/').count(); parts >= 0; parts--) {
            slash = path.indexOf('/', slash + 1);
            if (slash < 0) {
                return "";
            }
        }
        return path.substring(slash);
    }

    /** Has the connection close after the response. */
    static void closeAfter(HttpServletRequest request, HttpServletResponse response) {
        if (request.getProtocol().startsWith("HTTP/1")) {
            response.setHeader("Connection", "close");
        }
    }

    /**
     * Writes a response to a request whose body is not read to its end: at once, since containers wait for the rest, and as
     * the connection's last, since what else comes may be that rest.
     */
    static void respondEarly(ApiResponse result, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        closeAfter(request, response);
        respond(result, request, response);
        response.flushBuffer();
    }

    /** Writes a response, or makes it the sink of a stream. */
    static void respond(ApiResponse result, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        EventStream stream = result.stream();
        EventPoll poll = result.poll();
        if ((stream != null || poll != null) && !request.isAsyncSupported()) {
            abort(stream, poll);
            respond(ChatApi.refused(500, "Internal Server Error"), request, response);
            return;
        }
        try {
            if (poll != null) {
                AwaitedPoll.respond(poll, result, request, response);
                return;
            }
            response.setStatus(result.status());
            result.headers().forEach((name, value) -> setHeader(response, name, value));
            if (stream != null) {
                // With the stream's end the connection has no use, and what a reader has not taken would stay with it.
                closeAfter(request, response);
                ServletStreamSink.attach(stream, request, response);
            } else if (result.body().length > 0) {
                response.setContentLength(result.body().length);
                response.getOutputStream().write(result.body());
            }
        } catch (IOException | RuntimeException e) {
            abort(stream, poll);
            throw e;
        }
    }

    private static void abort(@Nullable EventStream stream, @Nullable EventPoll poll) {
        if (stream != null) {
            stream.abort();
        }
        if (poll != null) {
            poll.abort();
        }
    }

    /** Adds a header if a host may have set others of that name: its own cookies, and what its responses vary by. */
    private static void setHeader(HttpServletResponse response, String name, String value) {
        switch (name) {
            case "Content-Type" -> response.setContentType(value);
            case "Set-Cookie", "Vary" -> response.addHeader(name, value);
            default -> response.setHeader(name, value);
        }
    }
}
