/**
 * The chat's metrics as Micrometer's meters.
 *
 * <pre>{@code
 * MeterRegistry meters = registry; // The host's own.
 * EphemeralChatService chat =
 *         EphemeralChatService.builder(store).observer(new ChatMetrics(meters)).build();
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.micrometer;

import org.jspecify.annotations.NullMarked;
