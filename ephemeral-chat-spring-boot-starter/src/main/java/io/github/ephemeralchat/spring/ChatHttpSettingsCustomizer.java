package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.sse.ChatHttpSettings;

/**
 * Sets what takes code, such as how often anybody may ask. A host declares beans of this type; they run in their order,
 * after the properties were applied. Who the host's users are, and who may create rooms, a bean of the type
 * {@code RequestHooks<HttpServletRequest>} says.
 *
 * <pre>{@code
 * @Bean
 * ChatHttpSettingsCustomizer limits() {
 *     return settings -> settings.rateLimits(
 *             RateLimits.defaults().withRoomsPerAddress(Limit.of(5, Duration.ofMinutes(1))));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ChatHttpSettingsCustomizer {

    /**
     * Changes the settings.
     *
     * @param settings what the properties have set
     */
    void customize(ChatHttpSettings.Builder settings);
}
