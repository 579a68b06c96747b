package io.github.ephemeralchat.sse;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What pages of other sites may do: nothing that changes state, and read no response, unless the host has listed their
 * origin.
 *
 * <p>A listed origin gets the CORS headers without credentials: its pages name their token in {@code Authorization},
 * because the cookie never leaves its own site.
 */
final class CrossSitePolicy {

    private static final Map<String, String> VARY = Map.of("Vary", "Origin");

    private static final Pattern HEADER_NAMES = Pattern.compile("[ \\t,A-Za-z0-9!#$%&'*+.^_`|~-]{1,1024}");

    private static final String USUAL_HEADERS = String.join(
            ", ",
            "Authorization",
            "Content-Type",
            "Last-Event-ID",
            Credentials.TOKEN_HEADER,
            Credentials.PARTICIPANT_HEADER);

    private final Set<Origin> allowed;
    private final Predicate<String> alsoAllowed;
    private final @Nullable Origin self;

    CrossSitePolicy(ChatHttpSettings settings) {
        URI base = settings.publicBaseUrl;
        this.allowed = settings.allowedOrigins;
        this.alsoAllowed = settings.alsoAllowedOrigins;
        this.self =
                base == null ? null : Origin.parse(base.resolve("/").toString().replaceAll("/$", ""));
    }

    /**
     * Checks a request that changes state.
     *
     * @throws ProblemException with 403 if it comes from a page of another site
     */
    void check(ApiRequest request) {
        String origin = request.header("Origin");
        if (!isListed(origin) && isFromOtherSite(request, origin)) {
            throw new ProblemException(Problem.CROSS_SITE);
        }
    }

    /** What the browser says counts; one too old to say it is judged by the page's host. */
    private boolean isFromOtherSite(ApiRequest request, @Nullable String origin) {
        String site = request.header("Sec-Fetch-Site");
        if (site != null && !site.isBlank()) {
            return site.strip().equalsIgnoreCase("same-site") || site.strip().equalsIgnoreCase("cross-site");
        }
        Origin page = Origin.parse(origin);
        boolean own = page != null && (page.isHost(request.header("Host")) || page.equals(self));
        return origin != null && !own;
    }

    private boolean isListed(@Nullable String text) {
        Origin origin = Origin.parse(text);
        return origin != null
                && (allowed.contains(origin)
                        || allowed.contains(origin.withAnyFirstLabel())
                        || alsoAllowed.test(origin.toString()));
    }

    /** The headers that let a listed page read the response; none if nothing is listed, which is the default. */
    Map<String, String> headers(@Nullable String origin) {
        if (allowed.isEmpty() && alsoAllowed == ChatHttpSettings.NO_ORIGIN) {
            return Map.of();
        }
        if (origin == null || !isListed(origin)) {
            return VARY;
        }
        return Map.of(
                "Vary", "Origin",
                "Access-Control-Allow-Origin", origin.strip(),
                "Access-Control-Expose-Headers", "Location, Retry-After");
    }

    /** Whether a browser asks here for a listed page what it may send. */
    boolean isPreflight(ApiRequest request) {
        return request.method().equals("OPTIONS")
                && request.header("Access-Control-Request-Method") != null
                && isListed(request.header("Origin"));
    }

    /**
     * The response to a preflight. The host trusts the page, so it may send the headers that it asks for: proxies of the
     * host's may want some that this API does not know.
     *
     * @param methods the methods that the path knows
     */
    static ApiResponse preflight(ApiRequest request, String methods) {
        String asked = request.header("Access-Control-Request-Headers");
        String headers = asked != null && HEADER_NAMES.matcher(asked).matches() ? asked.strip() : USUAL_HEADERS;
        return ApiResponse.empty()
                .with(Map.of(
                        "Access-Control-Allow-Methods", methods,
                        "Access-Control-Allow-Headers", headers,
                        "Access-Control-Max-Age", "600"));
    }
}
