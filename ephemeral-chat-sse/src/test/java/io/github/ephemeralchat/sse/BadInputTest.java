package io.github.ephemeralchat.sse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is refused with the client's own error, never with the server's. */
class BadInputTest {

    private final TestApi api = TestApi.create();
    private Reply owner;
    private String messages;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom();
        messages = "/rooms/" + owner.roomId() + "/messages";
    }

    @AfterEach
    void close() {
        api.close();
    }

    private TestRequest posting() {
        return TestRequest.post(messages).token(owner.token());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1441",
                "-1",
                "1.5",
                "1.0",
                "1e1",
                "\"10\"",
                "true",
                "null",
                "[10]",
                "{}",
                "1e400",
                "2147483648",
                "99999999999999999999",
                "-0.0"
            })
    void aLifeOutOfBoundsOrOfAnotherTypeIsRefused(String ttl) {
        api.send(TestRequest.post("/rooms").json("{\"ttlMinutes\":" + ttl + "}"))
                .is(400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1001", "-2", "2.5", "\"2\"", "false", "null", "4294967298"})
    void seatsOutOfBoundsOrOfAnotherTypeAreRefused(String seats) {
        api.send(TestRequest.post("/rooms").json("{\"maxParticipants\":" + seats + "}"))
                .is(400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"true\"", "1", "null"})
    void aFlagOfAnotherTypeIsRefused(String flag) {
        api.send(TestRequest.post("/rooms").json("{\"ownerOnlyDestroy\":" + flag + "}"))
                .is(400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
                "\"a\\nb\"",
                "\"\\u0000\"",
                "\"\\u0085\"",
                "\"\\u007f\"",
                "\"\\ud800\"",
                "\"a\\udc00\"",
                "\"\\udc00\\ud800\"",
                "true",
                "5",
                "null",
                "[\"a\"]"
            })
    void aBadNameIsRefused(String name) {
        String body = "{\"name\":" + name + "}";
        api.send(TestRequest.post("/rooms").json(body)).is(400, "invalid_request");
        api.send(TestRequest.post("/rooms/" + owner.roomId() + "/participants").json(body))
                .is(400, "invalid_request");
    }

    @Test
    void aNameOfThirtyCodePointsIsRight() {
        api.createRoom("{\"name\":\"" + "\uD83D\uDE80".repeat(30) + "\"}");
        api.send(TestRequest.post("/rooms").json("{\"name\":\"" + "\uD83D\uDE80".repeat(31) + "\"}"))
                .is(400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"text\":\"\"}",
                "{\"text\":null}",
                "{\"text\":5}",
                "{\"text\":true}",
                "{\"text\":[\"a\"]}",
                "{\"text\":{\"text\":\"a\"}}",
                "{\"Text\":\"a\"}",
                "{\"text\":\"\\ud800\"}",
                "{\"text\":\"\\udc00a\"}",
                "{\"text\":\"a\\ud83d\"}",
                "[]",
                "\"text\"",
                "5",
                "true",
                "null",
                "[{\"text\":\"a\"}]"
            })
    void aMessageWithoutARightTextIsRefused(String body) {
        api.send(posting().json(body)).is(400, "invalid_request");
    }

    @Test
    void aMessageWithoutABodyIsRefused() {
        api.send(posting()).is(400, "invalid_request");
    }

    @Test
    void aTextOf4001CodePointsIsRefused() {
        api.send(posting().json("{\"text\":\"" + "a".repeat(4000) + "\"}")).is(201);
        api.send(posting().json("{\"text\":\"" + "a".repeat(4001) + "\"}")).is(400, "invalid_request");
        api.send(posting().json("{\"text\":\"" + "\uD83D\uDE80".repeat(4001) + "\"}"))
                .is(400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"a b\"", "\"a\\n\"", "\"ä\"", "\"a/b\"", "5", "null", "true"})
    void aBadMessageIdIsRefused(String id) {
        api.send(posting().json("{\"text\":\"a\",\"id\":" + id + "}")).is(400, "invalid_request");
    }

    @Test
    void aMessageIdHasAtMost64Characters() {
        api.send(posting().json("{\"text\":\"a\",\"id\":\"" + "a".repeat(64) + "\"}"))
                .is(201);
        api.send(posting().json("{\"text\":\"a\",\"id\":\"" + "a".repeat(65) + "\"}"))
                .is(400, "invalid_request");
    }
}
