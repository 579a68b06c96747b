package io.github.ephemeralchat.sse;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Any bytes as the body of a post: a message is stored only if another reader finds the same text in them. */
public final class JsonFuzz {

    private static final TestApi API = TestApi.with(settings -> settings.rateLimits(RateLimits.off()));
    private static final Reply OWNER =
            new Reply(API.answer(TestRequest.post("/rooms").json("{\"ttlMinutes\":1440}")));
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFuzz() {}

    /** Called by the fuzzer, and by {@link FuzzCasesTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        Reply reply = new Reply(API.answer(TestRequest.post("/rooms/" + OWNER.roomId() + "/messages")
                .token(OWNER.token())
                .body("application/json", input)));
        String stored = switch (reply.status()) {
            case 200, 201 -> reply.json().path("text").asText();
            case 400, 413 -> null;
            default -> throw new AssertionError("status " + reply.status());
        };
        if (stored != null && !stored.equals(read(input).path("text").asText())) {
            throw new AssertionError("another text was stored");
        }
        if (reply.text().chars().anyMatch(c -> c == '\n' || c == '\r')) {
            throw new AssertionError("a response has several lines");
        }
    }

    private static JsonNode read(byte[] input) {
        try {
            return STRICT.readTree(input);
        } catch (IOException e) {
            throw new AssertionError("a strict reader refuses what was stored", e);
        }
    }
}
