package io.github.ephemeralchat.sse;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A scheme, a host and a port, as a browser names the site that a page came from.
 *
 * @param scheme {@code http} or {@code https}
 * @param authority the host in lower case, and the port if it is not the scheme's own
 */
record Origin(String scheme, String authority) {

    /** Reads an {@code Origin} header; null if it is absent or names no site of the web, as {@code null} does. */
    static @Nullable Origin parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text.strip().toLowerCase(Locale.ROOT));
            String scheme = uri.getScheme();
            boolean web = "http".equals(scheme) || "https".equals(scheme);
            boolean bare = web
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return bare ? new Origin(scheme, withoutDefaultPort(scheme, uri.getRawAuthority())) : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Whether a {@code Host} header names this host and port. */
    boolean isHost(@Nullable String host) {
        return host != null
                && authority.equals(withoutDefaultPort(scheme, host.strip().toLowerCase(Locale.ROOT)));
    }

    private static String withoutDefaultPort(String scheme, String authority) {
        String port = scheme.equals("https") ? ":443" : ":80";
        return authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    /** Returns it as a browser writes it. */
    @Override
    public String toString() {
        return scheme + "://" + authority;
    }
}
