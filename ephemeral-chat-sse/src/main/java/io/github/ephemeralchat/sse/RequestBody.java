package io.github.ephemeralchat.sse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.ephemeralchat.model.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON object of a request. An absent field is null to whoever asks; a field of a wrong type is refused. */
final class RequestBody {

    private static final int MAX_BYTES = ApiRequest.MAX_BODY_BYTES;

    /** Keeps nothing of what it has read, the names of fields neither. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(ClearedBuffers.POOL)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(100)
                    .maxStringLength(MAX_BYTES)
                    .maxNameLength(MAX_BYTES)
                    .build())
            .build();

    /** Stands for a value of a type that no field has: null, an array, an object, a fraction, a number beyond an int. */
    private static final Object OTHER = new Object();

    /** Strings, integers, booleans and {@link #OTHER} by their names. */
    private final Map<String, Object> fields;

    private RequestBody(Map<String, Object> fields) {
        this.fields = fields;
    }

    /**
     * Reads a request's body.
     *
     * @return the object; an empty one if there is no body
     * @throws ProblemException if the body is too large, of another type, no JSON, or no object
     */
    static RequestBody of(ApiRequest request) {
        byte[] bytes;
        try {
            bytes = request.body().read();
        } catch (IOException | RuntimeException e) {
            // What a container throws for bad chunks is of any class.
            throw ProblemException.invalid("The body could not be read.");
        }
        if (bytes.length > MAX_BYTES) {
            throw new ProblemException(Problem.PAYLOAD_TOO_LARGE);
        }
        if (bytes.length == 0) {
            return new RequestBody(Map.of());
        }
        if (!isJson(request.header("Content-Type"))) {
            throw new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE);
        }
        if (isEncoded(request.header("Content-Encoding"))) {
            throw new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE, "Accept-Encoding", "identity");
        }
        try {
            return new RequestBody(parse(text(bytes)));
        } catch (IOException e) {
            throw new ProblemException(Problem.INVALID_JSON);
        }
    }

    /** Whether this is {@code application/json}, in UTF-8 if a charset is named at all. */
    private static boolean isJson(@Nullable String contentType) {
        String[] parts = contentType == null
                ? new String[] {""}
                : contentType.toLowerCase(Locale.ROOT).split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().replace("\"", "");
            if (parameter.startsWith("charset") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return parts[0].strip().equals("application/json");
    }

    private static boolean isEncoded(@Nullable String encoding) {
        return encoding != null && !encoding.strip().equalsIgnoreCase("identity");
    }

    /** Decodes by itself: a JSON parser would guess the encoding, and forgives some bad UTF-8. */
    private static String text(byte[] bytes) throws CharacterCodingException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // Bad UTF-8 becomes this character; but somebody may as well have written it.
        if (text.indexOf('\uFFFD') >= 0) {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        }
        return text;
    }

    private static Map<String, Object> parse(String text) throws IOException {
        Map<String, Object> fields = new HashMap<>();
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    fields.put(name, nextValue(parser));
                }
            } else {
                parser.skipChildren();
            }
            if (first == null || parser.nextToken() != null) {
                throw new ProblemException(Problem.INVALID_JSON);
            }
            if (first != JsonToken.START_OBJECT) {
                throw ProblemException.invalid("The body is a JSON object.");
            }
            return fields;
        }
    }

    private static Object nextValue(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE, VALUE_FALSE -> token == JsonToken.VALUE_TRUE;
            case VALUE_NUMBER_INT -> parser.getNumberType() == NumberType.INT ? parser.getIntValue() : OTHER;
            default -> {
                parser.skipChildren();
                yield OTHER;
            }
        };
    }

    /**
     * A whole number, or what stands for an absent one.
     *
     * @throws ProblemException if it is anything else, or out of bounds
     */
    int integer(String field, int min, int max, int absent) {
        // What is absent is the host's, so within the bounds.
        if (fields.getOrDefault(field, absent) instanceof Integer number && number >= min && number <= max) {
            return number;
        }
        throw ProblemException.invalid("The field " + field + " is a whole number from " + min + " to " + max + ".");
    }

    boolean flag(String field, boolean absent) {
        if (fields.getOrDefault(field, absent) instanceof Boolean flag) {
            return flag;
        }
        throw ProblemException.invalid("The field " + field + " is true or false.");
    }

    /** A string, or null for an absent one. */
    @Nullable
    String string(String field) {
        Object value = fields.get(field);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw ProblemException.invalid("The field " + field + " is a string.");
    }

    /**
     * A new identity under the name that the body asks for, or an anonymous one.
     *
     * @throws ProblemException if the name is not valid
     */
    Identity identity() {
        String name = string("name");
        if (name == null) {
            return Identity.anonymous();
        }
        if (!Identity.isValidName(name)) {
            throw ProblemException.invalid(
                    "A name has 1 to 30 characters, all of them visible or between visible ones.");
        }
        return Identity.named(name);
    }
}
