package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** A host with a login, a controller of its own, and the starter. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class HostApplication {

    /** What handled the last request to the chat. */
    static final AtomicReference<Thread> HANDLER = new AtomicReference<>();

    @Bean
    SecurityFilterChain chain(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/chat/**", "/actuator/**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(Customizer.withDefaults())
                .build();
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                User.withUsername("anna").password("{noop}a").build(),
                User.withUsername("ben").password("{noop}b").build());
    }

    @Bean
    RequestHooks<HttpServletRequest> identities() {
        return RequestHooks.<HttpServletRequest>defaults().withIdentity(HostApplication::identity);
    }

    private static Optional<Identity> identity(HttpServletRequest request) {
        return Optional.ofNullable(request.getUserPrincipal())
                .map(Principal::getName)
                .map(name -> new Identity("user-" + name, name));
    }

    @Bean
    Filter watch() {
        return (request, response, chain) -> {
            if (((HttpServletRequest) request).getRequestURI().startsWith("/chat/")) {
                HANDLER.set(Thread.currentThread());
            }
            chain.doFilter(request, response);
        };
    }

    /** The host's own. */
    @RestController
    static class Own {

        @PostMapping("/own")
        String own() {
            return "own";
        }
    }
}
