package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as what a client sends over a connection: they are answered alike however they are cut, nothing fails in the
 * server, and it holds none of them in the end.
 */
public final class RequestFuzz {

    private static final Set<Integer> EXPECTED =
            Set.of(200, 204, 304, 400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 417, 429, 431, 501, 505);
    private static final int PIECE = 7;

    private static final EphemeralChatService SERVICE =
            EphemeralChatService.create(MemoryRoomStore.builder().maxRooms(1).build());
    private static final String ROOM = lockedRoom();
    private static final ApiDispatcher API = new ApiDispatcher(
            new ChatApi(
                    SERVICE,
                    ChatHttpSettings.builder().rateLimits(RateLimits.off()).build()),
            "/api",
            Runnable::run,
            Runnable::run,
            RequestHooks.defaults(),
            request -> Responses.refused(HttpResponseStatus.NOT_FOUND));

    private RequestFuzz() {}

    /** No request can change it, so that the same request always gets the same response. */
    private static String lockedRoom() {
        RoomOptions forADay = RoomOptions.defaults().withTtl(Duration.ofDays(1));
        Membership owner = SERVICE.createRoom(forADay, Identity.named("Ada"));
        SERVICE.as(owner.room().id(), owner.token()).lock();
        return owner.room().id().value();
    }

    /** Called by the fuzzer, and by {@link FuzzCasesTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        // What the fuzzer cannot guess it may name.
        byte[] sent = new String(input, StandardCharsets.ISO_8859_1)
                .replace("ROOM", ROOM)
                .getBytes(StandardCharsets.ISO_8859_1);
        String whole = responses(sent, sent.length);
        String cut = responses(sent, PIECE);
        if (!whole.equals(cut) && !isLimited(whole) && !isLimited(cut)) {
            throw new AssertionError("as a whole: " + whole + "\nin pieces: " + cut);
        }
    }

    /** Whether one of the responses depends on what was sent before: codes that were wrong are counted. */
    private static boolean isLimited(String responses) {
        return responses.contains("HTTP/1.1 429 ");
    }

    /** {@return all that the server writes, but for the time} */
    private static String responses(byte[] sent, int piece) {
        StatusCheck statuses = new StatusCheck();
        EmbeddedClient client = new EmbeddedClient(API);
        client.pipeline().addAfter(EmbeddedClient.ENCODER, null, statuses);
        List<ByteBuf> pieces = new ArrayList<>();
        for (int i = 0; i < sent.length; i += piece) {
            ByteBuf next = Unpooled.copiedBuffer(sent, i, Math.min(piece, sent.length - i));
            pieces.add(next);
            client.writeInbound(next);
            client.runPendingTasks();
            client.checkException();
        }
        StringBuilder written = new StringBuilder();
        for (ByteBuf next = client.readOutbound(); next != null; next = client.readOutbound()) {
            written.append(next.toString(StandardCharsets.ISO_8859_1));
            next.release();
        }
        // It closes a second after its last response; at once it closes only if something has failed.
        if (!client.isOpen() || statuses.unexpected != null) {
            throw new AssertionError("failed with status " + statuses.unexpected);
        }
        client.finishAndReleaseAll();
        if (pieces.stream().anyMatch(each -> each.refCnt() != 0)) {
            throw new AssertionError("what was sent is still held");
        }
        return written.toString().replaceAll("\r\ndate: [^\r]*", "");
    }

    /** Remembers a status that no request should get. */
    private static final class StatusCheck extends ChannelOutboundHandlerAdapter {

        private @Nullable HttpResponseStatus unexpected;

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The promise is told.
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof HttpResponse response
                    && !EXPECTED.contains(response.status().code())) {
                unexpected = response.status();
            }
            context.write(message, promise);
        }
    }
}
