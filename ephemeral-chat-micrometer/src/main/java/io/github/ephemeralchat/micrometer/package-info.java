/**
 * The chat's metrics as Micrometer's meters.
 *
 * <pre>{@code
 * EphemeralChatService chat =
 *         EphemeralChatService.builder(store).observer(new ChatMetrics(registry)).build();
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.micrometer;

import org.jspecify.annotations.NullMarked;
