package io.github.ephemeralchat.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.Identity;
import io.github.ephemeralchat.Membership;
import io.github.ephemeralchat.RoomOptions;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is Netty's part, byte by byte; what every door does alike is proven with the others. */
class NettyChatServerTest {

    private static final String CONTRACT = "GET /api/openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final EphemeralChatService service = EphemeralChatService.over(MemoryRoomStore.create());
    private NettyChatServer server;

    private RawConnection connect(UnaryOperator<NettyChatServer.Builder> settings) throws IOException {
        ChatHttpSettings unlimited =
                ChatHttpSettings.builder().rateLimits(RateLimits.off()).build();
        server = settings.apply(NettyChatServer.builder(service).settings(unlimited))
                .start();
        return new RawConnection(server);
    }

    private RawConnection connect() throws IOException {
        return connect(settings -> settings.calls(Runnable::run));
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
        service.close();
    }

    private static String post(Membership member, String text) {
        String json = "{\"text\":\"" + text + "\"}";
        return "POST /api/rooms/" + member.room().id().value() + "/messages HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer " + member.token() + "\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + json.length() + "\r\n\r\n" + json;
    }

    private Membership member() {
        return service.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
    }

    @Test
    void aConnectionIsKeptForTheNextRequest() throws Exception {
        try (RawConnection client = connect()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(CONTRACT).answer())
                        .startsWith("HTTP/1.1 200 OK")
                        .contains("openapi: 3");
            }
            assertThat(client.send(CONTRACT.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
                            .rest())
                    .containsIgnoringCase("connection: close");
        }
    }

    @Test
    void everyAnswerHasADateAndALength() throws Exception {
        try (RawConnection client = connect()) {
            assertThat(client.send(CONTRACT).answer().toLowerCase(Locale.ROOT))
                    .containsPattern("date: [a-z]{3}, \\d\\d [a-z]{3} \\d{4} \\d\\d:\\d\\d:\\d\\d gmt\r\n")
                    .contains("content-length: ", "cache-control: no-store");
        }
    }

    @Test
    void requestsThatAreSentAheadAreAnsweredInTheirOrder() throws Exception {
        Membership anna = member();
        try (RawConnection client = connect()) {
            client.send(post(anna, "one") + post(anna, "two") + post(anna, "three"));
            assertThat(client.answer()).contains("\"text\":\"one\"", "\"sequence\":2");
            assertThat(client.answer()).contains("\"text\":\"two\"", "\"sequence\":3");
            assertThat(client.answer()).contains("\"text\":\"three\"", "\"sequence\":4");
        }
    }

    @Test
    void requestsThatAreSentAheadWaitForTheAnswerBeforeThem() throws Exception {
        Membership anna = member();
        Queue<Runnable> held = new ArrayDeque<>();
        Executor calls = task -> {
            synchronized (held) {
                held.add(task);
                held.notifyAll();
            }
        };
        try (RawConnection client = connect(settings -> settings.calls(calls))) {
            client.send(post(anna, "one") + post(anna, "two"));
            client.send(post(anna, "three"));
            for (String text : new String[] {"one", "two", "three"}) {
                next(held).run();
                assertThat(client.answer()).contains("\"text\":\"" + text + "\"");
            }
            synchronized (held) {
                assertThat(held).isEmpty();
            }
        }
    }

    /** The next call; there is never a second one of the same connection. */
    private static Runnable next(Queue<Runnable> held) throws InterruptedException {
        synchronized (held) {
            while (held.isEmpty()) {
                held.wait(10_000);
            }
            assertThat(held).hasSize(1);
            return held.remove();
        }
    }

    @Test
    void aCallThatFindsNoThreadIsRefused() throws Exception {
        Executor full = task -> {
            throw new RejectedExecutionException();
        };
        try (RawConnection client = connect(settings -> settings.calls(full))) {
            assertThat(client.send(CONTRACT).answer())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\"code\":\"unavailable\"")
                    .containsIgnoringCase("retry-after: 1");
        }
    }

    @Test
    void aStreamIsRawBytesUntilTheConnectionEnds() throws Exception {
        Membership anna = member();
        try (RawConnection client = connect();
                RawConnection other = new RawConnection(server)) {
            client.send("GET /api/rooms/" + anna.room().id().value() + "/events HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: Bearer " + anna.token() + "\r\n\r\n");
            String head = client.upTo("\r\n\r\n").toLowerCase(Locale.ROOT);
            assertThat(head)
                    .startsWith("http/1.1 200 ")
                    .contains(
                            "content-type: text/event-stream;charset=utf-8",
                            "connection: close",
                            "x-accel-buffering: no")
                    .doesNotContain("transfer-encoding", "content-length");
            assertThat(client.upTo("\n\n")).startsWith(": open\nretry: ");
            assertThat(client.upTo("\n\n")).contains("event: joined");
            other.send(post(anna, "hello"));
            assertThat(client.upTo("\n\n")).contains("\"text\":\"hello\"");
            assertThat(server.streamCount()).isEqualTo(1);
            service.destroyRoom(anna.room().id());
            assertThat(client.rest()).isEqualTo("event: destroyed\ndata: {\"reason\":\"destroyed\"}\n\n");
        }
    }

    @Test
    void whatIsPostedAtOnceArrivesInOneOrder() throws Exception {
        Membership anna = member();
        try (RawConnection client = connect();
                RawConnection stream = new RawConnection(server)) {
            stream.send(
                    "GET /api/rooms/" + anna.room().id().value() + "/events?from=now HTTP/1.1\r\nHost: localhost\r\n"
                            + "Authorization: Bearer " + anna.token() + "\r\n\r\n");
            stream.upTo("event: ready");
            StringBuilder posts = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                posts.append(post(anna, "m" + i));
            }
            client.send(posts.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(stream.upTo("event: message")).contains("id: " + (i + 2) + "-");
            }
        }
    }

    @Test
    void aBodyThatNeverEndsIsCutOffWithAReason() throws Exception {
        Membership anna = member();
        try (RawConnection client = connect()) {
            client.send(post(anna, "").replaceFirst("Content-Length: \\d+", "Content-Length: 100000000"));
            String piece = "x".repeat(64 << 10);
            for (int i = 0; i < 17; i++) {
                client.send(piece);
            }
            assertThat(client.rest()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void aBodyThatIsTooLargeIsReadToItsEndAndRefused() throws Exception {
        Membership anna = member();
        String large = "x".repeat(100_000);
        try (RawConnection client = connect()) {
            assertThat(client.send(post(anna, large)).answer())
                    .startsWith("HTTP/1.1 413 ")
                    .contains("payload_too_large");
            assertThat(client.send(CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whoAsksBeforeSendingIsToldToGoOn() throws Exception {
        Membership anna = member();
        String request = post(anna, "hi").replace("Host: localhost\r\n", "Host: localhost\r\nExpect: 100-continue\r\n");
        int body = request.indexOf("\r\n\r\n") + 4;
        try (RawConnection client = connect()) {
            assertThat(client.send(request.substring(0, body)).answer()).startsWith("HTTP/1.1 100 ");
            assertThat(client.send(request.substring(body)).answer()).startsWith("HTTP/1.1 201 ");
        }
    }

    @Test
    void whoIsToldToGoOnGetsTheRightAnswersAfterIt() throws Exception {
        try (RawConnection client = connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 100 ");
            client.send("x");
            assertThat(client.upTo("\r\n\r\n")).startsWith("HTTP/1.1 404 ");
            assertThat(client.send(CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whoDoesNotReadItsAnswersGetsNoMoreOfThem() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        byte[] page = new byte[64 << 10];
        UnaryOperator<NettyChatServer.Builder> counting = settings -> settings.otherwise(request -> {
            answered.incrementAndGet();
            return new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(page));
        });
        int asked = 2_000;
        try (RawConnection client = connect(counting)) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(asked));
            // More than the kernel's buffers of both sides take, and far less than was asked for.
            assertThat(settled(answered)).isBetween(1, asked / 2);
            for (int i = 0; i < asked; i++) {
                assertThat(client.upTo("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
                client.skip(page.length);
            }
            assertThat(answered.get()).isEqualTo(asked);
        }
    }

    /** The value that a counter has once it stands still. */
    private static int settled(AtomicInteger counter) throws InterruptedException {
        int last = -1;
        while (counter.get() == 0 || counter.get() != last) {
            last = counter.get();
            Thread.sleep(300);
        }
        return last;
    }

    @Test
    void anUnchangedFileHasNoLengthOfItsOwn() throws Exception {
        UnaryOperator<NettyChatServer.Builder> unchanged =
                settings -> settings.otherwise(request -> new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_MODIFIED, Unpooled.EMPTY_BUFFER));
        try (RawConnection client = connect(unchanged)) {
            String head =
                    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").upTo("\r\n\r\n");
            assertThat(head).startsWith("HTTP/1.1 304 ").doesNotContainIgnoringCase("content-length");
            assertThat(client.send(CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void anErrorOfTheHostsIsAnsweredToo() throws Exception {
        UnaryOperator<NettyChatServer.Builder> broken = settings -> settings.identity(request -> {
            throw new NoClassDefFoundError("<secret>");
        });
        try (RawConnection client = connect(broken)) {
            String answer = client.send("POST /api/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
                    .answer();
            assertThat(answer).startsWith("HTTP/1.1 500 ").doesNotContain("<secret>");
        }
    }

    @Test
    void manyRequestsThatFindNoThreadAreRefusedOneAfterTheOther() throws Exception {
        Executor full = task -> {
            throw new RejectedExecutionException();
        };
        int asked = 3_000;
        try (RawConnection client = connect(settings -> settings.calls(full))) {
            client.send("GET /api HTTP/1.1\r\nHost:\r\n\r\n".repeat(asked));
            for (int i = 0; i < asked; i++) {
                assertThat(client.answer()).startsWith("HTTP/1.1 503 ");
            }
        }
    }

    @Test
    void whatIsNotHttpIsRefusedAndEchoesNothing() throws Exception {
        assertRefused("GET /%zz<x> HTTP/1.1\r\nHost: localhost\r\n\r\n", "400");
        assertRefused("GET /api HTTP/1.1\r\n\r\n", "400");
        assertRefused("GET /api HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400");
        assertRefused("no request<x>\r\n\r\n", "400");
        assertRefused("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n", "414");
        assertRefused("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n", "431");
    }

    private void assertRefused(String request, String status) throws Exception {
        try (RawConnection client = connect()) {
            assertThat(client.send(request).rest())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .doesNotContain("<x>", "xxx");
        } finally {
            server.close();
        }
    }

    @Test
    void outsideOfTheApisPathTheHostAnswers() throws Exception {
        try (RawConnection client = connect(settings -> settings.path("/chat/v1"))) {
            assertThat(client.send(CONTRACT).answer()).startsWith("HTTP/1.1 404 ");
            assertThat(client.send(CONTRACT.replace("/api/", "/chat/v1/")).answer())
                    .startsWith("HTTP/1.1 200 ");
            assertThat(client.send(CONTRACT.replace("/api/", "/chat/v10/")).answer())
                    .startsWith("HTTP/1.1 404 ");
            assertThat(client.send(CONTRACT.replace("/api/", "http://localhost/chat/v1/"))
                            .answer())
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aHostThatFailsShowsNothingOfIt() throws Exception {
        UnaryOperator<NettyChatServer.Builder> failing = settings -> settings.otherwise(request -> {
            throw new IllegalStateException("<secret>");
        });
        try (RawConnection client = connect(failing)) {
            String answer =
                    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
            assertThat(answer).startsWith("HTTP/1.1 500 ").doesNotContain("<secret>");
        }
    }

    @Test
    void whatComesAfterTheRequestOfAStreamIsDropped() throws Exception {
        Membership anna = member();
        try (RawConnection client = connect()) {
            client.send(
                    "GET /api/rooms/" + anna.room().id().value() + "/events?from=now HTTP/1.1\r\nHost: localhost\r\n"
                            + "Authorization: Bearer " + anna.token() + "\r\n\r\n" + CONTRACT + "noise");
            client.upTo("event: ready");
            client.send("more noise");
            service.post(anna.room().id(), anna.token(), "hello");
            assertThat(client.upTo("\"text\":\"hello\""))
                    .contains("event: message")
                    .doesNotContain("openapi");
        }
    }

    @Test
    void theHostSaysWhoAsksAndWhoMayCreate() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>();
        UnaryOperator<NettyChatServer.Builder> login = settings -> settings.calls(Runnable::run)
                .identity(request ->
                        Optional.of(new Identity("u1", request.headers().get("X-User"))))
                .mayCreate(request -> request.headers().contains("X-User"))
                .clientAddress(request -> {
                    asked.set(request.headers().get("X-Forwarded-For"));
                    return asked.get();
                })
                .settings(ChatHttpSettings.defaults());
        String create = "POST /api/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n";
        try (RawConnection client = connect(login)) {
            assertThat(client.send(create + "X-User: Ada\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
                            .answer())
                    .startsWith("HTTP/1.1 201 ")
                    .contains("\"name\":\"Ada\"");
            assertThat(asked.get()).isEqualTo("192.0.2.7");
            assertThat(client.send(create + "\r\n").answer()).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void aPortThatIsNoneIsRefused() {
        assertThatThrownBy(() -> NettyChatServer.builder(service).port(70_000).start())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPathHasNoSlashAtItsEnd() {
        assertThatThrownBy(() -> NettyChatServer.builder(service).path("/a/").start())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPortThatIsTakenIsSaidToBe() throws Exception {
        try (RawConnection first = connect()) {
            int port = server.address().getPort();
            assertThatThrownBy(() -> NettyChatServer.builder(service).port(port).start())
                    .isInstanceOf(IOException.class);
            assertThat(first.send(CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
        }
    }
}
