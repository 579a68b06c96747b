package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ApiResponse;
import io.github.ephemeralchat.sse.EventStream;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.util.Collections;

/** Translates servlets' requests and the API's responses. */
final class Translation {

    /** How much more than a whole body is read and dropped, so that a client that is still sending sees the problem. */
    private static final int MAX_DROPPED = 1 << 20;

    private Translation() {}

    static ApiRequest request(HttpServletRequest request, RequestHooks<HttpServletRequest> hooks) {
        boolean wholeSite = request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT;
        String context = request.getServletContext().getContextPath();
        String mount = wholeSite ? context : context + request.getServletPath();
        return new ApiRequest(
                request.getMethod(),
                below(mount, request.getRequestURI()),
                request.getQueryString(),
                name -> Collections.list(request.getHeaders(name)),
                () -> body(request),
                mount,
                request.isSecure(),
                true,
                hooks.bind(request, request.getRemoteAddr()));
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

    private static byte[] body(HttpServletRequest request) throws IOException {
        ServletInputStream in = request.getInputStream();
        byte[] body = in.readNBytes(ApiRequest.MAX_BODY_BYTES + 1);
        if (body.length > ApiRequest.MAX_BODY_BYTES) {
            byte[] buffer = new byte[8192];
            for (int dropped = 0, read = 0; read >= 0 && dropped < MAX_DROPPED; dropped += read) {
                read = in.read(buffer);
            }
        }
        return body;
    }

    /** Writes a response, or makes it the sink of a stream. */
    static void respond(ApiResponse result, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        EventStream stream = result.stream();
        try {
            response.setStatus(result.status());
            result.headers().forEach((name, value) -> setHeader(response, name, value));
            if (stream != null) {
                ServletStreamSink.attach(stream, request, response);
            } else if (result.body().length > 0) {
                response.setContentLength(result.body().length);
                response.getOutputStream().write(result.body());
            }
        } catch (IOException | RuntimeException e) {
            if (stream != null) {
                stream.abort();
            }
            throw e;
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
