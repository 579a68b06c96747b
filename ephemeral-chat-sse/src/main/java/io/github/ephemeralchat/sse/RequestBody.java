package io.github.ephemeralchat.sse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The JSON object of a request. An absent field is null to whoever asks; a field of a wrong type is refused. */
final class RequestBody {

    /** The greatest number of bytes of a body. */
    static final int MAX_BYTES = 64 * 1024;

    /** How much more is read and dropped, so that a client that is still sending gets to see the refusal. */
    private static final int MAX_DROPPED = 1024 * 1024;

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(100)
                            .maxStringLength(MAX_BYTES)
                            .maxNameLength(MAX_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private final JsonNode object;

    private RequestBody(JsonNode object) {
        this.object = object;
    }

    /**
     * Reads a call's body.
     *
     * @return the object; an empty one where there is no body
     * @throws ProblemException where the body is too large, of another type, no JSON, or no object
     */
    static RequestBody of(ApiRequest call) {
        byte[] bytes = bytes(call.body());
        if (bytes.length == 0) {
            return new RequestBody(JsonNodeFactory.instance.objectNode());
        }
        if (!MediaType.isJson(call.header("Content-Type"))) {
            throw ProblemException.of(Problem.UNSUPPORTED_MEDIA_TYPE);
        }
        JsonNode value = parse(bytes);
        if (!value.isObject()) {
            throw ProblemException.invalid("The body is a JSON object.");
        }
        return new RequestBody(value);
    }

    private static byte[] bytes(InputStream in) {
        byte[] bytes;
        try {
            bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                drop(in);
            }
        } catch (IOException | RuntimeException e) {
            // What a container throws for bad chunks is of any class.
            throw ProblemException.invalid("The body could not be read.");
        }
        if (bytes.length > MAX_BYTES) {
            throw ProblemException.of(Problem.PAYLOAD_TOO_LARGE);
        }
        return bytes;
    }

    private static void drop(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        int dropped = 0;
        int read = 0;
        while (read >= 0 && dropped < MAX_DROPPED) {
            read = in.read(buffer);
            dropped += read;
        }
    }

    /** Decodes by itself: a JSON parser would guess the encoding, and forgives some bad UTF-8. */
    private static JsonNode parse(byte[] bytes) {
        try {
            JsonNode value = READER.readTree(text(bytes));
            if (value.isMissingNode()) {
                throw ProblemException.of(Problem.INVALID_JSON);
            }
            return value;
        } catch (CharacterCodingException | JsonProcessingException e) {
            throw ProblemException.of(Problem.INVALID_JSON);
        }
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // Bad UTF-8 becomes this character; but somebody may as well have written it.
        if (text.indexOf('\uFFFD') >= 0) {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        }
        return text;
    }

    /**
     * A whole number, or what stands for an absent one.
     *
     * @throws ProblemException where it is anything else, or out of bounds
     */
    int integer(String field, int min, int max, int absent) {
        JsonNode value = object.get(field);
        if (value == null) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < min || value.intValue() > max) {
            throw ProblemException.invalid(
                    "The field " + field + " is a whole number from " + min + " to " + max + ".");
        }
        return value.intValue();
    }

    boolean flag(String field, boolean absent) {
        JsonNode value = object.get(field);
        if (value == null) {
            return absent;
        }
        if (!value.isBoolean()) {
            throw ProblemException.invalid("The field " + field + " is true or false.");
        }
        return value.booleanValue();
    }

    /** A string, or null for an absent one. */
    @Nullable
    String string(String field) {
        JsonNode value = object.get(field);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw ProblemException.invalid("The field " + field + " is a string.");
        }
        return value.textValue();
    }
}
