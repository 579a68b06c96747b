package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body that cannot be read is refused with the client's own error, never with the server's. */
class BadBodyTest {

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

    @Test
    void encodedBody_isRefused() {
        for (String encoding : new String[] {"gzip", "br", "identity, gzip", "x"}) {
            Reply refused = api.send(posting().json("{\"text\":\"a\"}").header("Content-Encoding", encoding));
            assertThat(refused.is(415, "unsupported_media_type").header("Accept-Encoding"))
                    .isEqualTo("identity");
        }
        api.send(posting().json("{\"text\":\"a\"}").header("Content-Encoding", "Identity"))
                .is(201);
    }

    private TestRequest posting() {
        return TestRequest.post(messages).token(owner.token());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"a\"",
                "{\"text\":\"a",
                "{",
                " ",
                "{\"text\":\"a\"} x",
                "{\"text\":\"a\"}{}",
                "{\"text\":\"a\"}]",
                "{\"text\":\"a\",}",
                "{text:\"a\"}",
                "{'text':'a'}",
                "{\"text\":\"a\",\"text\":\"b\"}",
                "{\"text\":\"a\",\"x\":{\"y\":1,\"y\":2}}",
                "{\"text\":\"a\nb\"}",
                "{\"text\":\"\\x41\"}",
                "{\"text\":\"a\",\"n\":01}",
                "{\"text\":\"a\",\"n\":NaN}",
                "{\"text\":\"a\"}//",
                "\uFEFF{\"text\":\"a\"}",
                "{\"text\":\"\\u12\"}",
                "nul",
                "{\"text\":\"a\",\"n\":+1}",
                "{\"text\":\"a\"}\u0000"
            })
    void whatIsNotOneJsonValueIsRefused(String body) {
        api.send(posting().json(body)).is(400, "invalid_json");
    }

    @Test
    void deepAndLongValuesAreRefused() {
        api.send(posting().json("{\"text\":\"a\",\"x\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}"))
                .is(400, "invalid_json");
        api.send(posting().json("{\"text\":\"a\",\"x\":" + "1".repeat(30_000) + "}"))
                .is(400, "invalid_json");
        api.send(posting().json("{\"text\":\"a\",\"" + "x".repeat(60_000) + "\":1}"))
                .is(400, "invalid_request");
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        byte[][] bad = {
            {(byte) 0xff},
            {(byte) 0xc0, (byte) 0xaf},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {(byte) 0xf0, (byte) 0x9f}
        };
        for (byte[] bytes : bad) {
            String latin = new String(bytes, StandardCharsets.ISO_8859_1);
            byte[] body = ("{\"text\":\"" + latin + "\"}").getBytes(StandardCharsets.ISO_8859_1);
            api.send(posting().body("application/json", body)).is(400, "invalid_json");
        }
        api.send(posting().body("application/json", "{\"text\":\"a\"}".getBytes(StandardCharsets.UTF_16BE)))
                .is(400, "invalid_json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/json; charset=iso-8859-1",
                "application/json;charset=utf-16",
                "application/jsonx",
                "text/json",
                "application/problem+json",
                "",
                "application/json, text/plain",
                "application/json;charset"
            })
    void anotherContentTypeIsRefused(String type) {
        byte[] body = "{\"text\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        api.send(posting().body(type, body)).is(415, "unsupported_media_type");
    }

    @Test
    void noContentTypeIsRefusedWhereThereIsABody() {
        api.send(posting().rawBody("{\"text\":\"a\"}".getBytes(StandardCharsets.UTF_8)))
                .is(415, "unsupported_media_type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "APPLICATION/JSON",
                "application/json;charset=utf-8",
                "application/json; charset=UTF-8",
                "application/json ; Charset=\"utf-8\"",
                "application/json;"
            })
    void jsonInUtf8IsTaken(String type) {
        byte[] body = "{\"text\":\"ä\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(api.send(posting().body(type, body))
                        .is(201)
                        .json()
                        .path("text")
                        .asText())
                .isEqualTo("ä");
    }

    @Test
    void aBodyHasAtMost64KiB() {
        String fits = "{\"text\":\"a\"" + " ".repeat(ApiRequest.MAX_BODY_BYTES - 12) + "}";
        assertThat(fits).hasSize(ApiRequest.MAX_BODY_BYTES);
        api.send(posting().json(fits)).is(201);
        api.send(posting().json(fits + " ")).is(413, "payload_too_large");
        api.send(posting().json(fits.repeat(100))).is(413, "payload_too_large");
    }
}
