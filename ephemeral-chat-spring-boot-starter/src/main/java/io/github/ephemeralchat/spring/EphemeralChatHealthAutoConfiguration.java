package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.DeliveryCheck;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Whether signals of what is posted on this node reach it, as the health component {@code ephemeralChat}. */
@AutoConfiguration(after = EphemeralChatAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
public class EphemeralChatHealthAutoConfiguration {

    /** Longer than a store may take to fail, and soon enough for a probe. */
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    EphemeralChatHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnEnabledHealthIndicator("ephemeral-chat")
    @ConditionalOnMissingBean(name = "ephemeralChatHealthIndicator")
    HealthIndicator ephemeralChatHealthIndicator(RoomStore store, RoomBroadcaster broadcaster) {
        return new DeliveryHealth(new DeliveryCheck(store, broadcaster, TIMEOUT));
    }
}
