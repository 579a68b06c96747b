package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.sse.ChatHttpSettings;

/**
 * Sets what takes code: who the host's users are, who may create rooms, how often anybody may ask. A host declares beans
 * of this type; they run in their order, after the properties were applied.
 *
 * <pre>{@code
 * @Bean
 * ChatHttpSettingsCustomizer participants() {
 *     return settings -> settings.identity(request ->
 *             Optional.ofNullable(request.getUserPrincipal()).map(user -> new Identity(user.getName(), user.getName())));
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
