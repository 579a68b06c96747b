package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request as {@link ChatApi} sees it, whatever server it came through. Its functions are asked on the calling thread,
 * and not after {@link ChatApi#handle} has returned.
 *
 * @param method the HTTP method
 * @param path the decoded path below the mount, with its leading slash
 * @param query the raw query string, null where there is none
 * @param headerLookup all values of a header, empty where there is none; the name in any case
 * @param body the body; read at most once, and only as far as is allowed
 * @param mount the path of the mount as a client sees it, such as {@code /api}; empty for the root
 * @param secure whether the request came over TLS
 * @param clientAddress asks whom the address limits count against
 * @param identity asks the host who this is; asked only where somebody takes a seat
 * @param mayCreate asks the host whether a room may be created
 */
public record ApiRequest(
        String method,
        String path,
        @Nullable String query,
        Function<String, List<String>> headerLookup,
        InputStream body,
        String mount,
        boolean secure,
        Supplier<String> clientAddress,
        Supplier<Optional<Identity>> identity,
        BooleanSupplier mayCreate) {

    /** The first value of a header, or null. */
    @Nullable
    String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    List<String> headers(String name) {
        return headerLookup.apply(name);
    }

    /** Returns nothing that somebody sent. */
    @Override
    public String toString() {
        return "Call[...]";
    }
}
