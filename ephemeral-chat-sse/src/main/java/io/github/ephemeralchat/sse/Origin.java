package io.github.ephemeralchat.sse;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A scheme, a host and a port, as a browser names the site that a page came from. Any scheme, since pages of extensions
 * and of packaged applications have their own; any host that a browser would connect to, also with an underscore.
 *
 * @param scheme the scheme in lower case; empty for {@code null}, the origin of pages that have none
 * @param authority the host in lower case, and the port if it is not the scheme's own; {@code *} stands for one label
 */
record Origin(String scheme, String authority) {

    private static final Pattern FORM =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([^\\s/?#@,:\\[\\]]+|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?");
    private static final Origin NONE = new Origin("", "null");

    /** Reads an {@code Origin} header; null if it is absent or malformed. */
    static @Nullable Origin parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String plain = text.strip().toLowerCase(Locale.ROOT);
        Matcher form = FORM.matcher(plain);
        if (!form.matches()) {
            return plain.equals("null") ? NONE : null;
        }
        String host = ascii(form.group(2));
        String port = form.group(3) == null ? "" : form.group(3);
        return host == null ? null : new Origin(form.group(1), withoutDefaultPort(form.group(1), host + port));
    }

    private static @Nullable String ascii(String host) {
        try {
            return host.chars().allMatch(c -> c < 0x80) ? host : IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether a {@code Host} header names this host and port. */
    boolean isHost(@Nullable String host) {
        return host != null
                && authority.equals(withoutDefaultPort(scheme, host.strip().toLowerCase(Locale.ROOT)));
    }

    /** The same with {@code *} in place of the first label. */
    Origin withAnyFirstLabel() {
        int dot = authority.indexOf('.');
        return dot < 0 ? this : new Origin(scheme, "*" + authority.substring(dot));
    }

    private static String withoutDefaultPort(String scheme, String authority) {
        String port = switch (scheme) {
            case "https" -> ":443";
            case "http" -> ":80";
            default -> "";
        };
        return port.isEmpty() || !authority.endsWith(port)
                ? authority
                : authority.substring(0, authority.length() - port.length());
    }

    /** Returns it as a browser writes it. */
    @Override
    public String toString() {
        return scheme.isEmpty() ? authority : scheme + "://" + authority;
    }
}
