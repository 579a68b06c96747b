package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.RoomOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a host decides about the HTTP API for all requests; {@link RequestHooks} are asked about each. Immutable; all of
 * it is optional.
 *
 * <pre>{@code
 * ChatHttpSettings settings = ChatHttpSettings.builder()
 *         .maxTtl(Duration.ofHours(1))
 *         .publicBaseUrl(URI.create("https://example.org/chat/api"))
 *         .build();
 * }</pre>
 */
public final class ChatHttpSettings {

    final Duration minTtl;
    final Duration maxTtl;
    final int maxParticipants;
    final boolean ownerOnlyDestroy;
    final @Nullable URI publicBaseUrl;
    final Set<Origin> allowedOrigins;
    final RateLimits rateLimits;
    final int maxStreams;
    final int maxStreamsPerAddress;
    final int maxStreamsPerParticipant;

    private ChatHttpSettings(Builder builder) {
        minTtl = builder.minTtl;
        maxTtl = builder.maxTtl;
        maxParticipants = builder.maxParticipants;
        ownerOnlyDestroy = builder.ownerOnlyDestroy;
        publicBaseUrl = builder.publicBaseUrl;
        allowedOrigins = builder.allowedOrigins;
        rateLimits = builder.rateLimits;
        maxStreams = builder.maxStreams;
        maxStreamsPerAddress = builder.maxStreamsPerAddress;
        maxStreamsPerParticipant = builder.maxStreamsPerParticipant;
    }

    /**
     * Returns what suits a public page: rate limits on.
     *
     * @return the defaults
     */
    public static ChatHttpSettings defaults() {
        return builder().build();
    }

    /**
     * Begins with the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        private Duration minTtl = RoomOptions.MIN_TTL;
        private Duration maxTtl = RoomOptions.MAX_TTL;
        private int maxParticipants = RoomOptions.MAX_PARTICIPANTS;
        private boolean ownerOnlyDestroy;
        private @Nullable URI publicBaseUrl;
        private Set<Origin> allowedOrigins = Set.of();
        private RateLimits rateLimits = RateLimits.defaults();
        private int maxStreams = 10_000;
        private int maxStreamsPerAddress = 1_000;
        private int maxStreamsPerParticipant = 8;

        private Builder() {}

        /**
         * Sets the shortest life of a room, 1 minute by default.
         *
         * @param minTtl whole minutes, from 1
         * @return this
         */
        public Builder minTtl(Duration minTtl) {
            this.minTtl = minTtl;
            return this;
        }

        /**
         * Sets the longest life of a room, 1440 minutes by default. A room whose creator does not say lives 10 minutes,
         * or as near to it as both bounds allow.
         *
         * @param maxTtl whole minutes, to 1440
         * @return this
         */
        public Builder maxTtl(Duration maxTtl) {
            this.maxTtl = maxTtl;
            return this;
        }

        /**
         * Sets the greatest number of seats of a room, 1000 by default. A room whose creator does not say has 10, or
         * this many if that is less.
         *
         * @param maxParticipants 2 to 1000
         * @return this
         */
        public Builder maxParticipants(int maxParticipants) {
            this.maxParticipants = maxParticipants;
            return this;
        }

        /**
         * Sets whether only a room's owner may destroy it. By default any participant may, unless the creator asks for
         * this rule; set to true, it holds for all rooms that are created from now on.
         *
         * @param ownerOnlyDestroy whether only the owner may
         * @return this
         */
        public Builder ownerOnlyDestroy(boolean ownerOnlyDestroy) {
            this.ownerOnlyDestroy = ownerOnlyDestroy;
            return this;
        }

        /**
         * Sets where clients find the API: for hosts behind a proxy that ends TLS or strips a prefix. The cookie's
         * {@code Path} and {@code Secure} and the {@code Location} of a new room come from it. By default they come from
         * the request, and {@code Location} is a path without a host.
         *
         * @param publicBaseUrl an absolute http or https URL without query, such as {@code https://example.org/chat/api}
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder publicBaseUrl(URI publicBaseUrl) {
            this.publicBaseUrl = baseUrl(publicBaseUrl);
            return this;
        }

        /**
         * Sets which other sites' pages may use the API: for hosts whose pages come from another origin. They get
         * CORS headers, without credentials: the cookie is for pages of the same site, others name their
         * token in {@code Authorization}. By default there are none, and no CORS header is ever sent.
         *
         * @param allowedOrigins such as {@code https://app.example.org}
         * @return this
         * @throws IllegalArgumentException if one is not an http or https origin
         */
        public Builder allowedOrigins(Set<String> allowedOrigins) {
            this.allowedOrigins = allowedOrigins.stream().map(Builder::origin).collect(Collectors.toUnmodifiableSet());
            return this;
        }

        /**
         * Sets how often an address and a participant may ask: {@link RateLimits#defaults()} by default.
         *
         * @param rateLimits the limits, or {@link RateLimits#off()}
         * @return this
         */
        public Builder rateLimits(RateLimits rateLimits) {
            this.rateLimits = rateLimits;
            return this;
        }

        /**
         * Sets how many streams this node serves at once, 10,000 by default. Beyond it a new one is refused with 429.
         *
         * @param maxStreams from 1
         * @return this
         */
        public Builder maxStreams(int maxStreams) {
            this.maxStreams = maxStreams;
            return this;
        }

        /**
         * Sets how many streams one client address has on this node at once, 1,000 by default: a whole office may share
         * one. Beyond it a new one is refused with 429.
         *
         * @param maxStreamsPerAddress from 1
         * @return this
         */
        public Builder maxStreamsPerAddress(int maxStreamsPerAddress) {
            this.maxStreamsPerAddress = maxStreamsPerAddress;
            return this;
        }

        /**
         * Sets how many streams a participant has on this node at once, 8 by default. Beyond it the oldest ends.
         *
         * @param maxStreamsPerParticipant from 1
         * @return this
         */
        public Builder maxStreamsPerParticipant(int maxStreamsPerParticipant) {
            this.maxStreamsPerParticipant = maxStreamsPerParticipant;
            return this;
        }

        /**
         * Makes the settings.
         *
         * @return the settings
         * @throws IllegalArgumentException if one is out of its bounds
         */
        public ChatHttpSettings build() {
            check(minTtl.compareTo(maxTtl) <= 0, "the shortest life is not longer than the longest");
            check(isWholeMinutes(minTtl) && isWholeMinutes(maxTtl), "a room's life is of whole minutes");
            check(
                    maxStreams >= 1 && maxStreamsPerAddress >= 1 && maxStreamsPerParticipant >= 1,
                    "there is at least one stream");
            RoomOptions.defaults().withTtl(minTtl).withTtl(maxTtl).withMaxParticipants(maxParticipants);
            return new ChatHttpSettings(this);
        }

        private static boolean isWholeMinutes(Duration ttl) {
            return ttl.equals(Duration.ofMinutes(ttl.toMinutes()));
        }

        private static Origin origin(String text) {
            Origin origin = Origin.parse(text);
            check(origin != null, "an origin is a scheme, a host and perhaps a port");
            return Objects.requireNonNull(origin);
        }

        /** Without a slash at its end, and with its scheme in lower case. */
        private static URI baseUrl(URI url) {
            String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            String site = scheme + "://" + url.getRawAuthority();
            check(url.getRawQuery() == null && url.getRawFragment() == null, "a base URL has no query");
            check(
                    url.getRawAuthority() != null && Origin.parse(site) != null,
                    "a base URL is an absolute http or https URL");
            check(path.indexOf(';') < 0, "a base URL's path can stand in a cookie");
            return URI.create(site + path);
        }

        private static void check(boolean condition, String rule) {
            if (!condition) {
                throw new IllegalArgumentException(rule);
            }
        }
    }
}
