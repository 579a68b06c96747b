package io.github.ephemeralchat.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.sse.ByteBudget;
import io.github.ephemeralchat.sse.ChatApi;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that take their responses slowly or not at all, and responses that cannot be written. */
class SlowReaderTest {

    private static final int LARGE = 30_000;
    private static final String GET_LARGE = "GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String CONTRACT = "GET /api/openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String NOWHERE = "GET /api/nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private final ApiDispatcher api = new ApiDispatcher(
            new ChatApi(service, ChatHttpSettings.defaults()),
            "/api",
            Runnable::run,
            Runnable::run,
            RequestHooks.defaults(),
            request -> large());
    private final EmbeddedClient client = new EmbeddedClient(api);

    private static FullHttpResponse large() {
        ByteBuf body = Unpooled.wrappedBuffer("x".repeat(LARGE).getBytes(StandardCharsets.US_ASCII));
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
    }

    @AfterEach
    void close() {
        client.finishAndReleaseAll();
        service.close();
    }

    private void pass(long seconds) {
        for (long second = 0; second < seconds; second++) {
            client.advanceTimeBy(1, TimeUnit.SECONDS);
            client.runScheduledPendingTasks();
        }
    }

    @Test
    void slowReader_getsAll() {
        client.freezeTime();
        client.take(0).send(GET_LARGE);
        int taken = 0;
        for (int second = 0; taken <= LARGE; second++) {
            pass(1);
            assertThat(client.isOpen()).as("after %s s", second).isTrue();
            taken += client.take(LARGE / 100).taken().length();
        }
    }

    /** A connection that was kept has its next response just before the time at which it is looked at. */
    @Test
    void responseThatHasJustBegun_isNotCut() {
        client.freezeTime();
        client.send(CONTRACT);
        assertThat(client.taken()).startsWith("HTTP/1.1 200 ");
        for (int round = 0; round < 3; round++) {
            pass(29);
            client.take(0).send(GET_LARGE);
            pass(2);
            assertThat(client.isOpen()).isTrue();
            client.take(2 * LARGE);
            assertThat(client.taken()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void readerThatTakesNothing_isClosed() {
        client.freezeTime();
        client.take(0).send(GET_LARGE);
        pass(29);
        assertThat(client.isOpen()).isTrue();
        assertThat(client.hasUntaken()).isTrue();
        pass(32);
        assertThat(client.isOpen()).isFalse();
    }

    /** It always makes some progress. */
    @Test
    void readerThatTakesAByteNowAndThen_isClosedInTheEnd() {
        client.freezeTime();
        client.take(0).send(GET_LARGE);
        for (int second = 0; second < 290; second += 10) {
            pass(10);
            assertThat(client.isOpen()).as("after %s s", second).isTrue();
            client.take(1);
        }
        pass(20);
        assertThat(client.isOpen()).isFalse();
        assertThat(mayHoldAll()).isTrue();
    }

    @Test
    void clientThatAsksNothingMore_isClosed() {
        client.freezeTime();
        client.send(GET_LARGE);
        assertThat(client.hasUntaken()).isFalse();
        pass(74);
        assertThat(client.isOpen()).isTrue();
        pass(2);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void responsesThatNobodyTakes_areBounded() {
        ByteBudget.Share others = api.outgoing().newShare();
        assertThat(others.hold(Runtime.getRuntime().maxMemory() / 8)).isTrue();

        assertThat(client.send(GET_LARGE).taken())
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("retry-after: 1")
                .contains("\"code\":\"unavailable\"");
        assertThat(client.send(NOWHERE).taken()).as("a small one").startsWith("HTTP/1.1 404 ");

        others.hold(0);
        assertThat(client.send(GET_LARGE).taken()).startsWith("HTTP/1.1 200 ");
    }

    /** A page of the longest texts may be larger than the budget of a small heap. */
    @Test
    void responseLargerThanTheBudget_isSent_ifNothingElseIsHeld() {
        ByteBudget.Share own = api.outgoing().newShare();
        assertThat(own.hold(Runtime.getRuntime().maxMemory())).isTrue();
        assertThat(api.outgoing().newShare().hold(LARGE)).isFalse();
        own.hold(0);
    }

    /** A host's response whose headers cannot be changed ends its connection, and holds nothing. */
    @Test
    void responseThatCannotBeCompleted_holdsNothing() {
        ApiDispatcher readOnly = new ApiDispatcher(
                api.api(), "/api", Runnable::run, Runnable::run, RequestHooks.defaults(), request -> fixed());
        EmbeddedClient other = new EmbeddedClient(readOnly);
        other.send(GET_LARGE);
        assertThat(other.isOpen()).isFalse();
        assertThat(mayHoldAll()).isTrue();
        other.finishAndReleaseAll();
    }

    private static FullHttpResponse fixed() {
        FullHttpResponse large = large();
        return new DefaultFullHttpResponse(
                large.protocolVersion(),
                large.status(),
                large.content(),
                new ReadOnlyHttpHeaders(false, "x-any", "x"),
                EmptyHttpHeaders.INSTANCE);
    }

    @Test
    void responseThatIsTaken_holdsNothing() {
        client.take(0).send(GET_LARGE);
        assertThat(mayHoldAll()).isFalse();
        client.take(2 * LARGE);
        assertThat(mayHoldAll()).isTrue();

        client.take(0).send(GET_LARGE);
        assertThat(mayHoldAll()).isFalse();
        client.close().syncUninterruptibly();
        assertThat(mayHoldAll()).isTrue();
    }

    private boolean mayHoldAll() {
        ByteBudget.Share all = api.outgoing().newShare();
        boolean may = all.hold(Runtime.getRuntime().maxMemory() / 8);
        all.hold(0);
        return may;
    }

    @Test
    void responseThatCannotBeWritten_endsItsConnection() {
        client.pipeline().addFirst(new FailingWrite("xxx"));
        client.send(GET_LARGE);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void eventThatCannotBeWritten_isTheLastOfItsConnection() {
        Membership seat = service.createRoom(RoomOptions.defaults(), Identity.named("Ada"));
        client.pipeline().addFirst(new FailingWrite("the first"));
        client.send("GET /api/rooms/" + seat.room().id().value() + "/events HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer " + seat.token() + "\r\n\r\n");
        client.runPendingTasks();
        post(seat, "the first");
        post(seat, "the second");

        assertThat(client.taken()).startsWith("HTTP/1.1 200 ").doesNotContain("the first", "the second");
        assertThat(client.isOpen()).isFalse();
    }

    private void post(Membership seat, String text) {
        service.as(seat.room().id(), seat.token()).post(text);
        client.runPendingTasks();
    }

    /** Fails one write, as for want of memory, and closes nothing. */
    private static final class FailingWrite extends ChannelOutboundHandlerAdapter {

        private final String contained;
        private boolean hasFailed;

        FailingWrite(String contained) {
            this.contained = contained;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The promise is told.
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            boolean fails = !hasFailed
                    && message instanceof ByteBuf bytes
                    && bytes.toString(StandardCharsets.UTF_8).contains(contained);
            hasFailed |= fails;
            if (fails) {
                ReferenceCountUtil.release(message);
                promise.setFailure(new IllegalStateException("a test"));
            } else {
                context.write(message, promise);
            }
        }
    }
}
