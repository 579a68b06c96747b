/**
 * Contract tests that any store or broadcaster can extend: {@link io.github.ephemeralchat.tck.RoomStoreContract} and
 * {@link io.github.ephemeralchat.tck.RoomBroadcasterContract}, and the tools that they are made of. Each test's name
 * begins with the rules that it judges, as they are numbered in {@link io.github.ephemeralchat.spi.RoomStore} and
 * {@link io.github.ephemeralchat.spi.RoomBroadcaster}.
 *
 * <pre>{@code
 * class MemoryRoomStoreTest extends RoomStoreContract {
 *
 *     private final SettableTime time = new SettableTime();
 *
 *     protected RoomStore createStore(LogLimits limits) {
 *         return MemoryRoomStore.builder().logLimits(limits).timeSource(time).build();
 *     }
 *
 *     protected boolean holdsOutsideThisJvm(RoomIncarnation room) {
 *         return false;
 *     }
 *
 *     protected void passTime(Duration duration) {
 *         time.advance(duration);
 *     }
 *
 *     protected Duration timeTolerance() {
 *         return Duration.ZERO;
 *     }
 * }
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.tck;

import org.jspecify.annotations.NullMarked;
