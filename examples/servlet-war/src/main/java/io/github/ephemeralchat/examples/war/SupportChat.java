package io.github.ephemeralchat.examples.war;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.WebListener;
import org.jspecify.annotations.Nullable;

/** Starts the rooms with the application, under {@code /chat}, and ends them with it. The container finds it by itself. */
@WebListener
public final class SupportChat implements ServletContextListener {

    private @Nullable EphemeralChatService chat;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        chat = EphemeralChatService.create(MemoryRoomStore.create());
        ServletRegistration.Dynamic mounted = event.getServletContext()
                .addServlet("chat", new EphemeralChatServlet(chat, ChatHttpSettings.defaults()));
        mounted.setAsyncSupported(true);
        mounted.addMapping("/chat/*");
    }

    /** The container has ended the servlet, and with it the streams, before this. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (chat != null) {
            chat.close();
        }
    }
}
