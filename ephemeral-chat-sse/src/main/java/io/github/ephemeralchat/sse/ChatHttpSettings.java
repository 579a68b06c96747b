package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.internal.support.Setting;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.RoomOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
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

    static final String X_FORWARDED_FOR = "X-Forwarded-For";
    static final String FORWARDED = "Forwarded";
    static final Predicate<String> NO_ORIGIN = origin -> false;

    final Duration minTtl;
    final Duration maxTtl;
    final int maxParticipants;
    final boolean ownerOnlyDestroy;
    private final Set<Feature> disabledFeatures;
    final Set<String> entryKinds;
    final Set<String> cueKinds;
    final boolean showIdentityIds;
    final @Nullable URI publicBaseUrl;
    final Set<Origin> allowedOrigins;
    final Predicate<String> alsoAllowedOrigins;
    final RateLimits rateLimits;
    final int trustedProxies;
    final String forwardedHeader;
    final int maxStreams;
    final int maxStreamsPerAddress;
    final int maxStreamsPerParticipant;

    private ChatHttpSettings(Builder builder) {
        minTtl = builder.minTtl;
        maxTtl = builder.maxTtl;
        maxParticipants = builder.maxParticipants;
        ownerOnlyDestroy = builder.ownerOnlyDestroy;
        disabledFeatures = builder.disabledFeatures;
        entryKinds = builder.entryKinds;
        cueKinds = builder.cueKinds;
        showIdentityIds = builder.showIdentityIds;
        publicBaseUrl = builder.publicBaseUrl;
        allowedOrigins = builder.allowedOrigins;
        alsoAllowedOrigins = builder.alsoAllowedOrigins;
        rateLimits = builder.rateLimits;
        trustedProxies = builder.trustedProxies;
        forwardedHeader = builder.forwardedHeader;
        maxStreams = builder.maxStreams;
        maxStreamsPerAddress = builder.maxStreamsPerAddress;
        maxStreamsPerParticipant = builder.maxStreamsPerParticipant;
    }

    /**
     * Refuses a request that names what the host has switched off.
     *
     * @throws ProblemException with 403 if it has
     */
    void require(Feature feature) {
        if (disabledFeatures.contains(feature)) {
            throw new ProblemException(Problem.FORBIDDEN);
        }
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
     * Creates a builder that has the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        /** Of each participant and kind the newest cue is held for a while, so there are not too many. */
        private static final int MAX_CUE_KINDS = 15;

        private Duration minTtl = RoomOptions.MIN_TTL;
        private Duration maxTtl = RoomOptions.MAX_TTL;
        private int maxParticipants = RoomOptions.MAX_PARTICIPANTS;
        private boolean ownerOnlyDestroy;
        private Set<Feature> disabledFeatures = Set.of();
        private Set<String> entryKinds = Set.of();
        private Set<String> cueKinds = Set.of();
        private boolean showIdentityIds;
        private @Nullable URI publicBaseUrl;
        private Set<Origin> allowedOrigins = Set.of();
        private Predicate<String> alsoAllowedOrigins = NO_ORIGIN;
        private RateLimits rateLimits = RateLimits.defaults();
        private int trustedProxies;
        private String forwardedHeader = X_FORWARDED_FOR;
        private int maxStreams = 10_000;
        private int maxStreamsPerAddress = 1_000;
        private int maxStreamsPerParticipant = 8;

        private Builder() {}

        /**
         * Sets the shortest life of a room, 1 minute by default.
         *
         * @param minTtl whole minutes, from 1 to 1440
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder minTtl(Duration minTtl) {
            this.minTtl = wholeMinutes("minTtl", minTtl);
            return this;
        }

        /**
         * Sets the longest life that a creator may ask for, 1440 minutes by default. A room whose creator does not say lives
         * 10 minutes, or as near to it as both bounds allow. How long it may live after its owner has moved its end is for
         * {@link EphemeralChatService.Builder#longestLife}.
         *
         * @param maxTtl whole minutes, from 1 to 1440
         * @return this
         * @throws IllegalArgumentException if it is anything else
         */
        public Builder maxTtl(Duration maxTtl) {
            this.maxTtl = wholeMinutes("maxTtl", maxTtl);
            return this;
        }

        /**
         * Sets the greatest number of seats of a room, 1000 by default. A room whose creator does not say has 10, or
         * this many if that is less.
         *
         * @param maxParticipants 2 to 1000
         * @return this
         * @throws IllegalArgumentException if it is out of these bounds
         */
        public Builder maxParticipants(int maxParticipants) {
            this.maxParticipants = Setting.within(
                    RoomOptions.MIN_PARTICIPANTS, RoomOptions.MAX_PARTICIPANTS, "maxParticipants", maxParticipants);
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
         * Sets what participants may not do: none of it by default. A request that asks for it is refused with 403. The host
         * may do all of it all the same.
         *
         * @param disabledFeatures what is switched off
         * @return this
         */
        public Builder disabledFeatures(Set<Feature> disabledFeatures) {
            this.disabledFeatures = Set.copyOf(Objects.requireNonNull(disabledFeatures, "disabledFeatures"));
            return this;
        }

        /**
         * Sets which kinds of entries participants may post beside messages, such as {@code x-reaction}: none by default. Others
         * are refused with 403. The host may post every kind.
         *
         * @param entryKinds kinds, each valid by {@link CustomEntry#isValidKind}
         * @return this
         * @throws IllegalArgumentException if one is not valid
         */
        public Builder entryKinds(Set<String> entryKinds) {
            this.entryKinds = kinds("entryKinds", entryKinds);
            return this;
        }

        /**
         * Sets which kinds of cues participants may send beside {@code typing}, such as {@code x-cursor}: none by default. Others
         * are refused with 403. Cues are kept nowhere.
         *
         * @param cueKinds at most {@value #MAX_CUE_KINDS} kinds, each valid by {@link CustomEntry#isValidKind}
         * @return this
         * @throws IllegalArgumentException if one is not valid, or there are more
         */
        public Builder cueKinds(Set<String> cueKinds) {
            Objects.requireNonNull(cueKinds, "cueKinds");
            Setting.check(
                    cueKinds.size() <= MAX_CUE_KINDS, "cueKinds", cueKinds, "at most " + MAX_CUE_KINDS + " kinds");
            this.cueKinds = kinds("cueKinds", cueKinds);
            return this;
        }

        private static Set<String> kinds(String setting, Set<String> kinds) {
            Objects.requireNonNull(kinds, setting);
            Setting.check(
                    kinds.stream().allMatch(CustomEntry::isValidKind),
                    setting,
                    kinds,
                    "kinds such as x-[a-z0-9-]{1,30}");
            return Set.copyOf(kinds);
        }

        /**
         * Sets whether clients see the ids of the host's identities as they are. By default they see a code in place of each,
         * another one in each room: an id may be a user's name or number, and tell whom clients meet elsewhere.
         *
         * @param showIdentityIds whether ids are shown
         * @return this
         */
        public Builder showIdentityIds(boolean showIdentityIds) {
            this.showIdentityIds = showIdentityIds;
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
            this.publicBaseUrl = baseUrl(Objects.requireNonNull(publicBaseUrl, "publicBaseUrl"));
            return this;
        }

        /**
         * Sets which other sites' pages may use the API: for hosts whose pages come from another origin. They get
         * CORS headers, without credentials: the cookie is for pages of the same site, others name their
         * token in {@code Authorization}. By default there are none, and no CORS header is ever sent.
         *
         * @param allowedOrigins such as {@code https://app.example.org}, {@code capacitor://localhost}, or {@code
         *     https://*.example.org} for one more label
         * @return this
         * @throws IllegalArgumentException if one is not an origin
         */
        public Builder allowedOrigins(Set<String> allowedOrigins) {
            Objects.requireNonNull(allowedOrigins, "allowedOrigins");
            this.allowedOrigins = allowedOrigins.stream().map(Builder::origin).collect(Collectors.toUnmodifiableSet());
            return this;
        }

        /**
         * Sets which other sites' pages may use the API beside those of {@link #allowedOrigins(Set)}, by a function of the
         * host's. By default there are none.
         *
         * @param allowed called with the request's {@code Origin} in lower case, without the scheme's own port, for every
         *     request that has one; it must not block
         * @return this
         */
        public Builder allowedOrigins(Predicate<String> allowed) {
            this.alsoAllowedOrigins = Objects.requireNonNull(allowed, "allowedOrigins");
            return this;
        }

        /**
         * Sets how often an address and a participant may ask: {@link RateLimits#defaults()} by default.
         *
         * @param rateLimits the limits, or {@link RateLimits#off()}
         * @return this
         */
        public Builder rateLimits(RateLimits rateLimits) {
            this.rateLimits = Objects.requireNonNull(rateLimits, "rateLimits");
            return this;
        }

        /**
         * Sets how many proxies of the host's stand between clients and this node, 0 by default. Each of them appends the
         * address that it has seen to {@code X-Forwarded-For}; the limits count the one that the outermost has appended.
         * It goes before what {@link RequestHooks#clientAddress()} says.
         *
         * @param proxies from 0, not more than there are: what stands before those addresses a client can invent
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder trustedProxies(int proxies) {
            return trustedProxies(proxies, X_FORWARDED_FOR);
        }

        /**
         * Sets how many proxies of the host's stand between clients and this node, and the header that they append to. A
         * header that the proxies do not write must not be named: a client could.
         *
         * @param proxies from 0, not more than there are
         * @param header {@code X-Forwarded-For}, or {@code Forwarded} as RFC 7239 has it
         * @return this
         * @throws IllegalArgumentException if the number is negative, or it is another header
         */
        public Builder trustedProxies(int proxies, String header) {
            Objects.requireNonNull(header, "header");
            Setting.check(
                    List.of(X_FORWARDED_FOR, FORWARDED).contains(header),
                    "trustedProxies",
                    header,
                    "the header " + X_FORWARDED_FOR + " or " + FORWARDED);
            this.trustedProxies = Setting.atLeast(0, "trustedProxies", proxies);
            this.forwardedHeader = header;
            return this;
        }

        /**
         * Sets how many streams this node serves at once, 10,000 by default. Beyond it a new one is refused with 429.
         *
         * @param maxStreams from 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxStreams(int maxStreams) {
            this.maxStreams = Setting.atLeast(1, "maxStreams", maxStreams);
            return this;
        }

        /**
         * Sets how many streams one client address has on this node at once, 1,000 by default: a whole office may share
         * one. Beyond it a new one is refused with 429. On a node that is more than half full an address has fewer: an
         * eighth of the places that are free, and at least as many as a participant.
         *
         * @param maxStreamsPerAddress from 1; as many as {@link #maxStreams} for no limit
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxStreamsPerAddress(int maxStreamsPerAddress) {
            this.maxStreamsPerAddress = Setting.atLeast(1, "maxStreamsPerAddress", maxStreamsPerAddress);
            return this;
        }

        /**
         * Sets how many streams a participant has on this node at once, 8 by default. Beyond it the oldest ends.
         *
         * @param maxStreamsPerParticipant from 1
         * @return this
         * @throws IllegalArgumentException if it is less
         */
        public Builder maxStreamsPerParticipant(int maxStreamsPerParticipant) {
            this.maxStreamsPerParticipant = Setting.atLeast(1, "maxStreamsPerParticipant", maxStreamsPerParticipant);
            return this;
        }

        /**
         * Makes the settings.
         *
         * @return the settings
         * @throws IllegalArgumentException if the shortest life of a room is longer than the longest
         */
        public ChatHttpSettings build() {
            Setting.check(minTtl.compareTo(maxTtl) <= 0, "minTtl", minTtl, "at most maxTtl, which is " + maxTtl);
            return new ChatHttpSettings(this);
        }

        private static Duration wholeMinutes(String setting, Duration ttl) {
            Objects.requireNonNull(ttl, setting);
            boolean whole = ttl.equals(Duration.ofMinutes(ttl.toMinutes()));
            Setting.check(
                    whole && ttl.compareTo(RoomOptions.MIN_TTL) >= 0 && ttl.compareTo(RoomOptions.MAX_TTL) <= 0,
                    setting,
                    ttl,
                    "whole minutes from 1 to " + RoomOptions.MAX_TTL.toMinutes());
            return ttl;
        }

        private static Origin origin(String text) {
            Origin origin = Origin.parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            Setting.check(
                    origin != null && origin.authority().lastIndexOf('*') <= 0,
                    "allowedOrigins",
                    text.indexOf('@') < 0 ? text : "an address with a user", // Which may have a password.
                    "a scheme, a host and perhaps a port; a star may stand for the host's first label");
            return Objects.requireNonNull(origin);
        }

        /** Without a slash at its end, and with its scheme in lower case. */
        private static URI baseUrl(URI url) {
            String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            String site = scheme + "://" + url.getRawAuthority();
            boolean isPlain = url.getRawQuery() == null && url.getRawFragment() == null && path.indexOf(';') < 0;
            boolean isWeb = scheme.equals("http") || scheme.equals("https");
            Setting.check(
                    isPlain && isWeb && url.getRawAuthority() != null && Origin.parse(site) != null,
                    "publicBaseUrl",
                    scheme.isEmpty() ? "a path" : "a URL of the scheme " + scheme, // It may have a password in it.
                    "an absolute http or https URL without user, query, fragment and semicolon");
            return URI.create(site + path);
        }
    }
}
