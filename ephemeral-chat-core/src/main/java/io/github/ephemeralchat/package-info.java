/**
 * Self-destructing chat rooms inside any application. Start at {@link io.github.ephemeralchat.EphemeralChatService}.
 *
 * <pre>{@code
 * EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
 * Membership anna = chat.createRoom(RoomOptions.defaults(), Identity.anonymous());
 * RoomId code = anna.room().id();
 *
 * Membership ben = chat.join(code, Identity.named("Ben"));
 * chat.as(code, ben.token()).post("hello");
 * chat.history(code, 0, 100).messages().forEach(message -> System.out.println(message.text()));
 *
 * chat.asHost(code).destroy(); // or its time runs out: then all of it is gone
 * }</pre>
 *
 * <p>Nothing in this library is null unless it is annotated so. What hosts call refuses every other null at once, with a
 * {@link NullPointerException} that names the parameter, or what it sets.
 */
@NullMarked
package io.github.ephemeralchat;

import org.jspecify.annotations.NullMarked;
