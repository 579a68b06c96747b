package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;

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
        if (options.behindProxy()) {
            settings.clientAddress(ApiSettings::addressSeenByProxy);
        }
        URI root = options.publicBaseUrl();
        if (root != null) {
            settings.publicBaseUrl(root.resolve(PATH));
        }
        return settings.build();
    }

    /** The proxy appends the address that it sees; what stands before it, anybody may have written. */
    private static String addressSeenByProxy(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders("X-Forwarded-For"));
        if (headers.isEmpty()) {
            return request.getRemoteAddr();
        }
        String last = headers.get(headers.size() - 1);
        return last.substring(last.lastIndexOf(',') + 1).strip();
    }
}
