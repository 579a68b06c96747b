package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A request is judged by its head; what is left is done once the body is there. */
class PendingRequestTest {

    private static final ApiRequest.Body JSON = () -> "{\"name\":\"Late\"}".getBytes(StandardCharsets.UTF_8);

    private static TestRequest creating() {
        return TestRequest.post("/rooms")
                .header("Content-Type", "application/json")
                .header("Content-Length", "15");
    }

    private static Reply early(TestApi api, TestRequest request) {
        return new Reply(Objects.requireNonNull(api.begin(request).response()));
    }

    @Test
    void theBodyIsReadWhenItIsThere() {
        try (TestApi api = TestApi.create()) {
            PendingRequest pending = api.begin(creating());
            assertThat(pending.response()).isNull();
            Reply reply = new Reply(pending.respond(JSON)).is(201);
            assertThat(reply.text()).contains("\"name\":\"Late\"");
        }
    }

    @Test
    void theHostIsAskedBeforeTheBodyIsThere() {
        try (TestApi api = TestApi.create()) {
            TestRequest request = creating().as(new Identity("user-1", "Anna"));
            PendingRequest pending = api.begin(request);
            request.failingIdentity(new IllegalStateException("asked again")).mayNotCreate();
            Reply reply = new Reply(pending.respond(JSON)).is(201);
            assertThat(reply.json().at("/participant/name").asText()).isEqualTo("Anna");
        }
    }

    @Test
    void theHostIsAskedBeforeTheBodyIsThere_aboutTheRoom() {
        try (TestApi api = TestApi.create()) {
            String room = api.createRoom().roomId();
            for (boolean may : new boolean[] {true, false}) {
                TestRequest request = TestRequest.post("/rooms/" + room + "/participants")
                        .header("Content-Type", "application/json")
                        .mayJoin(asked -> asked.value().equals(room) && may);
                PendingRequest pending = api.begin(request);
                request.mayJoin(asked -> {
                    throw new IllegalStateException("asked again");
                });
                new Reply(pending.respond(JSON)).is(may ? 201 : 403);
            }
        }
    }

    @Test
    void aHostThatFailsIsNoFailureOfTheClient() {
        try (TestApi api = TestApi.create()) {
            early(api, creating().failingIdentity(new IllegalStateException("a test")))
                    .is(500, "internal");
        }
    }

    static Stream<Arguments> whatTheHeadDecidesNeedsNoBody() {
        return Stream.of(
                Arguments.of(TestRequest.post("/nowhere"), 404, "not_found"),
                Arguments.of(TestRequest.of("PUT", "/rooms"), 405, "method_not_allowed"),
                Arguments.of(creating().header("Sec-Fetch-Site", "cross-site"), 403, "cross_site"),
                Arguments.of(creating().mayNotCreate(), 403, "forbidden"),
                Arguments.of(creating().header("Content-Length", "65537"), 413, "payload_too_large"),
                Arguments.of(creating().header("Content-Length", "9".repeat(30)), 413, "payload_too_large"),
                Arguments.of(TestRequest.delete("/rooms/abcdefgh"), 401, "unauthorized"));
    }

    @ParameterizedTest
    @MethodSource
    void whatTheHeadDecidesNeedsNoBody(TestRequest request, int status, String code) {
        try (TestApi api = TestApi.create()) {
            early(api, request).is(status, code);
        }
    }

    @Test
    void aRequestCountsOnce() {
        RateLimits two = RateLimits.off().withRequestsPerAddress(Limit.of(2, Duration.ofMinutes(1)));
        try (TestApi api = TestApi.with(settings -> settings.rateLimits(two))) {
            for (int i = 0; i < 2; i++) {
                new Reply(api.begin(creating()).respond(JSON)).is(201);
            }
            early(api, creating()).is(429, "rate_limited");
        }
    }

    @Test
    void aBodyThatCannotBeReadIsTheClients() {
        try (TestApi api = TestApi.create()) {
            PendingRequest pending = api.begin(creating());
            new Reply(pending.respond(() -> {
                        throw new IOException("cut off");
                    }))
                    .is(400, "invalid_request");
        }
    }

    @ParameterizedTest
    @MethodSource
    void aStreamTakesNoBody(String header, String value, int status) {
        try (TestApi api = TestApi.create()) {
            Reply owner = api.createRoom();
            TestRequest events =
                    TestRequest.get("/rooms/" + owner.roomId() + "/events").token(owner.token());
            Reply reply = api.send(events.header(header, value)).is(status);
            if (status == 200) {
                reply.stream().abort();
            }
        }
    }

    static Stream<Arguments> aStreamTakesNoBody() {
        return Stream.of(
                Arguments.of("Content-Length", "1", 400),
                Arguments.of("Transfer-Encoding", "chunked", 400),
                Arguments.of("Content-Length", "0", 200));
    }
}
