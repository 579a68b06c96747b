package io.github.ephemeralchat.examples.boot;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spring.ChatEvent;
import io.github.ephemeralchat.spring.LoginIdentity;
import io.github.ephemeralchat.sse.RequestHooks;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Customers ask, support answers. A chat lives half an hour, or until one of both ends it. */
@RestController
class SupportDesk {

    private static final RoomOptions A_CHAT =
            RoomOptions.defaults().withTtl(Duration.ofMinutes(30)).withMaxParticipants(2);

    private final EphemeralChatService chat;
    /** The latest chat of each customer. */
    private final ConcurrentMap<String, RoomId> chats = new ConcurrentHashMap<>();

    SupportDesk(EphemeralChatService chat) {
        this.chat = chat;
    }

    /** A customer's chat; null where there is none. */
    record Chat(String code) {}

    /** A customer who has asked. */
    record Request(String code, String name, Instant since) {}

    /** Opens a chat in the customer's name, whose page then takes the seat that it has there. */
    @PostMapping("/support/chat")
    Chat ask(Principal customer) {
        String user = customer.getName();
        return current(user).orElseGet(() -> {
            RoomId code =
                    chat.createRoom(A_CHAT, Accounts.identity(user)).room().id();
            chats.put(user, code);
            return new Chat(code.value());
        });
    }

    @GetMapping("/support/chat")
    Optional<Chat> current(Principal customer) {
        return current(customer.getName());
    }

    private Optional<Chat> current(String user) {
        return Optional.ofNullable(chats.get(user))
                .flatMap(chat::findRoom)
                .map(room -> new Chat(room.id().value()));
    }

    /** A chat that is over is forgotten; one that has expired unheard, when support looks. */
    @EventListener
    void forget(ChatEvent.RoomEnded ended) {
        chats.values().remove(ended.room());
    }

    @GetMapping("/desk/requests")
    List<Request> requests() {
        chats.values().removeIf(code -> chat.findRoom(code).isEmpty());
        return chats.entrySet().stream()
                .flatMap(entry -> chat.findRoom(entry.getValue()).map(room -> request(entry.getKey(), room)).stream())
                .toList();
    }

    private static Request request(String user, Room room) {
        return new Request(room.id().value(), Accounts.identity(user).name(), room.createdAt());
    }

    /** What the chat has to know of the shop. */
    @Configuration(proxyBeanMethods = false)
    static class ChatSettings {

        ChatSettings() {}

        /** The shop's users are the participants, under the names that others see in the shop. */
        @Bean
        LoginIdentity participants() {
            return login -> Accounts.identity(login.getName());
        }

        /** Only the shop opens chats. */
        @Bean
        RequestHooks<HttpServletRequest> hooks(LoginIdentity participants) {
            return participants.hooks().withMayCreate(request -> false);
        }
    }
}
