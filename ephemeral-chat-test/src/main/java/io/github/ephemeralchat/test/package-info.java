/**
 * For tests of applications that use the chat: a chat in memory whose time the test moves, and which needs no framework for tests.
 *
 * <pre>{@code
 * try (TestChat chat = TestChat.create()) {
 *     Membership anna = chat.service().createRoom(RoomOptions.defaults(), Identity.named("Anna"));
 *     HeardRoom heard = chat.hear(anna.room().id());
 *     chat.advance(Duration.ofMinutes(10));
 *     RoomEvent.RoomDestroyed end = heard.next(RoomEvent.RoomDestroyed.class);
 * }
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.test;

import org.jspecify.annotations.NullMarked;
