package io.github.ephemeralchat.examples.boot;

import io.github.ephemeralchat.model.Identity;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/** The shop's own users and its login, of which the chat knows nothing. */
@Configuration(proxyBeanMethods = false)
class Accounts {

    /** What others see of them. */
    private static final Map<String, String> NAMES = Map.of("anna", "Anna Berg", "sam", "Sam from support");

    Accounts() {}

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                User.withUsername("anna")
                        .password("{noop}anna")
                        .roles("CUSTOMER")
                        .build(),
                User.withUsername("sam").password("{noop}sam").roles("SUPPORT").build());
    }

    /** Who a user is in a chat. */
    static Identity identity(String user) {
        return Identity.ofUser("user-" + user, NAMES.getOrDefault(user, user));
    }

    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/actuator/health")
                        .permitAll()
                        .requestMatchers("/desk.html", "/desk/**")
                        .hasRole("SUPPORT")
                        .anyRequest()
                        .authenticated())
                .formLogin(Customizer.withDefaults())
                // A page that calls the chat is told that it is logged out, rather than shown the login.
                .exceptionHandling(errors -> errors.defaultAuthenticationEntryPointFor(
                        new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED),
                        PathPatternRequestMatcher.pathPattern("/chat/**")))
                // The shop's own pages send its token in a header.
                .csrf(CsrfConfigurer::spa)
                .build();
    }
}
