/**
 * Chat rooms over HTTP and Server-Sent Events. Start at {@link io.github.ephemeralchat.sse.EphemeralChatServlet}.
 *
 * <p>Nothing here is null unless it is annotated so; a null argument is answered by a {@link NullPointerException}.
 */
@NullMarked
package io.github.ephemeralchat.sse;

import org.jspecify.annotations.NullMarked;
