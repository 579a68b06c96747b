package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.internal.support.Setting;
import io.github.ephemeralchat.sse.Feature;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * What a host sets in its properties; what takes code is for a {@link ChatHttpSettingsCustomizer}.
 *
 * @param basePath Path below which the API is mounted, with a slash before it and none after it.
 * @param store Where rooms are kept: in the memory of this JVM, or in Redis or PostgreSQL, which any number of nodes share.
 * @param publicBaseUrl URL of the API as clients see it, for hosts behind a proxy that ends TLS or strips a prefix. By
 *     default taken from the request.
 * @param allowedOrigins Origins of other sites whose pages may use the API, such as https://app.example.org.
 * @param minTtl Shortest life of a room, in whole minutes.
 * @param maxTtl Longest life that a creator may ask for, in whole minutes, up to a day.
 * @param longestLife How long a room may live at most, however often its owner moves its end, in minutes up to a day. By
 *     default as long as max-ttl.
 * @param maxParticipants Greatest number of seats of a room, 2 to 1000.
 * @param ownerOnlyDestroy Whether only its owner may destroy a room.
 * @param disabledFeatures What participants may not do: encryption, properties, deadline, signals, forgetting.
 * @param entryKinds Kinds of entries of the host's own that participants may post, such as x-reaction.
 * @param cueKinds Kinds of cues of the host's own that participants may send, such as x-cursor.
 * @param showIdentityIds Whether clients see the ids of the host's identities as they are, and not a code for each.
 * @param hostName Name that participants see as the sender of what the host posts.
 * @param rateLimits Whether requests of addresses and messages of participants are limited.
 * @param trustedProxies Number of the host's proxies in front of the application. Each appends the address that it has
 *     seen to X-Forwarded-For, and limits count the address that the outermost has appended.
 * @param streams How many event streams there may be.
 * @param log How much of a room's log is kept.
 * @param memory The store in memory.
 * @param redis The store in Redis.
 * @param postgresql The store in PostgreSQL.
 */
@ConfigurationProperties("ephemeral-chat")
record EphemeralChatProperties(
        @DefaultValue("/chat") String basePath,
        @DefaultValue("memory") Store store,
        @Nullable URI publicBaseUrl,
        @DefaultValue Set<String> allowedOrigins,

        @DefaultValue("1") @DurationUnit(ChronoUnit.MINUTES) Duration minTtl,

        @DefaultValue("1440") @DurationUnit(ChronoUnit.MINUTES)
        Duration maxTtl,

        @DurationUnit(ChronoUnit.MINUTES) @Nullable Duration longestLife,

        @DefaultValue("1000") int maxParticipants,
        @DefaultValue("false") boolean ownerOnlyDestroy,
        @DefaultValue Set<Feature> disabledFeatures,
        @DefaultValue Set<String> entryKinds,
        @DefaultValue Set<String> cueKinds,
        @DefaultValue("false") boolean showIdentityIds,
        @DefaultValue("Host") String hostName,
        @DefaultValue("true") boolean rateLimits,
        @DefaultValue("0") int trustedProxies,
        @DefaultValue Streams streams,
        @DefaultValue Log log,
        @DefaultValue Memory memory,
        @DefaultValue Redis redis,
        @DefaultValue Postgresql postgresql) {

    EphemeralChatProperties {
        Setting.check(
                basePath.matches("(/[A-Za-z0-9._~-]+)+"), "ephemeral-chat.base-path", basePath, "a path such as /chat");
    }

    /** Where rooms are kept. */
    enum Store {
        /** In the memory of this JVM: for one node. */
        MEMORY,
        /** In Redis: for any number of nodes. */
        REDIS,
        /** In the host's PostgreSQL: for any number of nodes. */
        POSTGRESQL
    }

    /**
     * How many event streams there may be.
     *
     * @param max Streams of this node at once.
     * @param maxPerAddress Streams of one client address at once, on this node.
     * @param maxPerParticipant Streams of one participant at once, on this node; beyond it the oldest ends.
     */
    record Streams(
            @DefaultValue("10000") int max,
            @DefaultValue("1000") int maxPerAddress,
            @DefaultValue("8") int maxPerParticipant) {}

    /**
     * How much of a room's log is kept; the oldest is trimmed, and posts are never refused for it.
     *
     * @param maxEntries Entries that a room keeps.
     * @param maxText Text that a room keeps.
     */
    record Log(
            @DefaultValue("10000") int maxEntries,
            @DefaultValue("8MB") DataSize maxText) {}

    /**
     * The store in memory.
     *
     * @param maxRooms Rooms at once; beyond it a new one is refused.
     * @param maxSize Memory of all rooms together; beyond it new rooms, seats and messages are refused. By
     *     default a quarter of the JVM's greatest heap.
     */
    record Memory(
            @DefaultValue("100000") int maxRooms, @Nullable DataSize maxSize) {}

    /**
     * The store in Redis.
     *
     * @param uris One server or set of Sentinels, or several nodes of one cluster. By default the
     *     address of the host's LettuceConnectionFactory.
     * @param keyPrefix What all keys and channels begin with.
     */
    record Redis(
            @DefaultValue List<String> uris,
            @DefaultValue("ec") String keyPrefix) {

        Redis {
            uris = whole(uris);
        }

        /** Commas stand between the values of a list, and between the Sentinels of one address. */
        private static List<String> whole(List<String> parts) {
            List<String> whole = new ArrayList<>();
            for (String part : parts) {
                int last = whole.size() - 1;
                if (last < 0 || part.contains("://")) {
                    whole.add(part);
                } else {
                    whole.set(last, whole.get(last) + "," + part);
                }
            }
            return List.copyOf(whole);
        }
    }

    /**
     * The store in PostgreSQL, over the host's DataSource.
     *
     * @param createSchema Whether the schema ephemeral_chat is created if it is not there; otherwise a migration does it.
     * @param maxConnections How many of the pool's connections are in use at once at most, beside one for signals.
     */
    record Postgresql(
            @DefaultValue("false") boolean createSchema,
            @DefaultValue("8") int maxConnections) {}
}
