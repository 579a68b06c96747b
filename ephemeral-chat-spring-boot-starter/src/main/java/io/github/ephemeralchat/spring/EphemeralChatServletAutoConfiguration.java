package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/** The HTTP API, mounted below {@code ephemeral-chat.base-path}. */
@AutoConfiguration(after = EphemeralChatAutoConfiguration.class)
@ConditionalOnClass(Servlet.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class EphemeralChatServletAutoConfiguration {

    EphemeralChatServletAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ChatHttpSettings ephemeralChatHttpSettings(
            EphemeralChatProperties properties, ObjectProvider<ChatHttpSettingsCustomizer> customizers) {
        var settings = ChatHttpSettings.builder()
                .minTtl(properties.minTtl())
                .maxTtl(properties.maxTtl())
                .maxParticipants(properties.maxParticipants())
                .ownerOnlyDestroy(properties.ownerOnlyDestroy())
                .disabledFeatures(properties.disabledFeatures())
                .entryKinds(properties.entryKinds())
                .cueKinds(properties.cueKinds())
                .showIdentityIds(properties.showIdentityIds())
                .allowedOrigins(properties.allowedOrigins())
                .rateLimits(properties.rateLimits() ? RateLimits.defaults() : RateLimits.off())
                .trustedProxies(properties.trustedProxies())
                .maxStreams(properties.streams().max())
                .maxStreamsPerAddress(properties.streams().maxPerAddress())
                .maxStreamsPerParticipant(properties.streams().maxPerParticipant());
        if (properties.publicBaseUrl() != null) {
            settings.publicBaseUrl(properties.publicBaseUrl());
        }
        customizers.orderedStream().forEach(customizer -> customizer.customize(settings));
        return settings.build();
    }

    /** The servlet is no bean of its own: Boot would mount one that a host has not registered at a path of Boot's choice. */
    @Bean
    @ConditionalOnMissingBean
    ServletRegistrationBean<EphemeralChatServlet> ephemeralChatServletRegistration(
            EphemeralChatService service,
            ChatHttpSettings settings,
            ObjectProvider<RequestHooks<HttpServletRequest>> hooks,
            EphemeralChatProperties properties,
            ObjectProvider<EphemeralChatServlet> own) {
        EphemeralChatServlet servlet = own.getIfAvailable(
                () -> new EphemeralChatServlet(service, settings, hooks.getIfAvailable(RequestHooks::defaults)));
        var registration = new ServletRegistrationBean<>(servlet, properties.basePath() + "/*");
        registration.setName("ephemeralChat");
        return registration;
    }

    @Bean
    StreamShutdown ephemeralChatStreamShutdown(
            ObjectProvider<ServletRegistrationBean<EphemeralChatServlet>> registrations) {
        return new StreamShutdown(registrations.stream()
                .map(ServletRegistrationBean::getServlet)
                .filter(Objects::nonNull)
                .toList());
    }
}
