package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import java.net.URI;

/** Tells the library what the options mean for it. */
final class ApiSettings {

    /** Where the API is mounted, below the server's root. */
    static final String PATH = "/api";

    private ApiSettings() {}

    static ChatHttpSettings of(ServerOptions options) {
        ChatHttpSettings.Builder settings = ChatHttpSettings.builder()
                .maxStreams(options.maxStreams())
                .trustedProxies(options.behindProxy() ? 1 : 0);
        if (!options.rateLimits()) {
            settings.rateLimits(RateLimits.off())
                    .maxStreamsPerAddress(Integer.MAX_VALUE)
                    .maxStreamsPerParticipant(Integer.MAX_VALUE);
        }
        URI root = options.publicBaseUrl();
        if (root != null) {
            settings.publicBaseUrl(root.resolve(options.rootPath() + PATH));
        }
        return settings.build();
    }
}
