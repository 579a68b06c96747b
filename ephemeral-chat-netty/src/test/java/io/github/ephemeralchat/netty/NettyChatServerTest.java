package io.github.ephemeralchat.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.testsupport.Intercepted;
import io.github.ephemeralchat.testsupport.RawConnection;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.internal.ThreadExecutorMap;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a host sets, and what is Netty's part in requests and streams; what all servers do alike is proven elsewhere. */
class NettyChatServerTest extends ServerTest {

    private static final Logger log = LoggerFactory.getLogger(NettyChatServerTest.class);

    @Test
    void aCallThatFindsNoThreadIsRefused() throws Exception {
        Executor full = task -> {
            throw new RejectedExecutionException();
        };
        try (RawConnection client = connect(settings -> settings.requestExecutor(full))) {
            assertThat(client.send(CONTRACT).answer())
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\"code\":\"unavailable\"")
                    .containsIgnoringCase("retry-after: 1");
        }
    }

    /** A loop of Netty's that is told to end closes its connections before it runs the tasks that wait. */
    @Test
    void aPollIsAnsweredIfTheServerIsClosedWhileItsLoopIsBusy() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Membership anna = member();
        try (RawConnection client = connect(settings -> settings.threads(1)
                        .requestExecutor(Runnable::run)
                        .fallback(request -> {
                            busy.countDown();
                            awaitLatch(free);
                            return Responses.refused(HttpResponseStatus.NOT_FOUND);
                        }));
                RawConnection other = RawConnection.to(server.address().getPort())) {
            client.send("GET /api/rooms/" + anna.room().id().value() + "/events?wait=25&from=now HTTP/1.1\r\n"
                    + "Host: localhost\r\nAuthorization: Bearer " + anna.token() + "\r\n\r\n");
            Awaitility.await().until(() -> server.streamCount() == 1);
            other.send("GET /elsewhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
            awaitLatch(busy);
            Thread closing = new Thread(server::close);
            closing.start();
            Awaitility.await().until(() -> server.streamCount() == 0);
            Thread.sleep(100); // So long the server goes on closing itself.
            free.countDown();
            assertThat(client.rest()).startsWith("HTTP/1.1 200 ").contains("event: ready", "retry: ");
            closing.join();
        }
    }

    @Test
    void aStreamIsRawBytesUntilTheConnectionEnds() throws Exception {
        Membership anna = member();
        try (RawConnection client = connect();
                RawConnection other = RawConnection.to(server.address().getPort())) {
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
            assertThat(client.upTo("\n\n")).contains("event: ready");
            other.send(post(anna, "hello"));
            assertThat(client.upTo("\n\n")).contains("\"text\":\"hello\"");
            assertThat(server.streamCount()).isEqualTo(1);
            service.asHost(anna.room().id()).destroy();
            assertThat(client.rest()).isEqualTo("event: destroyed\ndata: {\"reason\":\"destroyed\"}\n\n");
        }
    }

    @Test
    void whatIsPostedAtOnceArrivesInOneOrder() throws Exception {
        Membership anna = member();
        try (RawConnection client = connect();
                RawConnection stream = RawConnection.to(server.address().getPort())) {
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
    void anErrorOfTheHostsIsAnsweredToo() throws Exception {
        UnaryOperator<NettyChatServer.Builder> broken =
                settings -> settings.hooks(RequestHooks.<HttpRequest>defaults().withIdentity(request -> {
                    throw new NoClassDefFoundError("<secret>");
                }));
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
        try (RawConnection client = connect(settings -> settings.requestExecutor(full))) {
            client.send("GET /api HTTP/1.1\r\nHost:\r\n\r\n".repeat(asked));
            for (int i = 0; i < asked; i++) {
                assertThat(client.answer()).startsWith("HTTP/1.1 503 ");
            }
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
        UnaryOperator<NettyChatServer.Builder> failing = settings -> settings.fallback(request -> {
            throw new IllegalStateException("<secret>");
        });
        try (RawConnection client = connect(failing)) {
            String answer =
                    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
            assertThat(answer).startsWith("HTTP/1.1 500 ").doesNotContain("<secret>");
        }
    }

    @Test
    void manyRequestsInARow_leaveOthersTheirTurn() throws Exception {
        AtomicInteger many = new AtomicInteger();
        AtomicInteger before = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch bothSent = new CountDownLatch(1);
        UnaryOperator<NettyChatServer.Builder> counting =
                settings -> settings.threads(1).fallback(request -> {
                    if (request.uri().equals("/many")) {
                        many.incrementAndGet();
                        begun.countDown();
                        awaitLatch(bothSent);
                    } else {
                        before.set(many.get());
                    }
                    return Responses.refused(HttpResponseStatus.NOT_FOUND);
                });
        try (RawConnection first = connect(counting);
                RawConnection other = RawConnection.to(server.address().getPort())) {
            other.send("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
            first.send("GET /many HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1_000));
            awaitLatch(begun);
            other.send("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n");
            bothSent.countDown();
            other.answer();
            assertThat(before).hasValueLessThan(100);
            for (int i = 0; i < 1_000; i++) {
                assertThat(first.answer()).startsWith("HTTP/1.1 404 ");
            }
            assertThat(many).hasValue(1_000);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
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
            service.as(anna.room().id(), anna.token()).post("hello");
            assertThat(client.upTo("\"text\":\"hello\""))
                    .contains("event: message")
                    .doesNotContain("openapi");
        }
    }

    @Test
    void theHostSaysWhoAsksAndWhoMayCreate() throws Exception {
        AtomicReference<String> asked = new AtomicReference<>();
        UnaryOperator<NettyChatServer.Builder> login = settings -> settings.requestExecutor(Runnable::run)
                .hooks(RequestHooks.<HttpRequest>defaults()
                        .withIdentity(request ->
                                Optional.of(new Identity("u1", request.headers().get("X-User"))))
                        .withMayCreate(request -> request.headers().contains("X-User"))
                        .withClientAddress(request -> {
                            asked.set(request.headers().get("X-Forwarded-For"));
                            return asked.get();
                        }))
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

    @Test
    void itsEndIsTold() throws Exception {
        connect().close();
        assertThat(server.closed().toCompletableFuture()).isNotDone();
        server.close();
        assertThat(server.closed().toCompletableFuture()).isCompleted();
    }

    @Test
    void anEventLoopThatEndsEndsTheServer() throws Exception {
        for (int loops : new int[] {1, 3}) {
            UnaryOperator<NettyChatServer.Builder> ending = settings -> settings.threads(loops)
                    .requestExecutor(Runnable::run)
                    .hooks(RequestHooks.<HttpRequest>defaults().withIdentity(request -> {
                        ((ExecutorService) ThreadExecutorMap.currentExecutor()).shutdown();
                        return Optional.empty();
                    }));
            try (RawConnection client = connect(ending);
                    RawConnection other = RawConnection.to(server.address().getPort())) {
                client.send("POST /api/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
                assertThat(server.closed().toCompletableFuture())
                        .failsWithin(Duration.ofSeconds(5))
                        .withThrowableThat()
                        .withMessageContaining("an event loop has ended");
                assertThat(other.rest()).isEmpty();
                assertThatThrownBy(() -> RawConnection.to(server.address().getPort()))
                        .isInstanceOf(RuntimeException.class);
            }
        }
    }

    @Test
    void aLoggerThatFailsEndsNothing() {
        Logger failing = Intercepted.of(Logger.class, log, call -> {
            throw new InternalError("no descriptor is left");
        });
        LoopLog.warn(failing, "nothing comes of it", new IllegalStateException());
    }
}
