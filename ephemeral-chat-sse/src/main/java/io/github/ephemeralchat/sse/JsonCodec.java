package io.github.ephemeralchat.sse;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.spi.RoomState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All JSON of the API and of the streams, in UTF-8. Each value is one line: whatever somebody wrote, no line end of any
 * kind stands in it unescaped.
 */
final class JsonCodec {

    /** Enough for a message of a few lines. */
    static final int USUAL_BYTES = 512;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .characterEscapes(new LineEscapes())
            .recyclerPool(ClearedBuffers.POOL)
            .build();

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private JsonCodec() {}

    /** The fields of an object, that are yet to be written. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes an object. */
    static void write(Fields fields, ByteArrayOutputStream out) {
        try (JsonGenerator json = FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
            object(json, fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object as it goes into a response. */
    static byte[] bytes(Fields fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        write(fields, out);
        return out.toByteArray();
    }

    static void object(JsonGenerator json, Fields fields) throws IOException {
        json.writeStartObject();
        fields.write(json);
        json.writeEndObject();
    }

    static void object(JsonGenerator json, String name, Fields fields) throws IOException {
        json.writeFieldName(name);
        object(json, fields);
    }

    static <T> void array(JsonGenerator json, String name, List<T> items, Function<T, Fields> fields)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (T item : items) {
            object(json, fields.apply(item));
        }
        json.writeEndArray();
    }

    /** A time in UTC with exactly milliseconds. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static Fields expiring(Instant expiresAt, long secondsLeft) {
        return json -> {
            json.writeStringField("expiresAt", time(expiresAt));
            json.writeNumberField("secondsLeft", secondsLeft);
        };
    }

    static Fields reset(RoomEvent.ResetReason reason, long firstSequence) {
        return json -> {
            json.writeStringField("reason", lowerCase(reason));
            json.writeNumberField("firstSequence", firstSequence);
        };
    }

    static Fields destroyed(RoomEvent.EndReason reason) {
        return json -> json.writeStringField("reason", lowerCase(reason));
    }

    static Fields room(RoomState state, Instant now) {
        return room(state.room(), state.head().sequence(), now);
    }

    /** A problem that says as well whether the room's texts are opaque. */
    static Fields ofRoom(Fields problem, boolean encrypted) {
        return json -> {
            problem.write(json);
            json.writeBooleanField("encrypted", encrypted);
        };
    }

    /** A problem that says as well why the host refuses a message. */
    static Fields withReason(Fields problem, String reason) {
        return json -> {
            problem.write(json);
            json.writeStringField("reason", reason);
        };
    }

    static Fields problem(String title, int status, String code, String detail) {
        return json -> {
            json.writeStringField("type", "about:blank");
            json.writeStringField("title", title);
            json.writeNumberField("status", status);
            json.writeStringField("code", code);
            json.writeStringField("detail", detail);
        };
    }

    private static Fields rules(RoomRules rules) {
        return json -> {
            json.writeBooleanField("encrypted", rules.encrypted());
            Duration messageTtl = rules.messageTtl();
            if (messageTtl != null) {
                json.writeNumberField("messageTtlSeconds", messageTtl.toSeconds());
            }
            json.writeArrayFieldStart("signals");
            if (rules.typing()) {
                json.writeString("typing");
            }
            if (rules.presence()) {
                json.writeString("presence");
            }
            json.writeEndArray();
        };
    }

    static Fields room(Room room, long lastSequence, Instant now) {
        return json -> {
            json.writeStringField("id", room.id().value());
            json.writeStringField("createdAt", time(room.createdAt()));
            json.writeStringField("expiresAt", time(room.expiresAt()));
            json.writeStringField("latestExpiresAt", time(room.latestExpiresAt()));
            json.writeNumberField("maxParticipants", room.maxParticipants());
            json.writeBooleanField("ownerOnlyDestroy", room.ownerOnlyDestroy());
            json.writeBooleanField("locked", room.locked());
            json.writeBooleanField("proofRequired", room.proofRequired());
            rules(room.rules()).write(json);
            object(json, "properties", properties(room.properties()));
            json.writeNumberField("lastSequence", lastSequence);
            json.writeStringField("now", time(now));
        };
    }

    /** In the order of their names, so that the same room looks the same. */
    private static Fields properties(Map<String, String> properties) {
        return json -> {
            for (Map.Entry<String, String> property : new TreeMap<>(properties).entrySet()) {
                json.writeStringField(property.getKey(), property.getValue());
            }
        };
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Escapes, beyond what JSON asks for, the characters that some reader takes for the end of a line. */
    private static final class LineEscapes extends CharacterEscapes {

        private static final long serialVersionUID = 1L;

        private static final SerializedString NEXT_LINE = new SerializedString("\\u0085");
        private static final SerializedString LINE_SEPARATOR = new SerializedString("\\u2028");
        private static final SerializedString PARAGRAPH_SEPARATOR = new SerializedString("\\u2029");

        /** Once, since each call makes another copy. */
        private static final int[] ASCII = standardAsciiEscapesForJSON();

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII;
        }

        /** Called for every character beyond ASCII. */
        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            return switch (character) {
                case 0x85 -> NEXT_LINE;
                case 0x2028 -> LINE_SEPARATOR;
                case 0x2029 -> PARAGRAPH_SEPARATOR;
                default -> null;
            };
        }
    }
}
