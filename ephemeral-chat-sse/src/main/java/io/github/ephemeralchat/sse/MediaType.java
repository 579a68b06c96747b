package io.github.ephemeralchat.sse;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The one type of body that requests may have. */
final class MediaType {

    private MediaType() {}

    /** Whether this is {@code application/json}, in UTF-8 if a charset is named at all. */
    static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals("application/json")) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }
}
