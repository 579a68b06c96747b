package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.http.HttpServletRequest;
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

/** Whoever has logged in by Spring Security is a participant by that login, and leaves the chat when it ends. */
@AutoConfiguration(after = EphemeralChatAutoConfiguration.class)
@ConditionalOnClass({LogoutSuccessEvent.class, HttpSessionEventPublisher.class})
@ConditionalOnBean(EphemeralChatService.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class EphemeralChatLoginAutoConfiguration {

    EphemeralChatLoginAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    LoginIdentity ephemeralChatLoginIdentity() {
        return login -> Identity.ofUser("user-" + login.getName(), login.getName());
    }

    @Bean
    @ConditionalOnMissingBean
    RequestHooks<HttpServletRequest> ephemeralChatRequestHooks(LoginIdentity identities) {
        return identities.hooks();
    }

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
