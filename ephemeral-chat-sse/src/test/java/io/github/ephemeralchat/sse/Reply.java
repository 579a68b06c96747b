package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A response, as a test reads it.
 *
 * @param response what the API returned
 */
record Reply(ApiResponse response) {

    private static final ObjectMapper JSON = new ObjectMapper();

    int status() {
        return response.status();
    }

    EventStream stream() {
        assertThat(response.stream()).isNotNull();
        return Objects.requireNonNull(response.stream());
    }

    /** What the stream writes at once. */
    String frames() {
        CollectingSink sink = new CollectingSink();
        stream().attach(sink);
        stream().start();
        return sink.text();
    }

    String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
        try {
            return JSON.readTree(text());
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON", e);
        }
    }

    String code() {
        return json().path("code").asText();
    }

    @Nullable
    String header(String name) {
        return response.headers().get(name);
    }

    String token() {
        return json().path("token").asText();
    }

    String roomId() {
        return json().path("room").path("id").asText();
    }

    String participantId() {
        return json().path("participant").path("id").asText();
    }

    /** What a test says first of an error. */
    Reply is(int status, String code) {
        assertThat(status()).as(text()).isEqualTo(status);
        assertThat(code()).isEqualTo(code);
        assertThat(header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(json().path("status").asInt()).isEqualTo(status);
        return this;
    }

    Reply is(int status) {
        assertThat(status()).as(text()).isEqualTo(status);
        return this;
    }
}
