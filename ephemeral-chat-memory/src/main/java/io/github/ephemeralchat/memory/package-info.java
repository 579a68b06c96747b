/**
 * Rooms in the memory of one JVM: {@link io.github.ephemeralchat.memory.MemoryRoomStore}. They are gone when it stops.
 */
@NullMarked
package io.github.ephemeralchat.memory;

import org.jspecify.annotations.NullMarked;
