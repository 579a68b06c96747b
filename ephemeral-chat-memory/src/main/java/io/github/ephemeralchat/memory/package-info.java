/**
 * Rooms in the memory of one JVM: {@link io.github.ephemeralchat.memory.MemoryRoomStore}. They are gone when it stops.
 *
 * <pre>{@code
 * EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.memory;

import org.jspecify.annotations.NullMarked;
