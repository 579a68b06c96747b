package io.github.ephemeralchat.quarkus;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;

@SuppressWarnings("serial")
@WebServlet(name = "chat", urlPatterns = "/chat/*", asyncSupported = true, loadOnStartup = 1)
public class ChatServlet extends EphemeralChatServlet {

    @Inject
    public ChatServlet(EphemeralChatService chat) {
        super(chat, ChatHttpSettings.defaults());
    }
}
