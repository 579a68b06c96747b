package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.testsupport.RawConnection;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;

/** A server of its own for each test, on rooms in memory. */
abstract class ServerTest {

    static final String CONTRACT = "GET /api/openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n";

    final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    NettyChatServer server;

    RawConnection connect(UnaryOperator<NettyChatServer.Builder> settings) throws IOException {
        ChatHttpSettings unlimited =
                ChatHttpSettings.builder().rateLimits(RateLimits.off()).build();
        server = settings.apply(NettyChatServer.builder(service).settings(unlimited))
                .start();
        return RawConnection.to(server.address().getPort());
    }

    RawConnection connect() throws IOException {
        return connect(settings -> settings.requestExecutor(Runnable::run));
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
        service.close();
    }

    static String post(Membership member, String text) {
        String json = "{\"text\":\"" + text + "\"}";
        return "POST /api/rooms/" + member.room().id().value() + "/messages HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer " + member.token() + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + json.length() + "\r\n\r\n" + json;
    }

    Membership member() {
        return service.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
    }
}
