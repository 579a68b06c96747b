package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.lettuce.core.RedisURI;
import java.util.List;
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
        RedisChat.Builder builder = RedisChat.builder()
                .keyPrefix(properties.redis().keyPrefix())
                .logLimits(EphemeralChatAutoConfiguration.logLimits(properties));
        List<RedisURI> uris =
                properties.redis().uris().stream().map(RedisURI::create).toList();
        if (uris.isEmpty()) {
            HostRedis hosts = host.getIfAvailable();
            if (hosts == null) {
                throw new IllegalStateException(
                        "ephemeral-chat.store=redis needs ephemeral-chat.redis.uris, or one LettuceConnectionFactory");
            }
            hosts.applyTo(builder);
        } else if (uris.size() == 1) {
            builder.server(uris.get(0));
        } else {
            builder.cluster(uris.toArray(RedisURI[]::new));
        }
        return builder.connect();
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
