package io.github.ephemeralchat.examples.server;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Serves the web page. A room's address shows the page whether or not there is such a room: only the API knows, and it
 * tells participants only.
 */
final class PageServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Pattern ROOM = Pattern.compile("/room/[^/]+/?");

    private final transient WebFiles files = new WebFiles();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PageHeaders.set(response::setHeader);
        if (!isRead(request.getMethod())) {
            response.setHeader("Allow", "GET, HEAD");
            text(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Method not allowed");
            return;
        }
        String path = request.getServletPath();
        if (path.equals("/health")) {
            response.setHeader("Cache-Control", "no-store");
            text(response, HttpServletResponse.SC_OK, "ok");
            return;
        }
        Optional<WebFile> file = isPage(path) ? Optional.of(files.page()) : files.asset(path);
        if (file.isEmpty()) {
            text(response, HttpServletResponse.SC_NOT_FOUND, "Not found");
        } else {
            send(file.get(), request, response);
        }
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }

    private static boolean isPage(String path) {
        return path.equals("/") || ROOM.matcher(path).matches();
    }

    /** Browsers keep a copy and ask each time whether it is still good: a new version is seen at once. */
    private static void send(WebFile file, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", file.etag());
        if (file.isNamedIn(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        body(response, file.contentType(), file.content());
    }

    private static void text(HttpServletResponse response, int status, String text) throws IOException {
        response.setStatus(status);
        body(response, "text/plain;charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The container drops the body of an answer to HEAD. */
    private static void body(HttpServletResponse response, String contentType, byte[] body) throws IOException {
        response.setContentType(contentType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
