package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.MessageGuard;
import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.MessageClaimed;
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
    private static final Set<String> ANSWERED_BY_STREAMS =
            Set.of("GET /rooms/{id}/events 200", "POST /rooms/{id}/events 200");

    private static final String ROOM = "/rooms/{id}";
    private static final String PROOF = "proof_0123456789-abcdefg";

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
        JsonNode events =
                OpenApi.INSTANCE.document().at("/components/responses/Events/content/text~1event-stream/x-events");
        assertThat(events.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "message",
                        "notice",
                        "forgotten",
                        "claimed",
                        "joined",
                        "left",
                        "deadline",
                        "admission",
                        "role",
                        "property",
                        "x-...",
                        "ready",
                        "expiring",
                        "cue",
                        "presence",
                        "replaced",
                        "reset",
                        "destroyed");
    }

    @Test
    void theDataOfEventsIsAsTheContractSays() {
        Identity nyx = new Identity("p_1", "Nyx");
        OpenApi contract = OpenApi.INSTANCE;
        contract.checkValue(
                "Message",
                JsonCodec.bytes(new RoomJson(WireIds.SHOWN).message(new Message("a", 1, nyx, "hi", Instant.EPOCH))));
        for (Role role : Role.values()) {
            contract.checkValue(
                    "Joined",
                    JsonCodec.bytes(
                            new RoomJson(WireIds.SHOWN).joined(1, new Participant(nyx, role, "a.b"), Instant.EPOCH)));
        }
        RoomJson json = new RoomJson(WireIds.SHOWN);
        for (Forgotten reason : Forgotten.values()) {
            BodyLife gone = new BodyLife(Instant.EPOCH, null, reason);
            contract.checkValue(
                    "Message", JsonCodec.bytes(json.message(new Message("a", 1, nyx, "", Instant.EPOCH, gone))));
            contract.checkValue("ForgottenMessage", JsonCodec.bytes(json.forgotten(7, reason)));
        }
        contract.checkValue(
                "Message",
                JsonCodec.bytes(json.message(
                        new Message("a", 1, nyx, "", Instant.EPOCH, new BodyLife(Instant.EPOCH, 2, null)))));
        contract.checkValue(
                "ClaimedMessage", JsonCodec.bytes(json.claimed(new MessageClaimed(EntryId.at(9), 7, nyx, 1))));
        contract.checkValue("Left", JsonCodec.bytes(new RoomJson(WireIds.SHOWN).left(1, nyx, Instant.EPOCH)));
        contract.checkValue(
                "Cue", JsonCodec.bytes(new RoomJson(WireIds.SHOWN).cue(new RoomEvent.CueSent("typing", "p_1", ""))));
        for (Set<String> present : Arrays.asList(Set.of("p_1"), null)) {
            RoomEvent.PresenceChanged event = new RoomEvent.PresenceChanged(present, 1);
            contract.checkValue("Presence", JsonCodec.bytes(new RoomJson(WireIds.SHOWN).presence(event)));
        }
        contract.checkValue("Expiring", JsonCodec.bytes(JsonCodec.expiring(Instant.EPOCH, 300)));
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
        givenToChanges();
        givenToForgottenMessages();
        givenByAGuard();
        givenForEntries();
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

    private void givenToChanges() {
        try (TestApi api = TestApi.create()) {
            Reply owner = api.createRoom();
            String room = "/rooms/" + owner.roomId();
            Reply guest = api.join(owner.roomId());
            String reader = room + "/participants/" + guest.participantId();
            for (Reply by : List.of(guest, owner)) {
                send(api, by, TestRequest.put(room + "/deadline").json("{\"ttlSeconds\":600}"));
                send(api, by, TestRequest.put(room + "/admission").json("{\"proof\":\"" + PROOF + "\"}"));
                send(api, by, TestRequest.patch(reader).json("{\"role\":\"reader\"}"));
                send(api, by, TestRequest.put(room + "/properties/topic").json("{\"value\":\"tea\"}"));
                send(api, by, TestRequest.delete(room + "/properties/topic"));
            }
            send(api, owner, TestRequest.patch(room + "/participants/p_1").json("{\"role\":\"reader\"}"));
            send(api, owner, TestRequest.delete(room + "/properties/Topic"));
            send(api, guest, TestRequest.post(room + "/messages").json("{\"text\":\"a\"}"));
            api.send(TestRequest.post(room + "/participants")).is(403, "wrong_proof");
            send(api, owner, TestRequest.put(room + "/admission").json("{\"locked\":true}"));
            api.send(TestRequest.post(room + "/participants")).is(403, "room_locked");
            send(api, owner, TestRequest.put(room + "/admission").json("{\"locked\":false,\"proof\":null}"));
            String own = "{\"token\":\"a23456789012345678901234567890123456789012_\"}";
            api.send(TestRequest.post(room + "/participants").json(own)).is(201);
            api.send(TestRequest.post(room + "/participants").json(own).as(new Identity("u", "U")))
                    .is(403, "forbidden");
            api.advance(Duration.ofMillis(540_001));
            send(api, owner, TestRequest.put(room + "/deadline").json("{\"ttlSeconds\":600}"));
            seen.addAll(api.coverage.seen());
        }
    }

    private void givenToForgottenMessages() {
        try (TestApi api = TestApi.create()) {
            Reply owner = api.createRoom("{\"messageTtlSeconds\":600}");
            String room = "/rooms/" + owner.roomId();
            Reply guest = api.join(owner.roomId());
            send(api, owner, TestRequest.post(room + "/messages").json("{\"text\":\"a\",\"claims\":1}"));
            send(api, owner, TestRequest.post(room + "/messages/3/claim"));
            send(api, guest, TestRequest.post(room + "/messages/2/claim"));
            send(api, guest, TestRequest.post(room + "/messages/3/claim"));
            send(api, guest, TestRequest.delete(room + "/messages/3"));
            send(api, owner, TestRequest.delete(room + "/messages/3"));
            send(api, owner, TestRequest.delete(room + "/messages/2"));
            send(api, guest, TestRequest.post(room + "/messages/3/claim"));
            seen.addAll(api.coverage.seen());
        }
    }

    private void givenByAGuard() {
        try (TestApi api = TestApi.guardedBy((room, sender, text) -> MessageGuard.Verdict.refuse("no_links"))) {
            Reply owner = api.createRoom();
            api.say(owner, "hi").is(403, "refused");
            send(api, owner, call(Route.POST_ENTRY, "/rooms/" + owner.roomId()));
            seen.addAll(api.coverage.seen());
        }
    }

    private void givenForEntries() {
        try (TestApi api = TestApi.with(settings -> settings.entryKinds(Set.of("x-vote")))) {
            Reply owner = api.createRoom();
            String room = "/rooms/" + owner.roomId();
            String vote = "{\"kind\":\"x-vote\",\"body\":\"tea\",\"id\":\"1\"}";
            send(api, owner, TestRequest.post(room + "/entries").json(vote));
            send(api, owner, TestRequest.post(room + "/entries").json(vote));
            send(api, owner, TestRequest.post(room + "/entries").json("{\"kind\":\"x-other\",\"body\":\"tea\"}"));
            Reply other = api.createRoom("{\"signals\":[\"typing\"]}");
            send(api, other, call(Route.SEND_CUE, "/rooms/" + other.roomId()));
            send(api, owner, call(Route.SEND_CUE, room));
            api.send(TestRequest.post("/rooms/abcdefgh/entries").token("t").json(vote));
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
            for (Route route : Route.values()) {
                if (route.takesBody()) {
                    badBodies(api, owner, route.method, path(route, room));
                }
            }
            send(api, owner, TestRequest.post(room + "/events?lastEventId=x"));
            seen.addAll(api.coverage.seen());
        }
    }

    private static void badBodies(TestApi api, Reply owner, String method, String target) {
        send(api, owner, TestRequest.of(method, target).json("[]"));
        send(api, owner, TestRequest.of(method, target).json("{"));
        send(api, owner, TestRequest.of(method, target).body("text/plain", new byte[1]));
        send(api, owner, TestRequest.of(method, target).body("text/plain", new byte[ApiRequest.MAX_BODY_BYTES + 1]));
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
        return Arrays.stream(Route.values())
                .map(route -> call(route, "/rooms/abcdefgh"))
                .toList();
    }

    private static TestRequest call(Route route, String room) {
        TestRequest call = TestRequest.of(route.method, path(route, room));
        return switch (route) {
            case POST_MESSAGE -> call.json("{\"text\":\"a\"}");
            case POST_ENTRY -> call.json("{\"kind\":\"x-vote\",\"body\":\"tea\"}");
            case SEND_CUE -> call.json("{\"kind\":\"typing\"}");
            case MOVE_DEADLINE -> call.json("{\"ttlSeconds\":60}");
            case ASSIGN_ROLE -> call.json("{\"role\":\"owner\"}");
            case SET_PROPERTY -> call.json("{\"value\":\"tea\"}");
            default -> call;
        };
    }

    private static String path(Route route, String room) {
        return route.template
                .replace(ROOM, room)
                .replace("{pid}", "p_1")
                .replace("{name}", "topic")
                .replace("{sequence}", "1");
    }

    private static void send(TestApi api, Reply member, TestRequest call) {
        api.send(call.token(member.token()));
    }
}
