package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.EphemeralChatService;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The actuator's endpoint {@code ephemeralchat}, if the host exposes it. */
@AutoConfiguration(after = EphemeralChatAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(EphemeralChatService.class)
@ConditionalOnAvailableEndpoint(endpoint = ChatEndpoint.class)
public class EphemeralChatEndpointAutoConfiguration {

    EphemeralChatEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ChatEndpoint ephemeralChatEndpoint(EphemeralChatService chat) {
        return new ChatEndpoint(chat);
    }
}
