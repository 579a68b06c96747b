package io.github.ephemeralchat.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * Spares the API the host's CSRF tokens, in each of the host's filter chains: it refuses by itself what another site's
 * page sends. Who may call it stays the host's decision.
 */
@AutoConfiguration(after = EphemeralChatServletAutoConfiguration.class)
@ConditionalOnClass({HttpSecurity.class, PathPatternRequestMatcher.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public class EphemeralChatSecurityAutoConfiguration {

    EphemeralChatSecurityAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "ephemeralChatCsrf")
    Customizer<CsrfConfigurer<HttpSecurity>> ephemeralChatCsrf(EphemeralChatProperties properties) {
        return csrf ->
                csrf.ignoringRequestMatchers(PathPatternRequestMatcher.pathPattern(properties.basePath() + "/**"));
    }
}
