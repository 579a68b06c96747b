package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rooms whose texts and profiles the server cannot read. */
class EncryptedApiTest {

    private static final String PROOF = "proof_0123456789-abcdefg";
    private static final String WRONG = "wrong_0123456789-abcdefg";
    private static final String HANDLE = "\\p{Alpha}+_[0-9a-f]{6}";

    private final TestApi api = TestApi.create();
    private Reply owner;
    private String room;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom(
                "{\"encrypted\":true,\"proof\":\"" + PROOF + "\",\"name\":\"Anna\",\"profile\":\"A-z_0.9\"}");
        room = "/rooms/" + owner.roomId();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Reply join(String fields) {
        return api.send(TestRequest.post(room + "/participants").json("{\"proof\":\"" + PROOF + "\"" + fields + "}"));
    }

    private Reply post(String json) {
        return api.send(
                TestRequest.post(room + "/messages").token(owner.token()).json(json));
    }

    @Test
    void roomSaysThatItIs_andShowsProfilesAndHandles() {
        Reply guest = join(",\"name\":\"Ben\",\"profile\":\"" + "p".repeat(512) + "\"")
                .is(201);
        JsonNode shown =
                api.send(TestRequest.get(room).token(guest.token())).is(200).json();
        assertThat(shown.path("encrypted").asBoolean()).isTrue();
        assertThat(shown.path("proofRequired").asBoolean()).isTrue();
        assertThat(shown.at("/participants/0/profile").asText()).isEqualTo("A-z_0.9");
        assertThat(shown.at("/participants/1/profile").asText()).isEqualTo("p".repeat(512));
        for (JsonNode participant : shown.path("participants")) {
            assertThat(participant.path("name").asText()).matches(HANDLE);
        }
        assertThat(owner.json().at("/participant/profile").asText()).isEqualTo("A-z_0.9");
        String frames =
                api.send(TestRequest.get(room + "/events").token(guest.token())).frames();
        assertThat(frames)
                .contains("\"role\":\"owner\",\"profile\":\"A-z_0.9\"}", "\"profile\":\"pppp")
                .doesNotContain("\"Anna\"", "\"Ben\"");
    }

    @Test
    void participantWithoutAProfile_hasNone() {
        assertThat(join("").is(201).json().path("participant").has("profile")).isFalse();
    }

    @Test
    void nameOfAHostsIdentity_isNotUsed() {
        Reply guest = api.send(TestRequest.post(room + "/participants")
                        .json("{\"proof\":\"" + PROOF + "\"}")
                        .as(new Identity("user-7", "Alice")))
                .is(201);
        assertThat(guest.json().at("/participant/name").asText()).matches(HANDLE);
    }

    @Test
    void texts_areOpaqueAndHaveAnId() {
        String longest = "Aa0._-".repeat(4000);
        JsonNode posted =
                post("{\"id\":\"m1\",\"text\":\"" + longest + "\"}").is(201).json();
        assertThat(posted.path("text").asText()).isEqualTo(longest);
        post("{\"id\":\"m1\",\"text\":\"" + longest + "\"}").is(200);
        JsonNode page = api.send(TestRequest.get(room + "/messages").token(owner.token()))
                .is(200)
                .json();
        assertThat(page.at("/messages/0/text").asText()).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"opaque\"}",
                "{\"text\":\"not opaque\"}",
                "{\"id\":\"m1\",\"text\":\"not opaque\"}",
                "{\"id\":\"m1\",\"text\":\"a+b\"}",
                "{\"id\":\"m1\",\"text\":\"\"}",
                "{\"id\":\"m1\"}",
                "{\"id\":\"m 1\",\"text\":\"opaque\"}"
            })
    void textOfAnotherForm_orWithoutAnId_isRefused(String json) {
        post(json).is(400, "invalid_request");
    }

    @Test
    void textBeyondItsLength_isRefused() {
        post("{\"id\":\"m1\",\"text\":\"" + "a".repeat(24_001) + "\"}").is(400, "invalid_request");
    }

    @Test
    void plainRoom_takesNeitherLongTextsNorProfiles() {
        Reply plain = api.createRoom();
        String participants = "/rooms/" + plain.roomId() + "/participants";
        api.say(plain, "a".repeat(4_001)).is(400, "invalid_request");
        api.send(TestRequest.post(participants).json("{\"profile\":\"abc\"}")).is(400, "invalid_request");
        api.send(TestRequest.post(participants).json("{\"profile\":\"abc\"}").token(plain.token()))
                .is(200);
        join(",\"profile\":\"a b\"").is(400, "invalid_request");
        join(",\"profile\":\"" + "p".repeat(513) + "\"").is(400, "invalid_request");
    }

    @Test
    void refusalOfAJoin_saysWhetherTheRoomIs() {
        for (String body : new String[] {"{}", "{\"proof\":\"" + WRONG + "\"}"}) {
            Reply refused = api.send(TestRequest.post(room + "/participants").json(body))
                    .is(403, "wrong_proof");
            assertThat(refused.json().path("encrypted").asBoolean(false)).isTrue();
        }
        change("{\"locked\":true}").is(200);
        assertThat(join("").is(403, "room_locked").json().path("encrypted").asBoolean(false))
                .isTrue();
        Reply plain = api.createRoom("{\"proof\":\"" + PROOF + "\"}");
        Reply refused = api.send(TestRequest.post("/rooms/" + plain.roomId() + "/participants"))
                .is(403, "wrong_proof");
        assertThat(refused.json().path("encrypted").asBoolean(true)).isFalse();
    }

    @Test
    void wrongProofs_areNotCounted() {
        IntStream.range(0, 15)
                .forEach(i -> api.send(TestRequest.post(room + "/participants").json("{\"proof\":\"" + WRONG + "\"}"))
                        .is(403, "wrong_proof"));
        join("").is(201);
    }

    @Test
    void proof_isChangedAndNeverTakenAway() {
        change("{\"proof\":null}").is(400, "invalid_request");
        change("{\"proof\":null,\"locked\":true}").is(400, "invalid_request");
        join("").is(201);
        change("{\"proof\":\"" + WRONG + "\"}").is(200);
        join("").is(403, "wrong_proof");
    }

    private Reply change(String json) {
        return api.send(
                TestRequest.put(room + "/admission").token(owner.token()).json(json));
    }

    @Test
    void whatTheHostWrites_isInTheClearAndItsOwn() {
        api.service().asHost(new RoomId(owner.roomId())).post("closing soon");
        JsonNode page = api.send(TestRequest.get(room + "/messages").token(owner.token()))
                .is(200)
                .json();
        assertThat(page.at("/messages/0/text").asText()).isEqualTo("closing soon");
        assertThat(page.at("/messages/0/notice").asBoolean()).isTrue();
    }
}
