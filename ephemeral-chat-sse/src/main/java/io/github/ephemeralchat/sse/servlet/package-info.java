/**
 * The HTTP API in a servlet container: the only package that knows the servlet API. Start at
 * {@link io.github.ephemeralchat.sse.servlet.EphemeralChatServlet}.
 *
 * <pre>{@code
 * EphemeralChatServlet servlet = new EphemeralChatServlet(chat, ChatHttpSettings.defaults());
 * ServletRegistration.Dynamic api = context.addServlet("chat", servlet);
 * api.setAsyncSupported(true);
 * api.addMapping("/chat/*");
 * }</pre>
 *
 * <p>Nothing here is null unless it is annotated so; a null argument leads to a {@link NullPointerException}.
 */
@NullMarked
package io.github.ephemeralchat.sse.servlet;

import org.jspecify.annotations.NullMarked;
