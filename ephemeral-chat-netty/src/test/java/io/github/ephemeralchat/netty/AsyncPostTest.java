package io.github.ephemeralchat.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.MessageGuard;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.AsyncRoomStore;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.testsupport.Intercepted;
import io.github.ephemeralchat.testsupport.RawConnection;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Posts over a store that answers later, on a server with one event loop and no thread for requests. */
class AsyncPostTest {

    private final BlockingQueue<Change> asked = new LinkedBlockingQueue<>();
    private final Twin store = twin(MemoryRoomStore.create());
    private EphemeralChatService service;
    private NettyChatServer server;

    /** A store with its asynchronous twin. */
    private interface Twin extends RoomStore, AsyncRoomStore {}

    /** A change that was asked for, and what answers it. */
    private record Change(RoomId id, Actor actor, RoomChange change, CompletableFuture<Optional<Appended>> answer) {

        void make(RoomStore in) {
            try {
                answer.complete(in.change(id, actor, change));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Whoever has called gets it.
    private Twin twin(RoomStore of) {
        return Intercepted.of(Twin.class, call -> {
            if (call.is("changeAsync")) {
                Change change = new Change(
                        (RoomId) call.arguments().get(0),
                        (Actor) call.arguments().get(1),
                        (RoomChange) call.arguments().get(2),
                        new CompletableFuture<>());
                asked.add(change);
                return change.answer;
            }
            try {
                return call.method().invoke(of, call.arguments().toArray());
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        });
    }

    private RawConnection connect(
            UnaryOperator<EphemeralChatService.Builder> chat, UnaryOperator<NettyChatServer.Builder> settings)
            throws IOException {
        service = chat.apply(EphemeralChatService.builder(store)).build();
        server = settings.apply(NettyChatServer.builder(service).threads(1)).start();
        return another();
    }

    private RawConnection connect() throws IOException {
        return connect(chat -> chat, settings -> settings);
    }

    private RawConnection another() throws IOException {
        return RawConnection.to(server.address().getPort());
    }

    private Membership member() {
        return service.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
    }

    private Change nextAsked() throws InterruptedException {
        Change change = asked.poll(5, TimeUnit.SECONDS);
        assertThat(change).as("a change that was asked for").isNotNull();
        return change;
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
            service.close();
        }
    }

    @Test
    void othersAreServedWhileThePostWaits() throws Exception {
        try (RawConnection writer = connect();
                RawConnection other = another()) {
            Membership anna = member();
            writer.send(ServerTest.post(anna, "later"));
            Change post = nextAsked();
            assertThat(other.send(ServerTest.CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
            post.make(store);
            assertThat(writer.answer()).startsWith("HTTP/1.1 201 ").contains("later");
        }
    }

    @Test
    void requestsOfAConnectionAreAnsweredInTheirOrder() throws Exception {
        try (RawConnection writer = connect()) {
            Membership anna = member();
            writer.send(ServerTest.post(anna, "first") + ServerTest.post(anna, "second"));
            Change first = nextAsked();
            assertThat(asked.poll(100, TimeUnit.MILLISECONDS))
                    .as("the second post, too early")
                    .isNull();
            first.make(store);
            assertThat(writer.answer()).contains("first");
            nextAsked().make(store);
            assertThat(writer.answer()).contains("second");
        }
    }

    @Test
    void failureIsAnsweredAsElsewhere() throws Exception {
        try (RawConnection writer = connect()) {
            Membership anna = member();
            writer.send(ServerTest.post(anna, "lost"));
            nextAsked().answer.completeExceptionally(new ChatUnavailableException("the store is away"));
            assertThat(writer.answer()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1");

            Membership outsider = new Membership(anna.room(), anna.participant(), "a-token-of-nobody-at-all");
            writer.send(ServerTest.post(outsider, "text"));
            nextAsked().make(store);
            assertThat(writer.answer()).startsWith("HTTP/1.1 401 ");

            assertThat(writer.send(ServerTest.post(anna, "")).answer()).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void streamsGetThePostOnceItIsMade() throws Exception {
        try (RawConnection writer = connect();
                RawConnection reader = another()) {
            Membership anna = member();
            reader.send("GET /api/rooms/" + anna.room().id().value() + "/events HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: Bearer " + anna.token() + "\r\n\r\n");
            reader.upTo("event: ready");
            writer.send(ServerTest.post(anna, "for all"));
            nextAsked().make(store);
            reader.upTo("for all");
        }
    }

    @Test
    void clientThatLeavesMeanwhileHarmsNobody() throws Exception {
        RawConnection first = connect();
        first.send(ServerTest.post(member(), "gone"));
        Change post = nextAsked();
        first.close();
        post.make(store);
        try (RawConnection next = another()) {
            assertThat(next.send(ServerTest.CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    /** What may block is for threads: the host's guard, the host's identity, a look-up of several credentials. */
    @Test
    void postThatMayBlockTakesAThread() throws Exception {
        try (RawConnection writer = connect(
                chat -> chat.guard((room, sender, text) -> MessageGuard.Verdict.accept()), settings -> settings)) {
            assertThat(writer.send(ServerTest.post(member(), "judged")).answer())
                    .startsWith("HTTP/1.1 201 ");
        }
        close();
        RequestHooks<HttpRequest> hooks =
                RequestHooks.<HttpRequest>defaults().withIdentity(request -> Optional.empty());
        try (RawConnection writer = connect(chat -> chat, settings -> settings.hooks(hooks))) {
            assertThat(writer.send(ServerTest.post(member(), "known")).answer()).startsWith("HTTP/1.1 201 ");
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void loopsOfTheHostsOutliveTheServer() throws Exception {
        EventLoopGroup loops = NettyChatServer.newEventLoops();
        try (RawConnection client = connect(chat -> chat, settings -> settings.eventLoopGroup(loops))) {
            assertThat(client.send(ServerTest.CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
            server.close();
            assertThat(loops.isShuttingDown()).isFalse();
            loops.submit(() -> {}).get(5, TimeUnit.SECONDS);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1000);
        }
    }
}
