/**
 * Chat rooms in a Spring Boot application: what is configured unless the host has its own. The servlet is there,
 * and so is the service:
 *
 * <pre>{@code
 * @Bean
 * ApplicationRunner firstRoom(EphemeralChatService chat) {
 *     return arguments -> chat.createRoom(RoomOptions.defaults(), Identity.named("Support"));
 * }
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.spring;

import org.jspecify.annotations.NullMarked;
