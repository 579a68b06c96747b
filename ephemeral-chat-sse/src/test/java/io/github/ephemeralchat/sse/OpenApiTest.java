package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract and the API say the same. */
class OpenApiTest {

    /** What only a running stream responses; its own test sees it. */
    private static final Set<String> ANSWERED_BY_STREAMS = Set.of("GET /rooms/{id}/events 200");

    private static final String ROOM = "/rooms/{id}";

    private final Set<String> seen = new TreeSet<>();

    @Test
    void theContractListsExactlyTheRoutes() {
        Set<String> routes = Arrays.stream(Route.values())
                .map(route -> route.method + " " + route.template)
                .collect(Collectors.toSet());
        assertThat(OpenApi.INSTANCE.operations()).containsExactlyInAnyOrderElementsOf(routes);
    }

    @Test
    void theContractListsExactlyTheCodes() {
        JsonNode codes = OpenApi.INSTANCE.document().at("/components/schemas/Problem/properties/code/enum");
        assertThat(codes)
                .extracting(JsonNode::asText)
                .containsExactly(
                        Arrays.stream(Problem.values()).map(Problem::code).toArray(String[]::new));
    }

    @Test
    void theContractListsExactlyTheEvents() {
        JsonNode events = OpenApi.INSTANCE
                .document()
                .at("/paths/~1rooms~1{id}~1events/get/responses/200/content/text~1event-stream/x-events");
        assertThat(events.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("message", "joined", "left", "ready", "replaced", "reset", "destroyed");
    }

    @Test
    void theDataOfEventsIsAsTheContractSays() {
        Identity nyx = new Identity("p_1", "Nyx");
        OpenApi contract = OpenApi.INSTANCE;
        contract.checkValue(
                "Message", JsonCodec.bytes(JsonCodec.message(new Message("a", 1, nyx, "hi", Instant.EPOCH))));
        contract.checkValue("ParticipantEvent", JsonCodec.bytes(JsonCodec.participantEvent(1, nyx, Instant.EPOCH)));
        for (ResetReason reason : ResetReason.values()) {
            contract.checkValue("Reset", JsonCodec.bytes(JsonCodec.reset(reason, 7)));
        }
        for (EndReason reason : EndReason.values()) {
            contract.checkValue("Destroyed", JsonCodec.bytes(JsonCodec.destroyed(reason)));
        }
        contract.checkValue("EventId", SseFrames.bytes('"' + new EntryId(7, EntryId.MAX_NONCE).toString() + '"'));
    }

    @Test
    void everyDocumentedAnswerIsGivenAndEveryAnswerIsDocumented() {
        givenByRooms();
        givenToStrangers();
        givenForBadBodies();
        givenWhereTheStoreFails();
        givenWhereLimitsAreReached();

        Set<String> expected = new TreeSet<>(OpenApi.INSTANCE.responses());
        expected.removeAll(ANSWERED_BY_STREAMS);
        assertThat(seen).isEqualTo(expected);
    }

    private void givenByRooms() {
        try (TestApi api = TestApi.create()) {
            Reply owner = api.createRoom("{\"maxParticipants\":2,\"ownerOnlyDestroy\":true}");
            String room = "/rooms/" + owner.roomId();
            Reply guest = api.join(owner.roomId());
            send(api, guest, TestRequest.post(room + "/participants"));
            api.send(TestRequest.post(room + "/participants")).is(409);
            send(api, owner, TestRequest.get(room));
            send(api, owner, TestRequest.post(room + "/messages").json("{\"text\":\"a\",\"id\":\"1\"}"));
            send(api, owner, TestRequest.post(room + "/messages").json("{\"text\":\"a\",\"id\":\"1\"}"));
            send(api, owner, TestRequest.get(room + "/messages"));
            send(api, owner, TestRequest.get(room + "/messages?limit=x"));
            send(api, owner, TestRequest.get(room + "/events?lastEventId=x"));
            send(api, guest, TestRequest.delete(room));
            send(api, guest, TestRequest.delete(room + "/participants/" + owner.participantId()));
            send(api, owner, TestRequest.delete(room + "/participants/" + guest.participantId()));
            send(api, owner, TestRequest.delete(room + "/participants/me"));
            Reply other = api.createRoom();
            send(api, other, TestRequest.delete("/rooms/" + other.roomId()));
            api.send(TestRequest.get("/openapi.yaml")).is(200);
            seen.addAll(api.coverage.seen());
        }
    }

    private void givenToStrangers() {
        try (TestApi api = TestApi.create()) {
            api.send(TestRequest.post("/rooms").mayNotCreate());
            api.send(TestRequest.post("/rooms/abcdefgh/participants"));
            for (TestRequest call : everyCall()) {
                api.send(call);
            }
            for (TestRequest call : everyCall()) {
                api.send(call.header("Sec-Fetch-Site", "cross-site"));
            }
            // Whoever is let through must not get the answer that others get too.
            seen.addAll(api.coverage.seen());
        }
    }

    private void givenForBadBodies() {
        try (TestApi api = TestApi.create()) {
            Reply owner = api.createRoom();
            String room = "/rooms/" + owner.roomId();
            for (String target : List.of("/rooms", room + "/participants", room + "/messages")) {
                send(api, owner, TestRequest.post(target).json("[]"));
                send(api, owner, TestRequest.post(target).json("{"));
                send(api, owner, TestRequest.post(target).body("text/plain", new byte[1]));
                send(api, owner, TestRequest.post(target).body("text/plain", new byte[ApiRequest.MAX_BODY_BYTES + 1]));
            }
            seen.addAll(api.coverage.seen());
        }
    }

    private void givenWhereTheStoreFails() {
        Stream.of(
                        new ChatUnavailableException("a test"),
                        new LimitExceededException("a test"),
                        new IllegalStateException("a test"))
                .forEach(failure -> {
                    try (TestApi api = TestApi.failing(failure)) {
                        everyCall().forEach(call -> api.send(call.token("t")));
                        seen.addAll(api.coverage.seen());
                    }
                });
    }

    private void givenWhereLimitsAreReached() {
        Limit once = Limit.of(1, Duration.ofDays(1));
        RateLimits limits = RateLimits.off().withRequestsPerAddress(once);
        try (TestApi api = TestApi.with(settings -> settings.rateLimits(limits))) {
            api.createRoom();
            everyCall().forEach(call -> api.send(call).is(429, "rate_limited"));
            seen.addAll(api.coverage.seen());
        }
    }

    /** A right call of every operation, without a token, for a room that is not there. */
    private static List<TestRequest> everyCall() {
        return Arrays.stream(Route.values()).map(OpenApiTest::call).toList();
    }

    private static TestRequest call(Route route) {
        String path = route.template.replace(ROOM, "/rooms/abcdefgh").replace("{pid}", "p_1");
        TestRequest call = TestRequest.of(route.method, path);
        return route == Route.POST_MESSAGE ? call.json("{\"text\":\"a\"}") : call;
    }

    private static void send(TestApi api, Reply member, TestRequest call) {
        api.send(call.token(member.token()));
    }
}
