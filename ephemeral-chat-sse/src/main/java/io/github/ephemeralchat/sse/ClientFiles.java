package io.github.ephemeralchat.sse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the browser client and its element, which the API serves below its own base, so that a page needs no other
 * server for them. Thread-safe.
 *
 * <p>A browser asks for a file again each time, and gets it if it has changed: the modules of two versions do not mix.
 */
final class ClientFiles {

    /** Only plain names: no path leads elsewhere. */
    private static final Pattern PATH = Pattern.compile("/(?:element/(?:vendor/)?)?[a-z][a-z-]*(?:\\.d\\.ts|\\.js)");

    private static final String FOLDER = "/META-INF/resources/ephemeral-chat";
    private static final int TAG_LENGTH = 22;
    private static final byte[] NOTHING = {};

    /** By their paths: there are no more than the folder has. */
    private static final ConcurrentMap<String, ApiResponse> FILES = new ConcurrentHashMap<>();

    private ClientFiles() {}

    /** The response to a request for a file that was read before: it costs next to nothing. Null if it asks for anything else. */
    static @Nullable ApiResponse known(ApiRequest request) {
        return isRead(request) ? response(request, FILES.get(request.path())) : null;
    }

    /** The response to a request for a file, which is read if it has to be; null if it asks for anything else. */
    static @Nullable ApiResponse find(ApiRequest request) {
        boolean isFile = isRead(request) && PATH.matcher(request.path()).matches();
        return isFile ? response(request, FILES.computeIfAbsent(request.path(), ClientFiles::read)) : null;
    }

    private static boolean isRead(ApiRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private static @Nullable ApiResponse response(ApiRequest request, @Nullable ApiResponse file) {
        return file == null || !isKnown(request, file)
                ? file
                : new ApiResponse(304, file.headers(), NOTHING, null, null);
    }

    private static boolean isKnown(ApiRequest request, ApiResponse file) {
        String known = request.header("If-None-Match");
        String tag = file.headers().get("ETag");
        return known != null
                && Stream.of(known.split(",", -1))
                        .map(String::strip)
                        .anyMatch(each -> each.equals("*") || each.equals(tag) || each.equals("W/" + tag));
    }

    private static @Nullable ApiResponse read(String path) {
        try (InputStream in = ClientFiles.class.getResourceAsStream(FOLDER + path)) {
            return in == null ? null : file(in.readAllBytes(), path.endsWith(".js") ? "text/javascript" : "text/plain");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ApiResponse file(byte[] content, String type) {
        return ApiResponse.of(200, content, type + ";charset=utf-8")
                .with(Map.of("Cache-Control", "no-cache", "ETag", tag(content)));
    }

    private static String tag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + Base64.getUrlEncoder().encodeToString(digest).substring(0, TAG_LENGTH) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
