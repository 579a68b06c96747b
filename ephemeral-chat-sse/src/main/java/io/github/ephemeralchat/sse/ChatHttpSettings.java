package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomOptions;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a host decides about the HTTP API. Immutable; all of it is optional.
 *
 * <pre>{@code
 * ChatHttpSettings settings = ChatHttpSettings.builder()
 *         .identity(request -> Optional.ofNullable(request.getUserPrincipal())
 *                 .map(user -> new Identity("user-" + user.getName(), user.getName())))
 *         .publicBaseUrl(URI.create("https://example.org/chat/api"))
 *         .build();
 * }</pre>
 */
public final class ChatHttpSettings {

    // Null for the usual, so that a server without servlets needs none of their classes.
    private final @Nullable Function<? super HttpServletRequest, Optional<Identity>> identity;
    private final @Nullable Predicate<? super HttpServletRequest> mayCreate;
    private final @Nullable Function<? super HttpServletRequest, String> clientAddress;
    private final StreamRegistry.Limits streamLimits;
    private final RoomPolicy rules;

    private ChatHttpSettings(Builder builder, RoomPolicy rules) {
        this.identity = builder.identity;
        this.mayCreate = builder.mayCreate;
        this.clientAddress = builder.clientAddress;
        this.streamLimits = new StreamRegistry.Limits(
                builder.maxStreams, builder.maxStreamsPerAddress, builder.maxStreamsPerParticipant);
        this.rules = rules;
    }

    /**
     * Returns what suits a host without a login: anonymous names, everybody may create rooms, rate limits on.
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

    Optional<Identity> identity(HttpServletRequest request) {
        return identity == null ? Optional.empty() : identity.apply(request);
    }

    boolean mayCreate(HttpServletRequest request) {
        return mayCreate == null || mayCreate.test(request);
    }

    /** Never null: a request that did not come over IP has no address. */
    String clientAddress(HttpServletRequest request) {
        @Nullable String address = clientAddress == null ? request.getRemoteAddr() : clientAddress.apply(request);
        return address == null ? "" : address;
    }

    /** Whether a function of the host's needs the request of a servlet. */
    boolean asksServlets() {
        return identity != null || mayCreate != null || clientAddress != null;
    }

    StreamRegistry.Limits streamLimits() {
        return streamLimits;
    }

    RoomPolicy rules() {
        return rules;
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        private @Nullable Function<? super HttpServletRequest, Optional<Identity>> identity;
        private @Nullable Predicate<? super HttpServletRequest> mayCreate;
        private @Nullable Function<? super HttpServletRequest, String> clientAddress;
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
         * Sets how to tell who somebody is: for hosts with a login of their own. Where it answers an identity, the name
         * that the request asks for is ignored, and a second join of the same identity id takes the same seat. By
         * default it answers none, and participants choose a name or get an anonymous one.
         *
         * @param identity asked on the request's thread, only where a seat is taken
         * @return this
         */
        public Builder identity(Function<? super HttpServletRequest, Optional<Identity>> identity) {
            this.identity = identity;
            return this;
        }

        /**
         * Sets who may create rooms: for hosts that leave it to some users. By default everybody may.
         *
         * @param mayCreate asked on the request's thread
         * @return this
         */
        public Builder mayCreate(Predicate<? super HttpServletRequest> mayCreate) {
            this.mayCreate = mayCreate;
            return this;
        }

        /**
         * Sets the address that the limits count against: for hosts behind a proxy, which read it from the header that
         * the proxy sets. By default it is {@link HttpServletRequest#getRemoteAddr()}.
         *
         * @param clientAddress asked on the request's thread, for every request
         * @return this
         */
        public Builder clientAddress(Function<? super HttpServletRequest, String> clientAddress) {
            this.clientAddress = clientAddress;
            return this;
        }

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
         * this many where it is less.
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
         * Sets where clients find the servlet: for hosts behind a proxy that ends TLS or strips a prefix. The cookie's
         * {@code Path} and {@code Secure} and the {@code Location} of a new room come from it. By default they come from
         * the request, and {@code Location} is a path without a host.
         *
         * @param publicBaseUrl an absolute http or https URL without query, such as {@code https://example.org/chat/api}
         * @return this
         */
        public Builder publicBaseUrl(URI publicBaseUrl) {
            this.publicBaseUrl = publicBaseUrl;
            return this;
        }

        /**
         * Sets which other sites' pages may use the API: for hosts whose pages come from another origin. They are
         * answered with CORS headers, without credentials: the cookie is for pages of the same site, others name their
         * token in {@code Authorization}. By default there are none, and no CORS header is ever sent.
         *
         * @param allowedOrigins such as {@code https://app.example.org}
         * @return this
         * @throws IllegalArgumentException if one is not an http or https origin
         */
        public Builder allowedOrigins(Set<String> allowedOrigins) {
            Set<Origin> origins = new HashSet<>();
            for (String text : allowedOrigins) {
                origins.add(origin(text));
            }
            this.allowedOrigins = Set.copyOf(origins);
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
            check(
                    maxStreams >= 1 && maxStreamsPerAddress >= 1 && maxStreamsPerParticipant >= 1,
                    "there is at least one stream");
            RoomOptions.defaults().withTtl(minTtl).withTtl(maxTtl).withMaxParticipants(maxParticipants);
            return new ChatHttpSettings(this, rules());
        }

        private RoomPolicy rules() {
            return new RoomPolicy(
                    minutes(minTtl),
                    minutes(maxTtl),
                    maxParticipants,
                    ownerOnlyDestroy,
                    publicBaseUrl == null ? null : baseUrl(publicBaseUrl),
                    allowedOrigins,
                    rateLimits);
        }

        private static int minutes(Duration ttl) {
            check(ttl.equals(Duration.ofMinutes(ttl.toMinutes())), "a room's life is of whole minutes");
            return (int) ttl.toMinutes();
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
