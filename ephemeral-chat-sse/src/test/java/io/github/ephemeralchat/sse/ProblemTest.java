package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.LimitExceededException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.jul.JDK14LoggerFactory;

class ProblemTest {

    private static final String SECRET = "xyzzy-plugh";

    @Test
    void hasEverythingThatRfc9457Names() {
        for (Problem problem : Problem.values()) {
            JsonNode json = new Reply(problem.response)
                    .is(problem.status, problem.code())
                    .json();
            assertThat(json.path("type").asText()).isEqualTo("about:blank");
            assertThat(json.path("title").asText()).isNotBlank();
            assertThat(json.path("detail").asText()).endsWith(".");
        }
    }

    @Test
    void aStoreThatIsAwayIs503() {
        try (TestApi api = TestApi.failing(new ChatUnavailableException(SECRET))) {
            Reply reply = api.send(TestRequest.post("/rooms")).is(503, "unavailable");
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(reply.text()).doesNotContain(SECRET);
        }
    }

    @Test
    void aServiceThatIsClosedBeforeTheApiIs503() {
        try (TestApi api = TestApi.create()) {
            Reply owner = api.createRoom();
            String room = "/rooms/" + owner.roomId();
            api.service().close();
            api.send(TestRequest.post("/rooms")).is(503, "unavailable");
            for (TestRequest request : List.of(
                    TestRequest.get(room),
                    TestRequest.get(room + "/events"),
                    TestRequest.post(room + "/messages").json("{\"text\":\"too late\"}"))) {
                Reply reply = api.send(request.token(owner.token())).is(503, "unavailable");
                assertThat(reply.header("Retry-After")).isEqualTo("1");
            }
        }
    }

    @Test
    void aLimitOfTheStoreIs429() {
        try (TestApi api = TestApi.failing(new LimitExceededException(SECRET))) {
            Reply reply = api.send(TestRequest.post("/rooms")).is(429, "limit_exceeded");
            assertThat(reply.text()).doesNotContain(SECRET);
        }
    }

    @Test
    void bug_isLoggedOnceWithItsStackAndWithoutItsMessage() {
        List<LogRecord> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Collector(lines);
        assertThat(LoggerFactory.getILoggerFactory()).isInstanceOf(JDK14LoggerFactory.class);
        Logger root = Logger.getLogger("io.github.ephemeralchat.sse");
        root.addHandler(handler);
        try (TestApi api = TestApi.failing(new IllegalStateException(SECRET))) {
            Reply reply = api.send(TestRequest.post("/rooms").json("{\"name\":\"" + SECRET + "\"}"))
                    .is(500, "internal");
            assertThat(reply.text()).doesNotContain(SECRET, "Exception", "java");
        } finally {
            root.removeHandler(handler);
        }
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0).getMessage()).isEqualTo("A request failed");
        StringWriter trace = new StringWriter();
        lines.get(0).getThrown().printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
                .contains("java.lang.IllegalStateException", "at " + ProblemTest.class.getName())
                .doesNotContain(SECRET);
    }

    @Test
    void aBugInTheHostsOwnSettingsIs500Too() {
        try (TestApi api = TestApi.create()) {
            TestRequest call = TestRequest.post("/rooms").failingIdentity(new IllegalArgumentException(SECRET));
            assertThat(api.send(call).is(500, "internal").text()).doesNotContain(SECRET);
        }
    }

    @Test
    void noErrorRepeatsWhatSomebodySent() {
        try (TestApi api = TestApi.create()) {
            Reply owner = api.createRoom();
            String room = "/rooms/" + owner.roomId();
            List<TestRequest> calls = List.of(
                    TestRequest.post("/rooms").json("{\"name\":\"" + SECRET.repeat(9) + "\"}"),
                    TestRequest.post("/rooms").json("{\"ttlMinutes\":\"" + SECRET + "\"}"),
                    TestRequest.post("/rooms").json("{" + SECRET),
                    TestRequest.post("/rooms").json("{\"" + SECRET + "\":1,\"" + SECRET + "\":2}"),
                    TestRequest.post("/rooms").json("{}").header("Content-Type", SECRET),
                    TestRequest.post("/rooms").header("Origin", "https://" + SECRET + ".example"),
                    TestRequest.post("/rooms/" + SECRET + "/participants"),
                    TestRequest.get("/" + SECRET),
                    TestRequest.of(SECRET, "/rooms"),
                    TestRequest.get(room).token(SECRET),
                    TestRequest.get("/rooms/" + SECRET).cookie(SECRET),
                    TestRequest.post(room + "/messages")
                            .token(owner.token())
                            .json("{\"text\":\"a\",\"id\":\"" + SECRET + "!\"}"),
                    TestRequest.get(room + "/messages?after=" + SECRET).token(owner.token()),
                    TestRequest.get(room + "/events?from=" + SECRET).token(owner.token()),
                    TestRequest.get(room + "/events").token(owner.token()).header("Last-Event-ID", SECRET));
            for (TestRequest call : calls) {
                Reply reply = api.send(call);
                assertThat(reply.status()).isBetween(400, 499);
                assertThat(reply.text()).doesNotContain(SECRET, owner.token(), owner.roomId());
                assertThat(reply.response().headers().toString()).doesNotContain(SECRET);
                assertThat(reply.response().toString() + call.toApi()).doesNotContain(SECRET, owner.token());
            }
        }
    }

    private static final class Collector extends Handler {

        private final List<LogRecord> lines;

        Collector(List<LogRecord> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
