package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/**
 * Says who a login of Spring Security's is in the chat. By default that is its name, as {@code
 * Identity.ofUser("user-" + login.getName(), login.getName())}; a bean of this type replaces it, for example to show another
 * name. A logout, and a session that is destroyed, revoke that identity: its streams end on all nodes, and the seats that
 * these have are free, on all of the user's devices.
 *
 * <pre>{@code
 * @Bean
 * LoginIdentity loginIdentity() {
 *     return login -> Identity.ofUser("user-" + login.getName(), displayName(login));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface LoginIdentity {

    /**
     * Says who somebody is. It is asked for each request that creates a room or is about one, so it must be cheap.
     *
     * @param login a login, or one that ends
     * @return the same id for the same user each time; null for somebody who has none and is anonymous in the chat
     */
    @Nullable
    Identity identity(Authentication login);

    /**
     * Returns hooks by which the participants are those who have logged in, as the starter has them; for hosts that
     * decide more about each request in a {@code RequestHooks} bean of their own.
     *
     * @return hooks with this identity, and the defaults otherwise
     */
    default RequestHooks<HttpServletRequest> hooks() {
        return RequestHooks.<HttpServletRequest>defaults()
                .withIdentity(request -> request.getUserPrincipal() instanceof Authentication login
                        ? Optional.ofNullable(identity(login))
                        : Optional.empty());
    }
}
