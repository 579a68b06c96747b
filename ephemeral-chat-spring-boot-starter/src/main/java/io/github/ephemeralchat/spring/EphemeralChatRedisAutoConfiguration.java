package io.github.ephemeralchat.spring;

import static io.github.ephemeralchat.spring.ChatStartException.set;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Rooms in Redis: where the properties say, else where the host's own connections go. */
@AutoConfiguration(
        before = EphemeralChatAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass(RedisChat.class)
@ConditionalOnProperty(name = "ephemeral-chat.store", havingValue = "redis")
@EnableConfigurationProperties(EphemeralChatProperties.class)
public class EphemeralChatRedisAutoConfiguration {

    EphemeralChatRedisAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    RedisChat ephemeralChatRedis(EphemeralChatProperties properties, ObjectProvider<HostRedis> host) {
        var builder = RedisChat.builder().logLimits(EphemeralChatAutoConfiguration.logLimits(properties));
        set("redis.key-prefix", properties.redis().keyPrefix(), builder::keyPrefix);
        List<RedisURI> addresses = new ArrayList<>();
        properties
                .redis()
                .uris()
                .forEach(text -> set("redis.uris", text, uri -> addresses.add(RedisChat.address(uri))));
        var uris = addresses.toArray(RedisURI[]::new);
        switch (uris.length) {
            case 0 ->
                host.getIfAvailable(EphemeralChatRedisAutoConfiguration::noHostRedis)
                        .applyTo(builder);
            case 1 -> builder.server(uris[0]);
            default -> builder.cluster(uris);
        }
        try {
            return builder.connect();
        } catch (ChatUnavailableException e) {
            throw noRedis(e);
        }
    }

    private static HostRedis noHostRedis() {
        throw noHostRedis(".");
    }

    private static ChatStartException noHostRedis(String details) {
        return new ChatStartException(
                "ephemeral-chat.store=redis needs ephemeral-chat.redis.uris, or one LettuceConnectionFactory" + details,
                "Set ephemeral-chat.redis.uris, such as redis://localhost:6379, or add spring-boot-starter-data-redis, or mark"
                        + " one of several factories as primary.");
    }

    /** Redis' own words are kept out of it, since they may quote what was sent. */
    private static ChatStartException noRedis(ChatUnavailableException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.startsWith("WRONGPASS") || message.startsWith("NOAUTH") || message.startsWith("NOPERM")) {
                return new ChatStartException(
                        "Redis, in which the chat's rooms are to be, refuses this user or password.",
                        "Correct ephemeral-chat.redis.uris, or spring.data.redis.* if that is not set. Special"
                                + " characters of a password are percent-encoded in an address. The user needs the"
                                + " rights that docs/OPERATIONS.md lists.",
                        failure);
            }
        }
        return new ChatStartException(
                "Redis, in which the chat's rooms are to be, cannot be reached.",
                "Start Redis, or correct ephemeral-chat.redis.uris, or spring.data.redis.* if that is not set.",
                failure);
    }

    @Bean
    @ConditionalOnMissingBean
    RoomStore ephemeralChatStore(RedisChat redis) {
        return redis.store();
    }

    @Bean
    @ConditionalOnMissingBean
    RoomBroadcaster ephemeralChatBroadcaster(RedisChat redis) {
        return redis.broadcaster();
    }

    /** Apart, because it names classes of Spring Data. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(LettuceConnectionFactory.class)
    static class SpringData {

        SpringData() {}

        /** Looks at the beans themselves, and only if they are needed: a host may have declared them as the interface. */
        @Bean
        HostRedis ephemeralChatHostRedis(ObjectProvider<RedisConnectionFactory> factories) {
            return builder -> new LettuceHostRedis(lettuce(factories)).applyTo(builder);
        }

        private static LettuceConnectionFactory lettuce(ObjectProvider<RedisConnectionFactory> factories) {
            RedisConnectionFactory usual = factories.getIfUnique();
            if (usual instanceof LettuceConnectionFactory lettuce) {
                return lettuce;
            }
            List<LettuceConnectionFactory> all = factories.stream()
                    .filter(LettuceConnectionFactory.class::isInstance)
                    .map(LettuceConnectionFactory.class::cast)
                    .toList();
            if (all.size() == 1) {
                return all.get(0);
            }
            String other = usual == null
                    ? "."
                    : "; this application has a " + usual.getClass().getName() + ".";
            throw noHostRedis(other);
        }
    }
}
