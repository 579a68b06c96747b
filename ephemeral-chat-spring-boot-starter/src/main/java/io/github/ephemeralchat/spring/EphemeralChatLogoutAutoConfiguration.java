package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.EphemeralChatService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.core.session.SessionDestroyedEvent;
import org.springframework.security.web.session.HttpSessionEventPublisher;

/** Where the host says who its logins are in the chat, those that end leave it. */
@AutoConfiguration(after = EphemeralChatAutoConfiguration.class)
@ConditionalOnClass({LogoutSuccessEvent.class, HttpSessionEventPublisher.class})
@ConditionalOnBean({LoginIdentity.class, EphemeralChatService.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class EphemeralChatLogoutAutoConfiguration {

    EphemeralChatLogoutAutoConfiguration() {}

    @Bean
    LogoutRevocation ephemeralChatLogoutRevocation(EphemeralChatService chat, LoginIdentity identities) {
        return new LogoutRevocation(chat, identities);
    }

    @Bean
    ApplicationListener<LogoutSuccessEvent> ephemeralChatOnLogout(LogoutRevocation revocation) {
        return event -> revocation.revoke(event.getAuthentication());
    }

    @Bean
    ApplicationListener<SessionDestroyedEvent> ephemeralChatOnSessionEnd(LogoutRevocation revocation) {
        return event -> event.getSecurityContexts().forEach(context -> revocation.revoke(context.getAuthentication()));
    }

    /** By it Spring Security learns that the container has ended a session. */
    @Bean
    @ConditionalOnMissingBean
    HttpSessionEventPublisher ephemeralChatSessionEvents() {
        return new HttpSessionEventPublisher();
    }
}
