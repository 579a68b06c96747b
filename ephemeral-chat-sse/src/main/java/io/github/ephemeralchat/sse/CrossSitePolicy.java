package io.github.ephemeralchat.sse;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What pages of other sites may do: nothing that changes state, and read no answer, unless the host has listed their
 * origin.
 *
 * <p>A listed origin gets the CORS headers without credentials: its pages name their token in {@code Authorization},
 * because the cookie never leaves its own site.
 */
final class CrossSitePolicy {

    private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
    private static final String EXPOSE_HEADERS = "Access-Control-Expose-Headers";
    private static final Map<String, String> VARY = Map.of("Vary", "Origin");

    private final Set<Origin> allowed;
    private final @Nullable Origin self;

    CrossSitePolicy(ChatHttpSettings settings) {
        URI base = settings.publicBaseUrl;
        this.allowed = settings.allowedOrigins;
        this.self =
                base == null ? null : Origin.parse(base.resolve("/").toString().replaceAll("/$", ""));
    }

    /**
     * Checks a request that changes state.
     *
     * @throws ProblemException with 403 where it comes from a page of another site
     */
    void check(ApiRequest request) {
        String origin = request.header("Origin");
        boolean isListed = origin != null && listed(origin) != null;
        if (!isListed && isForeign(request, origin)) {
            throw ProblemException.of(Problem.CROSS_SITE);
        }
    }

    /** A browser's own word counts; only one too old to say it is judged by the page's host. */
    private boolean isForeign(ApiRequest request, @Nullable String origin) {
        String site = request.header("Sec-Fetch-Site");
        if (site != null && !site.isBlank()) {
            return site.strip().equalsIgnoreCase("same-site") || site.strip().equalsIgnoreCase("cross-site");
        }
        return origin != null && !isOwn(origin, request.header("Host"));
    }

    private boolean isOwn(String text, @Nullable String host) {
        Origin origin = Origin.parse(text);
        return origin != null && (origin.isHost(host) || origin.equals(self));
    }

    private @Nullable Origin listed(String text) {
        Origin origin = Origin.parse(text);
        return origin != null && allowed.contains(origin) ? origin : null;
    }

    /** The headers that let a listed page read the answer; none where nothing is listed, which is the default. */
    Map<String, String> headers(ApiRequest request) {
        if (allowed.isEmpty()) {
            return Map.of();
        }
        String origin = request.header("Origin");
        if (origin == null || listed(origin) == null) {
            return VARY;
        }
        return Map.of("Vary", "Origin", ALLOW_ORIGIN, origin.strip(), EXPOSE_HEADERS, "Location, Retry-After");
    }

    /** Whether a browser asks here for a listed page what it may send. */
    boolean isPreflight(ApiRequest request) {
        String origin = request.header("Origin");
        return request.method().equals("OPTIONS")
                && request.header("Access-Control-Request-Method") != null
                && origin != null
                && listed(origin) != null;
    }

    /**
     * The answer to a preflight.
     *
     * @param methods the methods that the path knows
     */
    static ApiResponse preflight(String methods) {
        return ApiResponse.Content.empty()
                .with(Map.of(
                        "Access-Control-Allow-Methods", methods,
                        "Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID",
                        "Access-Control-Max-Age", "600"));
    }
}
