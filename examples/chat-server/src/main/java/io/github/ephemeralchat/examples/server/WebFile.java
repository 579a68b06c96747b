package io.github.ephemeralchat.examples.server;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One file of the page, with its media type and a tag that changes with its content. */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and nobody writes to the array.
record WebFile(String contentType, String etag, byte[] content) {

    static WebFile of(String contentType, byte[] content) {
        return new WebFile(contentType, etagOf(content), content);
    }

    /** Whether the header {@code If-None-Match} names this content. */
    boolean isNamedIn(@Nullable String ifNoneMatch) {
        return ifNoneMatch != null
                && Stream.of(ifNoneMatch.split(",", -1))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
    }

    private static String etagOf(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"'
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(digest)
                            .substring(0, 22)
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
