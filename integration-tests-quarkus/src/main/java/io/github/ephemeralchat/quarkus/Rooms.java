package io.github.ephemeralchat.quarkus;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

class Rooms {

    @Produces
    @Singleton
    EphemeralChatService chat() {
        return EphemeralChatService.create(MemoryRoomStore.create());
    }

    void close(@Disposes EphemeralChatService chat) {
        chat.close();
    }
}
