package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import io.github.ephemeralchat.tck.SettableTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an owner changes in its room, and others may not. */
class ChangeApiTest {

    private static final String PROOF = "proof_0123456789-abcdefg";
    private static final String OTHER_PROOF = "another-proof_0123456789";

    private final TestApi api = TestApi.create();
    private Reply owner;
    private Reply guest;
    private String room;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom();
        room = "/rooms/" + owner.roomId();
        guest = api.join(owner.roomId());
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Reply put(Reply by, String what, String json) {
        return api.send(TestRequest.put(room + what).token(by.token()).json(json));
    }

    private Reply join(String json) {
        return api.send(TestRequest.post(room + "/participants").json(json));
    }

    private JsonNode room() {
        return api.send(TestRequest.get(room).token(owner.token())).is(200).json();
    }

    @Nested
    class Deadline {

        private Reply move(Reply by, int seconds) {
            return put(by, "/deadline", "{\"ttlSeconds\":" + seconds + "}");
        }

        @Test
        void theOwnerMovesIt() {
            api.advance(Duration.ofMinutes(1));
            JsonNode moved = move(owner, 3600).is(200).json();
            assertThat(moved.path("expiresAt").asText()).isEqualTo("2030-01-01T13:01:00.000Z");
            assertThat(moved.path("lastSequence").asInt()).isEqualTo(3);
            assertThat(moved.has("participants")).isFalse();
            assertThat(room().path("expiresAt").asText()).isEqualTo("2030-01-01T13:01:00.000Z");
        }

        @Test
        void others_mayNot() {
            move(guest, 3600).is(403, "forbidden");
            api.send(TestRequest.put(room + "/deadline").json("{\"ttlSeconds\":60}"))
                    .is(401, "unauthorized");
        }

        @Test
        void theShortestLife_isOneThatIsTaken() {
            move(owner, 60).is(200);
            api.advance(Duration.ofSeconds(62));
            api.send(TestRequest.get(room).token(owner.token())).is(401);
        }

        @Test
        void theShortestLife_isTakenInATimeThatPasses() {
            SettableTime time = new SettableTime();
            RoomStore store = MemoryRoomStore.builder().timeSource(time).build();
            RoomStore slow = asked(store, method -> {
                if (method.equals("change")) {
                    time.advance(Duration.ofMillis(900));
                }
            });
            try (TestApi real = TestApi.over(slow)) {
                Reply seat = real.createRoom();
                real.send(TestRequest.put("/rooms/" + seat.roomId() + "/deadline")
                                .token(seat.token())
                                .json("{\"ttlSeconds\":60}"))
                        .is(200);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"59", "86401", "\"60\"", "60.5", "null"})
        void anotherLife_isRefused(String seconds) {
            put(owner, "/deadline", "{\"ttlSeconds\":" + seconds + "}").is(400, "invalid_request");
            put(owner, "/deadline", "{}").is(400, "invalid_request");
            put(owner, "/deadline", "{\"ttlMinutes\":1,\"ttlSeconds\":60}").is(400, "invalid_request");
        }

        @Test
        void endBeyondTheLatest_isRefused() {
            move(owner, 86_400).is(200);
            api.advance(Duration.ofMillis(1));
            move(owner, 86_400).is(400, "invalid_request");
        }

        @Test
        void roomThatEndsInLessThanAMinute_keepsItsEnd() {
            api.advance(Duration.ofMillis(540_001));
            move(owner, 600).is(409, "too_late");
        }
    }

    @Nested
    class Admission {

        @Test
        void lockedRoom_takesNobodyWhoHasNoSeat() {
            JsonNode locked =
                    put(owner, "/admission", "{\"locked\":true}").is(200).json();
            assertThat(locked.path("locked").asBoolean()).isTrue();
            JsonNode refused = join("{}").is(403, "room_locked").json();
            assertThat(refused.path("encrypted").isBoolean()).isTrue();
            api.send(TestRequest.post(room + "/participants").token(guest.token()))
                    .is(200);
            put(owner, "/admission", "{\"locked\":false}").is(200);
            join("{}").is(201);
        }

        @Test
        void roomWithAProof_takesWhoBringsIt() {
            JsonNode changed = put(owner, "/admission", "{\"proof\":\"" + PROOF + "\"}")
                    .is(200)
                    .json();
            assertThat(changed.path("proofRequired").asBoolean()).isTrue();
            JsonNode refused = join("{}").is(403, "wrong_proof").json();
            assertThat(refused.path("encrypted").asBoolean(true)).isFalse();
            join("{\"proof\":\"" + OTHER_PROOF + "\"}").is(403, "wrong_proof");
            join("{\"proof\":\"" + PROOF + "\"}").is(201);
            join("{\"proof\":\"short\"}").is(400, "invalid_request");
        }

        @Test
        void absentFields_stayAsTheyAre() {
            put(owner, "/admission", "{\"locked\":true,\"proof\":\"" + PROOF + "\"}")
                    .is(200);
            for (String nothing : new String[] {"{}", "{\"locked\":true}", "{\"proof\":\"" + PROOF + "\"}"}) {
                JsonNode same = put(owner, "/admission", nothing).is(200).json();
                assertThat(same.path("locked").asBoolean()).isTrue();
                assertThat(same.path("proofRequired").asBoolean()).isTrue();
            }
            JsonNode open = put(owner, "/admission", "{\"proof\":null}").is(200).json();
            assertThat(open.path("locked").asBoolean()).isTrue();
            assertThat(open.path("proofRequired").asBoolean()).isFalse();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"locked\":null}",
                    "{\"locked\":1}",
                    "{\"proof\":\"x\"}",
                    "{\"proof\":7}",
                    "{\"lock\":true}",
                    "{\"proof\":{}}"
                })
        void anythingElse_isRefused(String json) {
            put(owner, "/admission", json).is(400, "invalid_request");
        }

        @Test
        void others_mayNot() {
            put(guest, "/admission", "{\"locked\":true}").is(403, "forbidden");
        }

        @Test
        void wrongProofsInARow_makeNewSeatsWait() {
            put(owner, "/admission", "{\"proof\":\"" + PROOF + "\"}").is(200);
            for (int i = 0; i < RoomStore.FREE_WRONG_PROOFS; i++) {
                join("{\"proof\":\"" + OTHER_PROOF + "\"}").is(403, "wrong_proof");
            }
            join("{\"proof\":\"" + OTHER_PROOF + "\"}").is(403, "wrong_proof");
            api.advance(Duration.ofMillis(500));
            Reply waiting = join("{\"proof\":\"" + PROOF + "\"}").is(429, "rate_limited");
            assertThat(waiting.header("Retry-After")).isEqualTo("1");
            api.send(TestRequest.post(room + "/participants").token(guest.token()))
                    .is(200);
            api.advance(Duration.ofMillis(500));
            join("{\"proof\":\"" + PROOF + "\"}").is(201);
        }
    }

    @Nested
    class Roles {

        private Reply assign(Reply by, String participantId, String role) {
            return api.send(TestRequest.patch(room + "/participants/" + participantId)
                    .token(by.token())
                    .json("{\"role\":\"" + role + "\"}"));
        }

        @Test
        void reader_listensAndLeaves() {
            JsonNode reader =
                    assign(owner, guest.participantId(), "reader").is(200).json();
            assertThat(reader.path("role").asText()).isEqualTo("reader");
            assertThat(reader.path("owner").asBoolean(true)).isFalse();
            assertThat(reader.path("id").asText()).isEqualTo(guest.participantId());
            api.say(guest, "hi").is(403, "forbidden");
            api.send(TestRequest.delete(room).token(guest.token())).is(403, "forbidden");
            assertThat(api.send(TestRequest.get(room + "/events").token(guest.token()))
                            .frames())
                    .contains("event: role");
            api.send(TestRequest.delete(room + "/participants/me").token(guest.token()))
                    .is(204);
        }

        @Test
        void ownerWhoNamesAnother_isAMember() {
            JsonNode named =
                    assign(owner, guest.participantId(), "owner").is(200).json();
            assertThat(named.path("owner").asBoolean()).isTrue();
            assertThat(room().path("participants"))
                    .extracting(one -> one.path("role").asText())
                    .containsExactly("owner", "member");
            assign(owner, guest.participantId(), "reader").is(403, "forbidden");
        }

        @Test
        void ownersOwnRole_isNotTakenAway() {
            assign(owner, owner.participantId(), "member").is(400, "invalid_request");
            assign(owner, owner.participantId(), "owner").is(200);
        }

        @Test
        void nobodysSeat_isNotFound() {
            assign(owner, "p_nobody", "reader").is(404, "not_found");
            assign(owner, "me", "reader").is(404, "not_found");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"{}", "{\"role\":\"king\"}", "{\"role\":null}", "{\"role\":\"Reader\"}", "{\"rule\":1}"})
        void anotherRole_isRefused(String json) {
            api.send(TestRequest.patch(room + "/participants/" + guest.participantId())
                            .token(owner.token())
                            .json(json))
                    .is(400, "invalid_request");
        }
    }

    @Nested
    class Properties {

        private Reply remove(Reply by, String name) {
            return api.send(TestRequest.delete(room + "/properties/" + name).token(by.token()));
        }

        @Test
        void theOwnerSetsAndRemovesThem() {
            assertThat(put(owner, "/properties/topic", "{\"value\":\"tea\"}")
                            .is(204)
                            .response()
                            .body())
                    .isEmpty();
            put(owner, "/properties/topic", "{\"value\":\"cake\"}").is(204);
            assertThat(room().path("properties")).hasToString("{\"topic\":\"cake\"}");
            remove(owner, "topic").is(204);
            remove(owner, "topic").is(204);
            assertThat(room().path("properties")).isEmpty();
        }

        @Test
        void others_mayNot() {
            put(guest, "/properties/topic", "{\"value\":\"tea\"}").is(403, "forbidden");
            remove(guest, "topic").is(403, "forbidden");
        }

        @Test
        void oneTooMany_isRefused() {
            for (int i = 1; i <= 16; i++) {
                put(owner, "/properties/p" + i, "{\"value\":\"x\"}").is(204);
            }
            put(owner, "/properties/p17", "{\"value\":\"x\"}").is(400, "invalid_request");
            put(owner, "/properties/p16", "{\"value\":\"y\"}").is(204);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "Topic | {\"value\":\"x\"}",
                    "9 | {\"value\":\"x\"}",
                    "%C3%A9 | {\"value\":\"x\"}",
                    "topic | {\"value\":\"\"}",
                    "topic | {\"value\":null}",
                    "topic | {}",
                    "topic | {\"value\":\"x\",\"ttl\":1}",
                    "topic | {\"value\":\"\\ud800\"}"
                })
        void badOne_isRefused(String name, String json) {
            put(owner, "/properties/" + name, json).is(400, "invalid_request");
        }

        @Test
        void badName_cannotBeRemovedEither() {
            remove(owner, "Topic").is(400, "invalid_request");
        }
    }

    @Test
    void changes_areRefusedToPagesOfOtherSites() {
        for (TestRequest change : new TestRequest[] {
            TestRequest.put(room + "/deadline").json("{\"ttlSeconds\":60}"),
            TestRequest.put(room + "/admission").json("{\"locked\":true}"),
            TestRequest.patch(room + "/participants/" + guest.participantId()).json("{\"role\":\"reader\"}"),
            TestRequest.put(room + "/properties/topic").json("{\"value\":\"x\"}"),
            TestRequest.delete(room + "/properties/topic")
        }) {
            api.send(change.token(owner.token()).header("Sec-Fetch-Site", "cross-site"))
                    .is(403, "cross_site");
        }
        assertThat(room().path("lastSequence").asInt()).isEqualTo(2);
    }

    @Test
    void changes_areLimitedAsMessagesAre() {
        RateLimits limits = RateLimits.off().withMessagesPerParticipant(Limit.of(2, Duration.ofDays(1)));
        try (TestApi limited = TestApi.with(settings -> settings.rateLimits(limits))) {
            Reply seat = limited.createRoom();
            String topic = "/rooms/" + seat.roomId() + "/properties/topic";
            limited.send(TestRequest.put(topic).token(seat.token()).json("{\"value\":\"x\"}"))
                    .is(204);
            limited.say(seat, "hi").is(201);
            limited.send(TestRequest.delete(topic).token(seat.token())).is(429, "rate_limited");
        }
    }

    @Test
    void whatChangesBring_countsForTheAddress() {
        RateLimits limits = RateLimits.off().withBytesPerAddress(8 << 10);
        try (TestApi limited = TestApi.with(settings -> settings.rateLimits(limits))) {
            Reply seat = limited.createRoom();
            String topic = "/rooms/" + seat.roomId() + "/properties/topic";
            TestRequest set =
                    TestRequest.put(topic).token(seat.token()).json("{\"value\":\"" + "x".repeat(512) + "\"}");
            for (int i = 0; i < 3; i++) {
                limited.send(set).is(204);
            }
            limited.send(set).is(429, "limit_exceeded");
        }
    }

    /** The same store, after a look at each call's name. */
    private static RoomStore asked(RoomStore store, Consumer<String> listener) {
        return (RoomStore) Proxy.newProxyInstance(
                RoomStore.class.getClassLoader(), new Class<?>[] {RoomStore.class}, (proxy, method, arguments) -> {
                    listener.accept(method.getName());
                    return method.invoke(store, arguments);
                });
    }

    @Test
    void change_costsTheStoreOneCallThatJudgesAndOneThatShowsTheRoom() {
        List<String> asked = new CopyOnWriteArrayList<>();
        RoomStore counting = asked(MemoryRoomStore.create(), asked::add);
        try (TestApi counted = TestApi.over(counting)) {
            Reply seat = counted.createRoom();
            asked.clear();
            counted.send(TestRequest.put("/rooms/" + seat.roomId() + "/admission")
                            .token(seat.token())
                            .json("{\"locked\":true}"))
                    .is(200);
            asked.removeIf("now"::equals);
            assertThat(asked).containsExactly("change", "find");
        }
    }

    @Test
    void pagesOfMessages_haveNoticesToo() {
        api.say(owner, "one").is(201);
        put(owner, "/properties/topic", "{\"value\":\"tea\"}").is(204);
        api.service().asHost(new RoomId(owner.roomId())).post("two", "n");
        JsonNode page = api.send(TestRequest.get(room + "/messages").token(guest.token()))
                .is(200)
                .json();
        assertThat(page.path("messages"))
                .extracting(message ->
                        message.path("text").asText() + message.path("notice").asBoolean())
                .containsExactly("onefalse", "twotrue");
        assertThat(page.path("lastSequence").asInt()).isEqualTo(5);
    }
}
