/**
 * Chat rooms over HTTP and Server-Sent Events: the protocol, free of any server. A host sets
 * {@link io.github.ephemeralchat.sse.ChatHttpSettings} and {@link io.github.ephemeralchat.sse.RequestHooks} and mounts
 * the API in a servlet container by {@code EphemeralChatServlet} of the package {@code servlet}, or on a server of its
 * own by the module {@code ephemeral-chat-netty}; a server's author starts at
 * {@link io.github.ephemeralchat.sse.ChatApi}.
 *
 * <pre>{@code
 * ChatHttpSettings settings = ChatHttpSettings.builder().maxTtl(Duration.ofHours(1)).build();
 * ChatApi api = new ChatApi(chat, settings); // closed before the service
 * }</pre>
 *
 * <p>Nothing here is null unless it is annotated so; a null argument leads to a {@link NullPointerException}.
 */
@NullMarked
package io.github.ephemeralchat.sse;

import org.jspecify.annotations.NullMarked;
