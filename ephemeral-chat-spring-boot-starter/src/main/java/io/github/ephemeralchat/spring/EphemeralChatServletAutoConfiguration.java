package io.github.ephemeralchat.spring;

import static io.github.ephemeralchat.spring.ChatStartException.set;

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
import org.springframework.core.env.Environment;

/** The HTTP API, mounted below {@code ephemeral-chat.base-path}. */
@AutoConfiguration(after = EphemeralChatAutoConfiguration.class)
@ConditionalOnClass(Servlet.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class EphemeralChatServletAutoConfiguration {

    EphemeralChatServletAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ChatHttpSettings ephemeralChatHttpSettings(
            EphemeralChatProperties properties,
            ObjectProvider<ChatHttpSettingsCustomizer> customizers,
            Environment environment) {
        var settings = ChatHttpSettings.builder()
                .ownerOnlyDestroy(properties.ownerOnlyDestroy())
                .disabledFeatures(properties.disabledFeatures())
                .showIdentityIds(properties.showIdentityIds())
                .rateLimits(properties.rateLimits() ? RateLimits.defaults() : RateLimits.off());
        set("min-ttl", properties.minTtl(), settings::minTtl);
        set("max-ttl", properties.maxTtl(), settings::maxTtl);
        set("max-participants", properties.maxParticipants(), settings::maxParticipants);
        set("entry-kinds", properties.entryKinds(), settings::entryKinds);
        set("cue-kinds", properties.cueKinds(), settings::cueKinds);
        set("allowed-origins", properties.allowedOrigins(), settings::allowedOrigins);
        set("trusted-proxies", properties.trustedProxies(), settings::trustedProxies);
        if (properties.publicBaseUrl() != null) {
            set("public-base-url", properties.publicBaseUrl(), settings::publicBaseUrl);
        }
        streams(properties.streams(), settings, environment);
        customizers.orderedStream().forEach(customizer -> customizer.customize(settings));
        return settings.build();
    }

    private static void streams(
            EphemeralChatProperties.Streams streams, ChatHttpSettings.Builder settings, Environment environment) {
        set("streams.max", streams.max(), max -> settings.maxStreams(ConnectionLimit.streams(max, environment)));
        set("streams.max-per-address", streams.maxPerAddress(), settings::maxStreamsPerAddress);
        set("streams.max-per-participant", streams.maxPerParticipant(), settings::maxStreamsPerParticipant);
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
        registration.setLoadOnStartup(1); // the log says where the API is before the first request
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
