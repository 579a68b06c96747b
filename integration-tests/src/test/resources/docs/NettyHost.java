import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.it.DocsHost;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The code starts a server at a port, with the API below /chat. */
public class NettyHost {

    public static void main(String[] args) throws Exception {
        EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
        int port = DocsHost.freePort();
        // CODE
        DocsHost.talksUntilTheEnd(port, () -> {
            server.close();
        });
        chat.close();
    }
}
