package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.sse.servlet.EphemeralChatServlet;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import jakarta.servlet.ReadListener;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A body that comes after its head is waited for without a thread, and changes no response. */
abstract class LateBodyContract {

    private static final Duration NOT_AT_ONCE = Duration.ofMillis(200);
    private static final String JSON = "Content-Type: application/json\r\n";

    /** The user of the request that a thread serves, as many a login keeps it. */
    private final ThreadLocal<String> user = new ThreadLocal<>();

    private final EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
    private Container container;

    abstract Container open(Servlet servlet);

    /** Serves behind a filter of the host's. */
    private void serve(UnaryOperator<HttpServletRequest> filter) {
        RequestHooks<HttpServletRequest> hooks = RequestHooks.<HttpServletRequest>defaults()
                .withIdentity(request -> Optional.ofNullable(user.get()).map(name -> new Identity("u-" + name, name)))
                .withMayCreate(request -> !"guest".equals(user.get()));
        ChatHttpSettings settings =
                ChatHttpSettings.builder().rateLimits(RateLimits.off()).build();
        EphemeralChatServlet chat = new EphemeralChatServlet(service, settings, hooks);
        container = open(new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                user.set(request.getHeader("X-User"));
                try {
                    chat.service(filter.apply(request), response);
                } finally {
                    user.remove();
                }
            }
        });
    }

    private void serve() {
        serve(request -> request);
    }

    @AfterEach
    void stop() {
        container.close();
        service.close();
    }

    private static String head(String method, String path, String more, int length) {
        return method + " /api" + path + " HTTP/1.1\r\nHost: localhost\r\n" + JSON + more + "Content-Length: " + length
                + "\r\n\r\n";
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(NOT_AT_ONCE.toMillis());
    }

    private RawClient client() throws IOException {
        return RawClient.to(container.base());
    }

    @Test
    void aBodyInPartsIsReadAndItsConnectionServesTheNextRequest() throws Exception {
        serve();
        Seat owner = ChatClient.of(container.base()).create(3);
        String path = "/rooms/" + owner.room() + "/messages";
        String token = "Authorization: Bearer " + owner.token() + "\r\n";
        try (RawClient client = client()) {
            for (int i = 0; i < 3; i++) {
                client.send(head("POST", path, token, 16));
                pause();
                client.send("{\"text\":");
                pause();
                client.send("\"hell" + i + "\"}");
                assertThat(client.response()).startsWith("HTTP/1.1 201").contains("\"text\":\"hell" + i);
            }
        }
    }

    @Test
    void aChunkedBodyInPartsIsRead() throws Exception {
        serve();
        try (RawClient client = client()) {
            client.send(
                    "POST /api/rooms HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n");
            pause();
            client.send("7\r\n{\"name\"\r\n");
            pause();
            client.send("8\r\n:\"Late\"}\r\n0\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 201").contains("\"name\":\"Late\"");
            client.send("GET /api/openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void theHostIsAskedOnTheRequestsThread() throws Exception {
        serve();
        try (RawClient client = client()) {
            client.send(head("POST", "/rooms", "X-User: Zoe\r\n", 2));
            pause();
            assertThat(client.send("{}").response()).startsWith("HTTP/1.1 201").contains("\"name\":\"Zoe\"");
        }
    }

    @Test
    void whatTheHeadDecidesIsToldBeforeTheBodyComes() throws Exception {
        serve();
        String[][] refused = {
            {"POST", "/nowhere", "", "404"},
            {"PUT", "/rooms", "", "405"},
            {"POST", "/rooms", "Sec-Fetch-Site: cross-site\r\n", "403"},
            {"POST", "/rooms", "X-User: guest\r\n", "403"},
            {"DELETE", "/rooms/abcdefgh", "", "401"},
        };
        for (String[] one : refused) {
            try (RawClient client = client()) {
                client.send(head(one[0], one[1], one[2], 50));
                assertThat(client.response())
                        .as("%s %s", one[0], one[1])
                        .startsWith("HTTP/1.1 " + one[3])
                        .containsIgnoringCase("Connection: close");
                client.send("GET /api/openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2));
                assertThat(client.rest()).as("the body is no request").isEmpty();
            }
        }
    }

    @Test
    void aBodyThatIsAnnouncedAsTooLongIsRefusedAtOnce() throws Exception {
        serve();
        try (RawClient client = client()) {
            client.send(head("POST", "/rooms", "", 64 * 1024 + 1));
            assertThat(client.response()).startsWith("HTTP/1.1 413").contains("payload_too_large");
        }
        try (RawClient client = client()) {
            client.send(head("POST", "/rooms", "Expect: 100-continue\r\n", 2_000_000));
            String first = client.response();
            // Tomcat asks for a body before the servlet sees the head.
            String response = first.startsWith("HTTP/1.1 100") ? client.response() : first;
            assertThat(response).startsWith("HTTP/1.1 413").contains("payload_too_large");
        }
    }

    @Test
    void whoWaitsToBeAskedForTheBodyIsAsked() throws Exception {
        serve();
        try (RawClient client = client()) {
            client.send(head("POST", "/rooms", "Expect: 100-continue\r\n", 15));
            assertThat(client.response()).startsWith("HTTP/1.1 100");
            pause();
            assertThat(client.send("{\"name\":\"Late\"}").response()).startsWith("HTTP/1.1 201");
        }
    }

    @Test
    void aBodyThatNobodyReadsHoldsNoThread() throws Exception {
        serve();
        Seat owner = ChatClient.of(container.base()).create(3);
        String token = "Authorization: Bearer " + owner.token() + "\r\n";
        try (RawClient client = client()) {
            client.send(head("GET", "/rooms/" + owner.room(), token, 50));
            assertThat(client.response()).startsWith("HTTP/1.1 200").contains("\"me\"");
            assertThat(client.rest()).isEmpty();
        }
        try (RawClient client = client()) {
            client.send(head("GET", "/rooms/" + owner.room() + "/events", token, 50));
            assertThat(client.response()).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void aBrokenChunkIsNoFailureOfTheServer() throws Exception {
        serve();
        try (RawClient client = client()) {
            client.send(
                    "POST /api/rooms HTTP/1.1\r\nHost: localhost\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n");
            pause();
            client.send("xyz\r\n{}\r\n");
            assertThat(client.rest()).matches("(?s)|HTTP/1.1 400.*");
        }
        assertThat(ChatClient.of(container.base()).create().room()).isNotEmpty();
    }

    @Test
    void aClientThatGoesAwayInItsBodyLeavesNothing() throws Exception {
        serve();
        for (int i = 0; i < 20; i++) {
            try (RawClient client = client()) {
                client.send(head("POST", "/rooms", "", 50)).send("{");
            }
        }
        assertThat(ChatClient.of(container.base()).create().room()).isNotEmpty();
    }

    @Test
    void aFilterMayGiveTheBodyByAStreamOfItsOwn() throws Exception {
        serve(request -> new HttpServletRequestWrapper(request) {
            @Override
            public ServletInputStream getInputStream() throws IOException {
                return new BlockingStream(getRequest().getInputStream());
            }
        });
        try (RawClient client = client()) {
            client.send(head("POST", "/rooms", "", 15));
            pause();
            assertThat(client.send("{\"name\":\"Late\"}").response())
                    .startsWith("HTTP/1.1 201")
                    .contains("Late");
        }
    }

    @Test
    void whereARequestMayNotBeAsynchronousItsThreadWaits() throws Exception {
        serve(request -> new HttpServletRequestWrapper(request) {
            @Override
            public boolean isAsyncSupported() {
                return false;
            }
        });
        try (RawClient client = client()) {
            client.send(head("POST", "/rooms", "", 15)).send("{\"name\":");
            pause();
            assertThat(client.send("\"Late\"}").response())
                    .startsWith("HTTP/1.1 201")
                    .contains("Late");
        }
    }

    /** A stream as filters of hosts have it. */
    private static final class BlockingStream extends ServletInputStream {

        private final ServletInputStream in;

        BlockingStream(ServletInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, length);
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
