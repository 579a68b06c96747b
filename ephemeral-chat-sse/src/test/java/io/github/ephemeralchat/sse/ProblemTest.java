package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.LimitExceededException;
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
            JsonNode json = new Reply(problem.answer())
                    .is(problem.status(), problem.code())
                    .json();
            assertThat(json.path("type").asText()).isEqualTo("about:blank");
            assertThat(json.path("title").asText()).isNotBlank();
            assertThat(json.path("detail").asText()).endsWith(".");
        }
    }

    @Test
    void aStoreThatIsAwayIs503() {
        try (TestApi api = TestApi.failing(new ChatUnavailableException(SECRET))) {
            Reply reply = api.send(TestCall.post("/rooms")).is(503, "unavailable");
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(reply.text()).doesNotContain(SECRET);
        }
    }

    @Test
    void aLimitOfTheStoreIs429() {
        try (TestApi api = TestApi.failing(new LimitExceededException(SECRET))) {
            Reply reply = api.send(TestCall.post("/rooms")).is(429, "limit_exceeded");
            assertThat(reply.text()).doesNotContain(SECRET);
        }
    }

    @Test
    void aBugIs500AndOneLineThatNamesItsClass() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Collector(lines);
        assertThat(LoggerFactory.getILoggerFactory()).isInstanceOf(JDK14LoggerFactory.class);
        Logger root = Logger.getLogger("io.github.ephemeralchat.sse");
        root.addHandler(handler);
        try (TestApi api = TestApi.failing(new IllegalStateException(SECRET))) {
            Reply reply = api.send(TestCall.post("/rooms").json("{\"name\":\"" + SECRET + "\"}"))
                    .is(500, "internal");
            assertThat(reply.text()).doesNotContain(SECRET, "Exception", "java");
        } finally {
            root.removeHandler(handler);
        }
        assertThat(lines).containsExactly("A request failed with java.lang.IllegalStateException");
    }

    @Test
    void aBugInTheHostsOwnSettingsIs500Too() {
        try (TestApi api = TestApi.create()) {
            TestCall call = TestCall.post("/rooms").failingIdentity(new IllegalArgumentException(SECRET));
            assertThat(api.send(call).is(500, "internal").text()).doesNotContain(SECRET);
        }
    }

    @Test
    void noErrorRepeatsWhatSomebodySent() {
        try (TestApi api = TestApi.create()) {
            Reply owner = api.createRoom();
            String room = "/rooms/" + owner.roomId();
            List<TestCall> calls = List.of(
                    TestCall.post("/rooms").json("{\"name\":\"" + SECRET.repeat(9) + "\"}"),
                    TestCall.post("/rooms").json("{\"ttlMinutes\":\"" + SECRET + "\"}"),
                    TestCall.post("/rooms").json("{" + SECRET),
                    TestCall.post("/rooms").json("{\"" + SECRET + "\":1,\"" + SECRET + "\":2}"),
                    TestCall.post("/rooms").json("{}").header("Content-Type", SECRET),
                    TestCall.post("/rooms").header("Origin", "https://" + SECRET + ".example"),
                    TestCall.post("/rooms/" + SECRET + "/participants"),
                    TestCall.get("/" + SECRET),
                    TestCall.of(SECRET, "/rooms"),
                    TestCall.get(room).token(SECRET),
                    TestCall.get("/rooms/" + SECRET).cookie(SECRET),
                    TestCall.post(room + "/messages")
                            .token(owner.token())
                            .json("{\"text\":\"a\",\"id\":\"" + SECRET + "!\"}"),
                    TestCall.get(room + "/messages?after=" + SECRET).token(owner.token()),
                    TestCall.get(room + "/events?from=" + SECRET).token(owner.token()),
                    TestCall.get(room + "/events").token(owner.token()).header("Last-Event-ID", SECRET));
            for (TestCall call : calls) {
                Reply reply = api.send(call);
                assertThat(reply.status()).isBetween(400, 499);
                assertThat(reply.text()).doesNotContain(SECRET, owner.token(), owner.roomId());
                assertThat(reply.answer().headers().toString()).doesNotContain(SECRET);
                assertThat(reply.answer().toString() + call.call()).doesNotContain(SECRET, owner.token());
            }
        }
    }

    private static final class Collector extends Handler {

        private final List<String> lines;

        Collector(List<String> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
            assertThat(line.getThrown()).isNull();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
