/**
 * What a backend implements: {@link io.github.ephemeralchat.spi.RoomStore} keeps each room's log and is the only
 * authority on order and expiry; {@link io.github.ephemeralchat.spi.RoomBroadcaster} carries hints between nodes. The
 * rules S1.. and B1.. in their documentation are tested by the module {@code ephemeral-chat-tck}.
 *
 * <p>A service takes one of each; a store that only one node uses needs no broadcaster of its own:
 *
 * <pre>{@code
 * EphemeralChatService chat = EphemeralChatService.create(myStore, RoomBroadcaster.local());
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.spi;

import org.jspecify.annotations.NullMarked;
