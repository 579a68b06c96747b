package io.github.ephemeralchat.sse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON as a request may have it, within bounds. */
final class RequestJson {

    /** Keeps nothing of what it has read, the names of fields neither. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .recyclerPool(ClearedBuffers.POOL)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(100)
                    .maxStringLength(ApiRequest.MAX_BODY_BYTES)
                    .maxNameLength(ApiRequest.MAX_BODY_BYTES)
                    .build())
            .build();

    /** Stands for a value of a type that no field has: a fraction, a number beyond an int. */
    static final Object OTHER = new Object();

    static final Object NULL = new Object();

    private RequestJson() {}

    /** Decodes by itself: a JSON parser would guess the encoding, and forgives some bad UTF-8. */
    private static String text(byte[] bytes) throws CharacterCodingException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        // Bad UTF-8 becomes this character; but somebody may as well have written it.
        if (text.indexOf('\uFFFD') >= 0) {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        }
        return text;
    }

    /**
     * Reads a JSON object.
     *
     * @return its values: strings, integers, booleans, objects as maps, arrays as lists, {@link #NULL} and {@link #OTHER}
     * @throws IOException if this is no JSON
     * @throws ProblemException if it is no object, or more than one
     */
    static Map<String, Object> parse(byte[] bytes) throws IOException {
        Map<String, Object> fields = Map.of();
        try (JsonParser parser = FACTORY.createParser(text(bytes))) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                fields = fields(parser);
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

    /** In the order in which they stand there, so that the first one that is not known is named. */
    private static Map<String, Object> fields(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            fields.put(name, value(parser, parser.nextToken()));
        }
        return fields;
    }

    private static List<Object> items(JsonParser parser) throws IOException {
        List<Object> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(parser, token));
        }
        return items;
    }

    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE, VALUE_FALSE -> token == JsonToken.VALUE_TRUE;
            case START_OBJECT -> fields(parser);
            case START_ARRAY -> items(parser);
            case VALUE_NULL -> NULL;
            case VALUE_NUMBER_INT -> parser.getNumberType() == NumberType.INT ? parser.getIntValue() : OTHER;
            default -> OTHER;
        };
    }
}
