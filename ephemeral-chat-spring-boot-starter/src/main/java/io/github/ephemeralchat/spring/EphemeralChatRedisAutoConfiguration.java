package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.lettuce.core.RedisURI;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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
        var builder = RedisChat.builder()
                .keyPrefix(properties.redis().keyPrefix())
                .logLimits(EphemeralChatAutoConfiguration.logLimits(properties));
        var uris = properties.redis().uris().stream().map(RedisURI::create).toArray(RedisURI[]::new);
        switch (uris.length) {
            case 0 ->
                host.getIfAvailable(EphemeralChatRedisAutoConfiguration::noHostRedis)
                        .applyTo(builder);
            case 1 -> builder.server(uris[0]);
            default -> builder.cluster(uris);
        }
        return builder.connect();
    }

    private static HostRedis noHostRedis() {
        throw new IllegalStateException(
                "ephemeral-chat.store=redis needs ephemeral-chat.redis.uris, or one LettuceConnectionFactory");
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

        @Bean
        @ConditionalOnSingleCandidate(LettuceConnectionFactory.class)
        HostRedis ephemeralChatHostRedis(LettuceConnectionFactory factory) {
            return new LettuceHostRedis(factory);
        }
    }
}
