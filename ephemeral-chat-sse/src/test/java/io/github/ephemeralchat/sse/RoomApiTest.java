package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomApiTest {

    private static final String TOKEN = "a23456789012345678901234567890123456789012_";
    private static final String PROOF = "proof_0123456789-abcdefg";

    private final TestApi api = TestApi.create();

    @AfterEach
    void close() {
        api.close();
    }

    @Nested
    class Create {

        @Test
        void anAbsentBodyMakesTheUsualRoom() {
            Reply reply = api.createRoom();
            JsonNode room = reply.json().path("room");
            assertThat(room.path("createdAt").asText()).isEqualTo("2030-01-01T12:00:00.000Z");
            assertThat(room.path("expiresAt").asText()).isEqualTo("2030-01-01T12:10:00.000Z");
            assertThat(room.path("now").asText()).isEqualTo("2030-01-01T12:00:00.000Z");
            assertThat(room.path("maxParticipants").asInt()).isEqualTo(10);
            assertThat(reply.json().at("/participant/name").asText()).matches("\\p{Alpha}+_[0-9a-f]{6}");
            assertThat(reply.json().at("/participant/owner").asBoolean()).isTrue();
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        }

        @Test
        void anEmptyBodyNeedsNoContentTypeAndMayHaveAny() {
            api.send(TestRequest.post("/rooms").body("text/plain", new byte[0])).is(201);
        }

        @Test
        void theBodyChooses() {
            Reply reply =
                    api.createRoom("{\"ttlMinutes\":1440,\"maxParticipants\":1000,\"name\":\"\uD83D\uDC4B Zoë\"}");
            assertThat(reply.json().at("/room/expiresAt").asText()).isEqualTo("2030-01-02T12:00:00.000Z");
            assertThat(reply.json().at("/room/maxParticipants").asInt()).isEqualTo(1000);
            assertThat(reply.json().at("/participant/name").asText()).isEqualTo("\uD83D\uDC4B Zoë");
        }

        @Test
        void fieldThatIsNotKnown_isRefusedByItsName() {
            Reply refused = api.send(
                    TestRequest.post("/rooms").json("{\"ttlMinutes\":1,\"colour\":{\"deep\":[1,null]},\"other\":1}"));
            assertThat(refused.is(400, "invalid_request").json().path("detail").asText())
                    .isEqualTo("The field colour is not known.");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a b",
                    "caf\u00e9",
                    "\\u0000",
                    "\u202ex",
                    "",
                    "0123456789012345678901234567890123456789012345678901234567890123_"
                })
        void nameOfAFieldThatIsNotPlain_isNotRepeated(String name) {
            Reply refused = api.send(TestRequest.post("/rooms").json("{\"" + name + "\":1}"));
            assertThat(refused.is(400, "invalid_request").json().path("detail").asText())
                    .isEqualTo("A field is not known.");
        }

        @Test
        void bodyThatIsNoJson_isThatWhateverFieldsItHas() {
            api.send(TestRequest.post("/rooms").json("{\"colour\":1")).is(400, "invalid_json");
        }

        @Test
        void roomSaysAllOfItsState() {
            JsonNode room = api.createRoom("{\"ownerOnlyDestroy\":true,\"proof\":\"" + PROOF
                            + "\",\"properties\":{\"topic\":\"tea\",\"colour\":\"green\"}}")
                    .json()
                    .path("room");
            assertThat(room.path("locked").asBoolean(true)).isFalse();
            assertThat(room.path("proofRequired").asBoolean()).isTrue();
            assertThat(room.path("ownerOnlyDestroy").asBoolean()).isTrue();
            assertThat(room.path("encrypted").asBoolean(true)).isFalse();
            assertThat(room.path("signals").isEmpty()).isTrue();
            assertThat(room.path("properties")).hasToString("{\"colour\":\"green\",\"topic\":\"tea\"}");
            assertThat(room.path("lastSequence").asInt()).isEqualTo(1);
            assertThat(room.path("latestExpiresAt").asText()).isEqualTo("2030-01-02T12:00:00.000Z");
        }

        @Test
        void ownToken_isTheSeatsAndStandsOnlyInTheCookie() {
            Reply owner = api.createRoom("{\"token\":\"" + TOKEN + "\"}");
            assertThat(owner.json().has("token")).isFalse();
            assertThat(owner.header("Set-Cookie")).startsWith("ephemeral-chat=" + TOKEN + "; ");
            api.send(TestRequest.get("/rooms/" + owner.roomId()).token(TOKEN)).is(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"token\":\"short\"",
                    "\"token\":\"" + TOKEN + "a\"",
                    "\"token\":\"!" + "a2345678901234567890123456789012345678901a\"",
                    "\"token\":null",
                    "\"proof\":\"012345678901234567890\"",
                    "\"proof\":\"0123456789012345678901 \"",
                    "\"proof\":null",
                    "\"properties\":[]",
                    "\"properties\":null",
                    "\"properties\":{\"Topic\":\"x\"}",
                    "\"properties\":{\"topic\":1}",
                    "\"properties\":{\"topic\":\" \"}",
                    "\"encrypted\":true",
                    "\"encrypted\":null",
                    "\"profile\":\"abc\"",
                    "\"encrypted\":false,\"profile\":\"abc\"",
                    "\"profile\":\"\"",
                    "\"messageTtlSeconds\":4",
                    "\"messageTtlSeconds\":86401",
                    "\"messageTtlSeconds\":\"5\"",
                    "\"signals\":\"typing\"",
                    "\"signals\":null",
                    "\"signals\":[\"smell\"]",
                    "\"signals\":[\"typing\",\"typing\"]",
                    "\"signals\":[[\"typing\"]]"
                })
        void badOption_isRefused(String field) {
            api.send(TestRequest.post("/rooms").json("{" + field + "}")).is(400, "invalid_request");
        }

        @Test
        void signals_areThoseThatWereAskedFor() {
            for (String signals : List.of("[]", "[\"typing\"]", "[\"presence\"]", "[\"typing\",\"presence\"]")) {
                assertThat(api.createRoom("{\"signals\":" + signals + "}")
                                .json()
                                .at("/room/signals"))
                        .hasToString(signals);
            }
        }

        @Test
        void optionThatAsksForNothing_isTaken() {
            assertThat(api.createRoom("{\"signals\":[],\"encrypted\":false,\"properties\":{}}")
                            .json()
                            .at("/room/signals"))
                    .isEmpty();
        }

        @Test
        void propertiesBeyondTheirLimits_areRefused() {
            String many = IntStream.rangeClosed(1, 17)
                    .mapToObj(i -> "\"p" + i + "\":\"x\"")
                    .collect(Collectors.joining(",", "{\"properties\":{", "}}"));
            String large = IntStream.rangeClosed(1, 9)
                    .mapToObj(i -> "\"p" + i + "\":\"" + "x".repeat(512) + "\"")
                    .collect(Collectors.joining(",", "{\"properties\":{", "}}"));
            api.send(TestRequest.post("/rooms").json(many)).is(400, "invalid_request");
            api.send(TestRequest.post("/rooms").json(large)).is(400, "invalid_request");
        }

        @Test
        void theLocationIsAPathWithoutAHost() {
            Reply reply = api.createRoom();
            assertThat(reply.header("Location")).isEqualTo("/api/rooms/" + reply.roomId());
        }

        @Test
        void theLocationIsAbsoluteWhereThePublicUrlIsKnown() {
            URI base = URI.create("HTTPS://Example.org/chat/api/");
            try (TestApi proxied = TestApi.with(settings -> settings.publicBaseUrl(base))) {
                Reply reply = proxied.createRoom();
                assertThat(reply.header("Location")).isEqualTo("https://Example.org/chat/api/rooms/" + reply.roomId());
            }
        }

        @Test
        void theHostDecidesWhoMay() {
            api.send(TestRequest.post("/rooms").mayNotCreate()).is(403, "forbidden");
        }

        @Test
        void theHostDecidesWhoJoinsWhichRoom() {
            Reply mine = api.createRoom();
            Reply other = api.createRoom();
            RoomId guests = new RoomId(mine.roomId());
            TestRequest in = TestRequest.post("/rooms/" + mine.roomId() + "/participants");
            api.send(in.mayJoin(guests::equals)).is(201);
            for (String room : List.of(other.roomId(), "abcdefgh")) {
                TestRequest out = TestRequest.post("/rooms/" + room + "/participants");
                api.send(out.mayJoin(guests::equals)).is(403, "forbidden");
                api.send(out.as(new Identity("user-7", "Alice"))).is(403, "forbidden");
            }
            api.send(TestRequest.post("/rooms/no-code/participants").mayJoin(room -> false))
                    .is(404, "room_not_found");
            assertThat(api.service()
                            .asHost(new RoomId(other.roomId()))
                            .describe()
                            .orElseThrow()
                            .participants())
                    .isEqualTo(1);
        }

        @Test
        void theHostKnowsTheName() {
            TestRequest call =
                    TestRequest.post("/rooms").json("{\"name\":\"Mallory\"}").as(new Identity("user-7", "Alice"));
            Reply reply = api.send(call).is(201);
            assertThat(reply.json().at("/participant/name").asText()).isEqualTo("Alice");
        }

        @Test
        void whereTheHostKnowsTheNameNobodyLooksAtAnother() {
            api.send(TestRequest.post("/rooms").json("{\"name\":\"\"}").as(new Identity("user-7", "Alice")))
                    .is(201);
        }

        @Test
        void theHostNarrowsTheBounds() {
            try (TestApi narrow = TestApi.with(settings -> settings.minTtl(Duration.ofMinutes(2))
                    .maxTtl(Duration.ofMinutes(5))
                    .maxParticipants(3))) {
                Reply usual = narrow.createRoom();
                assertThat(usual.json().at("/room/expiresAt").asText()).isEqualTo("2030-01-01T12:05:00.000Z");
                assertThat(usual.json().at("/room/maxParticipants").asInt()).isEqualTo(3);
                narrow.createRoom("{\"ttlMinutes\":2,\"maxParticipants\":2}");
                for (String body : new String[] {
                    "{\"ttlMinutes\":1}", "{\"ttlMinutes\":6}", "{\"maxParticipants\":4}", "{\"maxParticipants\":1}"
                }) {
                    narrow.send(TestRequest.post("/rooms").json(body)).is(400, "invalid_request");
                }
            }
        }

        @Test
        void aShortestLifeBeyondTheUsualIsTheUsual() {
            try (TestApi slow = TestApi.with(settings -> settings.minTtl(Duration.ofHours(2)))) {
                assertThat(slow.createRoom().json().at("/room/expiresAt").asText())
                        .isEqualTo("2030-01-01T14:00:00.000Z");
            }
        }
    }

    @Nested
    class Show {

        @Test
        void aParticipantSeesTheRoomAndWhoIsThere() {
            Reply owner = api.createRoom();
            Reply guest = api.join(owner.roomId());
            api.advance(Duration.ofMillis(1));
            JsonNode room = api.send(TestRequest.get("/rooms/" + owner.roomId()).token(guest.token()))
                    .is(200)
                    .json();
            assertThat(room.path("id").asText()).isEqualTo(owner.roomId());
            assertThat(room.path("now").asText()).isEqualTo("2030-01-01T12:00:00.001Z");
            assertThat(room.path("me").asText()).isEqualTo(guest.participantId());
            assertThat(room.path("participants"))
                    .extracting(
                            one -> one.path("id").asText() + one.path("owner").asBoolean())
                    .containsExactly(owner.participantId() + "true", guest.participantId() + "false");
        }

        @Test
        void noAnswerButAMembershipHoldsAToken() {
            Reply owner = api.createRoom();
            api.say(owner, "hi");
            for (String path : new String[] {"", "/messages"}) {
                Reply reply = api.send(
                        TestRequest.get("/rooms/" + owner.roomId() + path).token(owner.token()));
                assertThat(reply.is(200).text()).doesNotContain(owner.token());
            }
        }
    }

    @Nested
    class Destroy {

        @Test
        void anyParticipantMay() {
            Reply owner = api.createRoom();
            Reply guest = api.join(owner.roomId());
            Reply gone = api.send(TestRequest.delete("/rooms/" + owner.roomId()).token(guest.token()));
            assertThat(gone.is(204).response().body()).isEmpty();
            assertThat(gone.header("Content-Type")).isNull();
            assertThat(gone.header("Set-Cookie")).contains("Max-Age=0");
            api.send(TestRequest.get("/rooms/" + owner.roomId()).token(owner.token()))
                    .is(401, "unauthorized");
            api.send(TestRequest.post("/rooms/" + owner.roomId() + "/participants"))
                    .is(404, "room_not_found");
        }

        @Test
        void onlyTheOwnerMayWhereTheCreatorSaysSo() {
            onlyTheOwnerMay(api, api.createRoom("{\"ownerOnlyDestroy\":true}"));
        }

        @Test
        void onlyTheOwnerMayWhereTheHostSaysSoWhateverTheCreatorSays() {
            try (TestApi strict = TestApi.with(settings -> settings.ownerOnlyDestroy(true))) {
                onlyTheOwnerMay(strict, strict.createRoom("{\"ownerOnlyDestroy\":false}"));
            }
        }

        private void onlyTheOwnerMay(TestApi any, Reply owner) {
            Reply guest = any.join(owner.roomId());
            TestRequest destroy = TestRequest.delete("/rooms/" + owner.roomId());
            any.send(destroy.token(guest.token())).is(403, "forbidden");
            any.send(destroy.token(owner.token())).is(204);
        }
    }

    @Nested
    class Contract {

        @Test
        void isServedAsItIs() throws Exception {
            Reply reply = api.send(TestRequest.get("/openapi.yaml")).is(200);
            assertThat(reply.header("Content-Type")).isEqualTo("application/yaml");
            try (var file = ChatApi.class.getResourceAsStream("openapi.yaml")) {
                assertThat(reply.text()).isEqualTo(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }
}
