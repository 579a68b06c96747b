package io.github.ephemeralchat.sse;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** Gives the API's answers to servlet responses. */
final class ServletAnswers {

    private ServletAnswers() {}

    static void write(ApiResponse.Content content, HttpServletResponse response) throws IOException {
        response.setStatus(content.status());
        setHeaders(content.headers(), response);
        String contentType = content.contentType();
        if (contentType != null) {
            response.setContentType(contentType);
            response.setContentLength(content.body().length);
            response.getOutputStream().write(content.body());
        }
    }

    /** Makes a request's response the way out of a stream. */
    static void begin(ApiResponse.Stream answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            response.setStatus(HttpServletResponse.SC_OK);
            response.setContentType(ApiResponse.Stream.CONTENT_TYPE);
            setHeaders(answer.headers(), response);
            ServletStreamSink.attach(answer.stream(), request, response);
        } catch (IOException | RuntimeException e) {
            answer.stream().discard();
            throw e;
        }
    }

    /** Adds where a host may have set others of that name: its own cookies, and what its answers vary by. */
    private static void setHeaders(Map<String, String> headers, HttpServletResponse response) {
        headers.forEach((name, value) -> {
            if (name.equals("Set-Cookie") || name.equals("Vary")) {
                response.addHeader(name, value);
            } else {
                response.setHeader(name, value);
            }
        });
    }
}
