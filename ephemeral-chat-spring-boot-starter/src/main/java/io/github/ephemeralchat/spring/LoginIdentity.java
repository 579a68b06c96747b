package io.github.ephemeralchat.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/**
 * Says who a login of Spring Security's is in the chat. Where a host declares a bean of this type, a logout, and a session that
 * is destroyed, revoke that identity: its streams end on all nodes, and the seats that these have are free, on all of the
 * user's devices.
 *
 * <pre>{@code
 * @Bean
 * LoginIdentity loginIdentity() {
 *     return login -> "user-" + login.getName();
 * }
 * }</pre>
 */
@FunctionalInterface
public interface LoginIdentity {

    /**
     * Says who somebody is.
     *
     * @param login a login that ends
     * @return the id that the host's {@code RequestHooks} give to the same user; null for somebody who has none
     */
    @Nullable
    String identityId(Authentication login);
}
