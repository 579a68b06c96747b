package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.RoomId;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where clients find the API: at the host's public base URL, or else where the request came in. Without a base URL a
 * {@code Location} is a path alone, so that no {@code Host} header that somebody made up gets into an answer.
 */
final class PublicUrls {

    private final @Nullable URI base;

    PublicUrls(@Nullable URI base) {
        this.base = base;
    }

    /** The path of a room, for a cookie. */
    String roomPath(ApiRequest request, RoomId room) {
        String mount = base == null ? request.mount() : base.getRawPath();
        return mount + "/rooms/" + room.value();
    }

    /** The URL of a room, for {@code Location}. */
    String roomUrl(ApiRequest request, RoomId room) {
        String path = roomPath(request, room);
        return base == null ? path : base.getScheme() + "://" + base.getRawAuthority() + path;
    }

    boolean isSecure(ApiRequest request) {
        return request.secure() || (base != null && "https".equals(base.getScheme()));
    }

    /** The base URL's origin, or null. */
    @Nullable
    Origin origin() {
        return base == null ? null : Origin.parse(base.getScheme() + "://" + base.getRawAuthority());
    }
}
