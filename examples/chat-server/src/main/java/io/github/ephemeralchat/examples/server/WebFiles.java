package io.github.ephemeralchat.examples.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page's files on the class path, and the library's client and element that it is built on, each read once. Only plain
 * names are looked up, so no path leads elsewhere.
 */
final class WebFiles {

    private static final Pattern NAME = Pattern.compile("/assets/(?:[a-z0-9-]+/)*[a-z0-9-]+\\.([a-z0-9]+)");
    private static final String PAGE = "/web";
    private static final Pattern CLIENT = Pattern.compile("/ephemeral-chat/(?:element/(?:vendor/)?)?[a-z-]+\\.js");
    private static final String HTML = "text/html;charset=utf-8";
    private static final String SCRIPT = "text/javascript;charset=utf-8";
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css;charset=utf-8",
            "js", SCRIPT,
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "webmanifest", "application/manifest+json");

    private final ConcurrentMap<String, WebFile> files = new ConcurrentHashMap<>();

    private final WebFile page;

    /**
     * Reads the page.
     *
     * @param root the path at which clients see the server, without a slash at its end
     */
    WebFiles(String root) {
        WebFile plain = find(PAGE, "/index.html", HTML).orElseThrow();
        String markup = new String(plain.content(), StandardCharsets.UTF_8);
        this.page = WebFile.of(
                HTML, markup.replace("=\"/assets/", "=\"" + root + "/assets/").getBytes(StandardCharsets.UTF_8));
    }

    WebFile page() {
        return page;
    }

    Optional<WebFile> asset(String path) {
        if (CLIENT.matcher(path).matches()) {
            // Where servlet containers that look into jars find it by themselves.
            return find("/META-INF/resources", path, SCRIPT);
        }
        Matcher name = NAME.matcher(path);
        String type = name.matches() ? TYPES.get(name.group(1)) : null;
        return type == null ? Optional.empty() : find(PAGE, path, type);
    }

    private Optional<WebFile> find(String root, String path, String type) {
        return Optional.ofNullable(files.computeIfAbsent(path, p -> read(root + p, type)));
    }

    private static @Nullable WebFile read(String resource, String type) {
        try (InputStream in = WebFiles.class.getResourceAsStream(resource)) {
            return in == null ? null : WebFile.of(type, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
