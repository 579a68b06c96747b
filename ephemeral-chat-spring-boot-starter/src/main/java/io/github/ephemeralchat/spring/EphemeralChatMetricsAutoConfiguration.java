package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.micrometer.ChatMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Meters in the host's registry. */
@AutoConfiguration(
        before = EphemeralChatAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({ChatMetrics.class, MeterRegistry.class})
public class EphemeralChatMetricsAutoConfiguration {

    EphemeralChatMetricsAutoConfiguration() {}

    @Bean
    @ConditionalOnSingleCandidate(MeterRegistry.class)
    @ConditionalOnMissingBean
    ChatMetrics ephemeralChatMetrics(MeterRegistry registry) {
        return new ChatMetrics(registry);
    }
}
