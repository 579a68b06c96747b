package io.github.ephemeralchat.benchmarks.peer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.PatternTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/** Several instances: a post is published in Redis, and each instance hears all rooms and sends to its own emitters. */
@Configuration
@Profile("redis")
class RedisFanOut {

    private static final String CHANNEL = "room:";

    @Bean
    FanOut fanOut(StringRedisTemplate redis, JsonMapper json) {
        return message -> redis.convertAndSend(CHANNEL + message.roomId(), json.writeValueAsString(message));
    }

    /** With one thread: the container's own executor, a thread for each message, does not keep their order. */
    @Bean
    RedisMessageListenerContainer listener(RedisConnectionFactory factory, Emitters emitters) {
        RedisMessageListenerContainer container = new RedisMessageListenerContainer();
        container.setConnectionFactory(factory);
        container.setTaskExecutor(Executors.newSingleThreadExecutor());
        container.addMessageListener((message, pattern) -> deliver(message, emitters), new PatternTopic(CHANNEL + "*"));
        return container;
    }

    private static void deliver(Message message, Emitters emitters) {
        String room = new String(message.getChannel(), StandardCharsets.UTF_8).substring(CHANNEL.length());
        String json = new String(message.getBody(), StandardCharsets.UTF_8);
        emitters.sendAll(room, () -> SseEmitter.event().name("message").data(json));
    }
}
