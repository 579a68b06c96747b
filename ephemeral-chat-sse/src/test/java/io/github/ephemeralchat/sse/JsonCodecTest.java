package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.ResetReason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JsonCodecTest {

    private static final Identity NYX = new Identity("p_1", "Nyx \"x\"");
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void aMessageIsOneLine() {
        Message message = new Message("a", 42, NYX, "1\n2\r3\u20284\u20295\u00856\u000B7\f8", AT);
        assertThat(text(JsonCodec.message(message)))
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
        String json = text(JsonCodec.message(new Message("a", 1, NYX, all.toString(), AT)));
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
        assertThat(text(JsonCodec.participantEvent(7, new Identity("p_1", "Nyx"), AT)))
                .isEqualTo("{\"sequence\":7,\"participant\":{\"id\":\"p_1\",\"name\":\"Nyx\"},"
                        + "\"at\":\"2026-11-22T10:00:00.000Z\"}");
        assertThat(text(JsonCodec.reset(ResetReason.FORKED, 9)))
                .isEqualTo("{\"reason\":\"forked\",\"firstSequence\":9}");
        assertThat(text(JsonCodec.destroyed(EndReason.EXPIRED))).isEqualTo("{\"reason\":\"expired\"}");
    }

    private static String text(JsonCodec.Fields fields) {
        return new String(JsonCodec.bytes(fields), StandardCharsets.UTF_8);
    }
}
