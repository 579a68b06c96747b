package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.netty.handler.codec.http.HttpRequest;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the library what the options mean for it. */
final class ApiSettings {

    /** Where the API is mounted, below the server's root. */
    static final String PATH = "/api";

    private ApiSettings() {}

    static ChatHttpSettings of(ServerOptions options) {
        ChatHttpSettings.Builder settings = ChatHttpSettings.builder().maxStreams(options.maxStreams());
        if (!options.rateLimits()) {
            settings.rateLimits(RateLimits.off())
                    .maxStreamsPerAddress(Integer.MAX_VALUE)
                    .maxStreamsPerParticipant(Integer.MAX_VALUE);
        }
        URI root = options.publicBaseUrl();
        if (root != null) {
            settings.publicBaseUrl(root.resolve(PATH));
        }
        return settings.build();
    }

    /** The proxy appends the address that it sees; what stands before it, anybody may have written. */
    static @Nullable String addressSeenByProxy(HttpRequest request) {
        List<String> headers = request.headers().getAll("X-Forwarded-For");
        if (headers.isEmpty()) {
            return null;
        }
        String last = headers.get(headers.size() - 1);
        return last.substring(last.lastIndexOf(',') + 1).strip();
    }
}
