package io.github.ephemeralchat.sse;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.ephemeralchat.model.HistoryPage;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;

/**
 * Writes all JSON of the API and of the streams, in UTF-8. Each value is one line: whatever somebody wrote, no line end of any
 * kind stands in it unescaped.
 */
final class JsonCodec {

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder().characterEscapes(new LineEscapes()).build();
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    /** Room for a message of a few lines. */
    private static final int USUAL_BYTES = 512;

    private JsonCodec() {}

    /** A time in UTC with exactly milliseconds. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static byte[] message(Message message) {
        return object(json -> writeMessage(json, message));
    }

    static byte[] history(HistoryPage page) {
        return object(json -> {
            json.writeArrayFieldStart("messages");
            for (Message message : page.messages()) {
                json.writeStartObject();
                writeMessage(json, message);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("nextAfter", page.nextAfter());
            json.writeNumberField("lastSequence", page.lastSequence());
            json.writeBooleanField("truncated", page.truncated());
        });
    }

    /** The data of {@code joined} and {@code left}. */
    static byte[] participantEvent(long sequence, Identity participant, Instant at) {
        return object(json -> {
            json.writeNumberField("sequence", sequence);
            writeIdentity(json, "participant", participant);
            json.writeStringField("at", time(at));
        });
    }

    static byte[] reset(RoomEvent.ResetReason reason, long firstSequence) {
        return object(json -> {
            json.writeStringField("reason", lowerCase(reason));
            json.writeNumberField("firstSequence", firstSequence);
        });
    }

    static byte[] destroyed(RoomEvent.EndReason reason) {
        return object(json -> json.writeStringField("reason", lowerCase(reason)));
    }

    static byte[] membership(Membership membership, Instant now) {
        return object(json -> {
            json.writeObjectFieldStart("room");
            writeRoom(json, membership.room(), now);
            json.writeEndObject();
            json.writeObjectFieldStart("participant");
            writeParticipant(json, membership.participant());
            json.writeEndObject();
            json.writeStringField("token", membership.token());
        });
    }

    static byte[] room(Room room, Instant now, List<Participant> participants, String me) {
        return object(json -> {
            writeRoom(json, room, now);
            json.writeArrayFieldStart("participants");
            for (Participant participant : participants) {
                json.writeStartObject();
                writeParticipant(json, participant);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("me", me);
        });
    }

    static byte[] problem(String title, int status, String code, String detail) {
        return object(json -> {
            json.writeStringField("type", "about:blank");
            json.writeStringField("title", title);
            json.writeNumberField("status", status);
            json.writeStringField("code", code);
            json.writeStringField("detail", detail);
        });
    }

    private static void writeMessage(JsonGenerator json, Message message) throws IOException {
        json.writeStringField("id", message.id());
        json.writeNumberField("sequence", message.sequence());
        writeIdentity(json, "sender", message.sender());
        json.writeStringField("text", message.text());
        json.writeStringField("sentAt", time(message.sentAt()));
    }

    private static void writeIdentity(JsonGenerator json, String field, Identity identity) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("id", identity.id());
        json.writeStringField("name", identity.name());
        json.writeEndObject();
    }

    private static void writeParticipant(JsonGenerator json, Participant participant) throws IOException {
        json.writeStringField("id", participant.identity().id());
        json.writeStringField("name", participant.identity().name());
        json.writeBooleanField("owner", participant.owner());
    }

    private static void writeRoom(JsonGenerator json, Room room, Instant now) throws IOException {
        json.writeStringField("id", room.id().value());
        json.writeStringField("createdAt", time(room.createdAt()));
        json.writeStringField("expiresAt", time(room.expiresAt()));
        json.writeNumberField("maxParticipants", room.maxParticipants());
        json.writeStringField("now", time(now));
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static byte[] object(Fields fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator json = FACTORY.createGenerator(out, JsonEncoding.UTF8)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private interface Fields {
        void write(JsonGenerator json) throws IOException;
    }
}
