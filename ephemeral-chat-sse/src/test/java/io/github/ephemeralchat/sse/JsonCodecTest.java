package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomEvent.AdmissionChanged;
import io.github.ephemeralchat.model.RoomEvent.DeadlineMoved;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.PropertyChanged;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import io.github.ephemeralchat.model.RoomEvent.RoleChanged;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JsonCodecTest {

    private static final Identity NYX = new Identity("p_1", "Nyx \"x\"");
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void aMessageIsOneLine() {
        Message message = new Message("a", 42, NYX, "1\n2\r3\u20284\u20295\u00856\u000B7\f8", AT);
        assertThat(text(new RoomJson(WireIds.SHOWN).message(message)))
                .isEqualTo(
                        "{\"id\":\"a\",\"sequence\":42,\"sender\":{\"id\":\"p_1\",\"name\":\"Nyx \\\"x\\\"\"},"
                                + "\"text\":\"1\\n2\\r3\\u20284\\u20295\\u00856\\u000B7\\f8\",\"sentAt\":\"2026-11-22T10:00:00.000Z\"}");
    }

    @Test
    void everyCharacterComesBackAndNoneEndsALine() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= 0xffff; c++) {
            if (!Character.isSurrogate((char) c)) {
                all.append((char) c);
            }
        }
        all.appendCodePoint(0x1f680).appendCodePoint(0x10ffff);
        String json = text(new RoomJson(WireIds.SHOWN).message(new Message("a", 1, NYX, all.toString(), AT)));
        assertThat(new ObjectMapper().readTree(json).path("text").asText()).isEqualTo(all.toString());
        assertThat(json.chars()).allMatch(c -> c >= 0x20 && c != 0x85 && c != 0x2028 && c != 0x2029);
    }

    @Test
    void timesHaveExactlyMilliseconds() {
        assertThat(JsonCodec.time(Instant.parse("2026-11-22T10:00:00.0059999Z")))
                .isEqualTo("2026-11-22T10:00:00.005Z");
        assertThat(JsonCodec.time(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000Z");
    }

    @Test
    void theDataOfEvents() {
        Identity nyx = new Identity("p_1", "Nyx");
        assertThat(text(new RoomJson(WireIds.SHOWN).left(7, nyx, AT)))
                .isEqualTo("{\"sequence\":7,\"participant\":{\"id\":\"p_1\",\"name\":\"Nyx\"},"
                        + "\"at\":\"2026-11-22T10:00:00.000Z\"}");
        assertThat(text(new RoomJson(WireIds.SHOWN).joined(7, new Participant(nyx, Role.MEMBER), AT)))
                .isEqualTo("{\"sequence\":7,\"participant\":{\"id\":\"p_1\",\"name\":\"Nyx\",\"role\":\"member\"},"
                        + "\"at\":\"2026-11-22T10:00:00.000Z\"}");
        assertThat(text(JsonCodec.expiring(AT, 90)))
                .isEqualTo("{\"expiresAt\":\"2026-11-22T10:00:00.000Z\",\"secondsLeft\":90}");
        assertThat(text(JsonCodec.reset(ResetReason.FORKED, 9)))
                .isEqualTo("{\"reason\":\"forked\",\"firstSequence\":9}");
        assertThat(text(JsonCodec.destroyed(EndReason.EXPIRED))).isEqualTo("{\"reason\":\"expired\"}");
    }

    @Test
    void dataOfAChange_namesWhoMadeItUnlessThatIsTheHost() {
        EntryId id = new EntryId(7, 9);
        Identity nyx = new Identity("p_1", "Nyx");
        String by = ",\"by\":{\"id\":\"p_1\",\"name\":\"Nyx\"}}";
        assertThat(text(new RoomJson(WireIds.SHOWN).deadlineMoved(new DeadlineMoved(id, AT, nyx))))
                .isEqualTo("{\"sequence\":7,\"expiresAt\":\"2026-11-22T10:00:00.000Z\"" + by);
        assertThat(text(new RoomJson(WireIds.SHOWN).admissionChanged(new AdmissionChanged(id, true, false, nyx))))
                .isEqualTo("{\"sequence\":7,\"locked\":true,\"proofRequired\":false" + by);
        assertThat(text(new RoomJson(WireIds.SHOWN)
                        .roleChanged(new RoleChanged(id, new Participant(nyx, Role.READER), null))))
                .isEqualTo("{\"sequence\":7,\"participant\":{\"id\":\"p_1\",\"name\":\"Nyx\",\"role\":\"reader\"}}");
        assertThat(text(new RoomJson(WireIds.SHOWN).propertyChanged(new PropertyChanged(id, "topic", "x", nyx))))
                .isEqualTo("{\"sequence\":7,\"name\":\"topic\",\"value\":\"x\"" + by);
        assertThat(text(new RoomJson(WireIds.SHOWN).propertyChanged(new PropertyChanged(id, "topic", null, null))))
                .isEqualTo("{\"sequence\":7,\"name\":\"topic\"}");
    }

    @Test
    void message_saysThatItIsANoticeIfTheHostWroteIt() {
        Message notice = new Message("a", 1, new Identity("host", "Host"), "closing", AT);
        assertThat(text(new RoomJson(WireIds.SHOWN).message(notice))).endsWith(",\"notice\":true}");
    }

    private static String text(JsonCodec.Fields fields) {
        return new String(JsonCodec.bytes(fields), StandardCharsets.UTF_8);
    }
}
