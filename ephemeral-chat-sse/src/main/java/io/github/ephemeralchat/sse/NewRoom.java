package io.github.ephemeralchat.sse;

import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.model.RoomRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a creator asks for, within what the host allows.
 *
 * @param options how the room is
 * @param profile what the creator's client says of itself; null if it says nothing
 */
record NewRoom(RoomOptions options, @Nullable String profile) {

    static final Set<String> FIELDS = Set.of(
            "ttlMinutes",
            "maxParticipants",
            "name",
            "ownerOnlyDestroy",
            "token",
            "proof",
            "encrypted",
            "profile",
            "messageTtlSeconds",
            "signals",
            "properties");

    private static final int USUAL_MINUTES = (int) RoomOptions.defaults().ttl().toMinutes();
    private static final int USUAL_PARTICIPANTS = RoomOptions.defaults().rules().maxParticipants();
    private static final String TYPING = "typing";
    private static final String PRESENCE = "presence";
    private static final List<String> SIGNALS = List.of(TYPING, PRESENCE);

    /**
     * Reads what a creator asks for, or the usual as near as the host allows.
     *
     * @throws ProblemException if it is not valid, out of the host's bounds, or switched off
     */
    static NewRoom read(RequestBody body, ChatHttpSettings settings) {
        RoomRules rules = rules(body, settings);
        String proof = body.proof();
        String profile = body.profile();
        if (rules.encrypted() && proof == null) {
            throw ProblemException.invalid("An encrypted room asks for a proof.");
        }
        if (!rules.encrypted() && profile != null) {
            throw profileInPlainRoom();
        }
        Map<String, String> properties = body.properties();
        if (!properties.isEmpty()) {
            settings.require(Feature.PROPERTIES);
        }
        return new NewRoom(new RoomOptions(ttl(body, settings), rules, proof, properties), profile);
    }

    static ProblemException profileInPlainRoom() {
        return ProblemException.invalid("Only an encrypted room takes a profile.");
    }

    private static Duration ttl(RequestBody body, ChatHttpSettings settings) {
        int min = (int) settings.minTtl.toMinutes();
        int max = (int) settings.maxTtl.toMinutes();
        return Duration.ofMinutes(body.integer("ttlMinutes", min, max, Math.max(min, Math.min(USUAL_MINUTES, max))));
    }

    private static RoomRules rules(RequestBody body, ChatHttpSettings settings) {
        int seats = settings.maxParticipants;
        int participants = body.integer(
                "maxParticipants", RoomOptions.MIN_PARTICIPANTS, seats, Math.min(USUAL_PARTICIPANTS, seats));
        boolean ownerOnly = body.flag("ownerOnlyDestroy", false) || settings.ownerOnlyDestroy;
        boolean encrypted = body.flag("encrypted", false);
        if (encrypted) {
            settings.require(Feature.ENCRYPTION);
        }
        Duration messageTtl = null;
        if (body.has("messageTtlSeconds")) {
            messageTtl = body.messageTtl("messageTtlSeconds");
            settings.require(Feature.FORGETTING);
        }
        Set<String> signals = body.subset("signals", SIGNALS);
        if (!signals.isEmpty()) {
            settings.require(Feature.SIGNALS);
        }
        return RoomRules.plain(participants, ownerOnly)
                .withEncrypted(encrypted)
                .withMessageTtl(messageTtl)
                .withSignals(signals.contains(TYPING), signals.contains(PRESENCE));
    }
}
