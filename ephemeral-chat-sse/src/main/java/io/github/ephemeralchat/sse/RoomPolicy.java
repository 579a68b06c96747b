package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.RoomOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The host's settings that do not depend on the kind of server.
 *
 * @param minMinutes the shortest life that a room may have
 * @param maxMinutes the longest
 * @param maxParticipants the greatest number of seats
 * @param ownerOnlyDestroy whether only owners may destroy their rooms
 * @param publicBaseUrl where clients find the API, null where they find it where the request came in
 * @param allowedOrigins the other sites whose pages may use the API
 * @param rateLimits how often somebody may ask
 */
record RoomPolicy(
        int minMinutes,
        int maxMinutes,
        int maxParticipants,
        boolean ownerOnlyDestroy,
        @Nullable URI publicBaseUrl,
        Set<Origin> allowedOrigins,
        RateLimits rateLimits) {

    private static final int USUAL_MINUTES = (int) RoomOptions.defaults().ttl().toMinutes();
    private static final int USUAL_PARTICIPANTS = RoomOptions.defaults().maxParticipants();

    /**
     * What a creator asks for, or the usual as near as the host allows.
     *
     * @throws ProblemException where it is out of the host's bounds
     */
    RoomOptions options(RequestBody body) {
        int minutes = body.integer("ttlMinutes", minMinutes, maxMinutes, usualMinutes());
        int participants = body.integer(
                "maxParticipants",
                RoomOptions.MIN_PARTICIPANTS,
                maxParticipants,
                Math.min(USUAL_PARTICIPANTS, maxParticipants));
        boolean ownerOnly = body.flag("ownerOnlyDestroy", ownerOnlyDestroy);
        return new RoomOptions(Duration.ofMinutes(minutes), participants, ownerOnly || ownerOnlyDestroy);
    }

    private int usualMinutes() {
        return Math.max(minMinutes, Math.min(USUAL_MINUTES, maxMinutes));
    }
}
