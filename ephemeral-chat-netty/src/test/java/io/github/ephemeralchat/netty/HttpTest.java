package io.github.ephemeralchat.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.testsupport.RawConnection;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is HTTP's, byte by byte. */
class HttpTest extends ServerTest {

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
        try (RawConnection client = connect(settings -> settings.requestExecutor(calls))) {
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
    void clientThatSendsNoMore_getsItsAnswers() throws Exception {
        Membership anna = member();
        for (boolean ownThreads : new boolean[] {false, true}) {
            try (RawConnection client = ownThreads ? connect(settings -> settings) : connect()) {
                client.send(post(anna, "one") + post(anna, "two")).endOutput();
                assertThat(client.answer()).startsWith("HTTP/1.1 201 ").contains("\"text\":\"one\"");
                assertThat(client.rest()).startsWith("HTTP/1.1 201 ").contains("\"text\":\"two\"");
            }
            server.close();
        }
    }

    /** More than the system takes at once. */
    @Test
    void clientThatSendsNoMore_getsAWholeLongResponse() throws Exception {
        byte[] body = new byte[16 << 20];
        UnaryOperator<NettyChatServer.Builder> withPage = settings -> settings.requestExecutor(Runnable::run)
                .fallback(request -> new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body)));
        try (RawConnection client = connect(withPage)) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").endOutput();
            Thread.sleep(200); // The end of the client's side is seen while the response is on its way.
            assertThat(client.rest().length()).isGreaterThan(body.length);
        }
    }

    @Test
    void clientThatEndsWithinARequest_isClosed() throws Exception {
        for (String part : new String[] {
            "", "GET /api", CONTRACT.substring(0, 30), post(member(), "x").replace("}", "")
        }) {
            try (RawConnection client = connect()) {
                assertThat(client.send(part).endOutput().rest()).isEmpty();
            }
            server.close();
        }
    }

    @Test
    void readerThatSendsNoMore_isStillAReader() throws Exception {
        Membership anna = member();
        String events =
                "GET /api/rooms/" + anna.room().id().value() + "/events?from=now HTTP/1.1\r\nHost: localhost\r\n"
                        + "Authorization: Bearer " + anna.token() + "\r\n\r\n";
        try (RawConnection client = connect()) {
            client.send(events).upTo("event: ready");
            client.endOutput();
            client.upTo("\n:\n\n");
            service.as(anna.room().id(), anna.token()).post("still here?");
            client.upTo("still here?");
            assertThat(server.streamCount()).isEqualTo(1);
        }
        for (int i = 0; i < 100 && server.streamCount() > 0; i++) {
            service.as(anna.room().id(), anna.token()).post("is anybody there?");
            Thread.sleep(50);
        }
        assertThat(server.streamCount()).isZero();
    }

    @Test
    void readerThatIsGone_isNoticedSoon() throws Exception {
        Membership anna = member();
        try (RawConnection client = connect()) {
            client.send("GET /api/rooms/" + anna.room().id().value() + "/events HTTP/1.1\r\nHost: localhost\r\n"
                            + "Authorization: Bearer " + anna.token() + "\r\n\r\n")
                    .upTo(": open");
        }
        for (int i = 0; i < 200 && server.streamCount() > 0; i++) {
            Thread.sleep(50);
        }
        assertThat(server.streamCount()).isZero();
    }

    @Test
    void headers_haveTheBytesThatTheHostAllows() throws Exception {
        String cookie = "\r\nCookie: a=" + "x".repeat(20_000) + "\r\n\r\n";
        try (RawConnection client = connect()) {
            assertThat(client.send(CONTRACT.replace("\r\n\r\n", cookie)).answer())
                    .startsWith("HTTP/1.1 200 ");
        }
        server.close();
        try (RawConnection client = connect(settings -> settings.maxHeaderBytes(10_000))) {
            assertThat(client.send(CONTRACT.replace("\r\n\r\n", cookie)).rest())
                    .startsWith("HTTP/1.1 431 ")
                    .contains("application/problem+json");
        }
    }

    @Test
    void idleConnection_isClosedAfterTheTimeThatTheHostSets() throws Exception {
        try (RawConnection client = connect(settings -> settings.idleTimeout(Duration.ofMillis(300)))) {
            assertThat(client.send(CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void request_hasTheTimeThatTheHostSets() throws Exception {
        try (RawConnection client = connect(settings -> settings.requestTimeout(Duration.ofMillis(300)))) {
            assertThat(client.send("GET /api/open").rest()).startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void refusalOfTheServerItself_canBeReadByAListedPage() throws Exception {
        ChatHttpSettings listed = ChatHttpSettings.builder()
                .allowedOrigins(Set.of("https://example.org"))
                .build();
        try (RawConnection client = connect(settings -> settings.settings(listed))) {
            assertThat(client.send(CONTRACT.replace(
                                    "\r\n\r\n", "\r\nOrigin: https://example.org\r\nExpect: 200-ok\r\n\r\n"))
                            .rest())
                    .startsWith("HTTP/1.1 417 ")
                    .containsIgnoringCase("access-control-allow-origin: https://example.org");
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
            client.send(CONTRACT.replace("GET", "HEAD")
                    .replace("\r\n\r\n", "\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"));
            assertThat(client.answer()).startsWith("HTTP/1.1 100 ");
            client.send("x");
            assertThat(client.upTo("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
            assertThat(client.send(CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whoAsksBeforeSendingIsToldAtOnceWhatDoesNotDependOnIt() throws Exception {
        String length = "Content-Length: 10\r\n";
        assertTold(length.replace("10", "70000"), "/api/rooms", "413", "payload_too_large");
        assertTold(length, "/api/nowhere", "404", "not_found");
        assertTold(length, "/nowhere", "404", "not_found");
        assertTold(length + "Expect: 200-ok\r\n", "/api/rooms", "417", "invalid_request");
    }

    private void assertTold(String headers, String path, String status, String code) throws Exception {
        try (RawConnection client = connect()) {
            String head =
                    "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n" + headers + "\r\n";
            assertThat(client.send(head).rest())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("application/problem+json", "\"code\":\"" + code + "\"");
        } finally {
            server.close();
        }
    }

    @Test
    void whoDoesNotReadItsAnswersGetsNoMoreOfThem() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        byte[] page = new byte[64 << 10];
        UnaryOperator<NettyChatServer.Builder> counting = settings -> settings.fallback(request -> {
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
                settings -> settings.fallback(request -> new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_MODIFIED, Unpooled.EMPTY_BUFFER));
        try (RawConnection client = connect(unchanged)) {
            String head =
                    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").upTo("\r\n\r\n");
            assertThat(head).startsWith("HTTP/1.1 304 ").doesNotContainIgnoringCase("content-length");
            assertThat(client.send(CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whatIsNotHttpIsRefusedAndEchoesNothing() throws Exception {
        assertRefused("GET /%zz<x> HTTP/1.1\r\nHost: localhost\r\n\r\n", "400");
        assertRefused("GET /api HTTP/1.1\r\n\r\n", "400");
        assertRefused("GET /api HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400");
        assertRefused("no request<x>\r\n\r\n", "400");
        assertRefused("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n", "414");
        assertRefused("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(40_000) + "\r\n\r\n", "431");
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
}
