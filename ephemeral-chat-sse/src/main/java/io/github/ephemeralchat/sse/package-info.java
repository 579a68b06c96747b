/**
 * Chat rooms over HTTP and Server-Sent Events. Start at {@link io.github.ephemeralchat.sse.EphemeralChatServlet}.
 *
 * <pre>{@code
 * EphemeralChatServlet servlet = new EphemeralChatServlet(chat, ChatHttpSettings.defaults());
 * ServletRegistration.Dynamic api = context.addServlet("chat", servlet);
 * api.setAsyncSupported(true);
 * api.addMapping("/chat/*");
 * }</pre>
 *
 * <p>Nothing here is null unless it is annotated so; a null argument is answered by a {@link NullPointerException}.
 */
@NullMarked
package io.github.ephemeralchat.sse;

import org.jspecify.annotations.NullMarked;
