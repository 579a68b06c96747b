/**
 * The values, the events and the exceptions. Depends on no other package of this library.
 *
 * <pre>{@code
 * RoomOptions options = RoomOptions.defaults().withTtl(Duration.ofMinutes(30)).withMaxParticipants(3);
 * Identity anna = Identity.named("Anna");
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.model;

import org.jspecify.annotations.NullMarked;
