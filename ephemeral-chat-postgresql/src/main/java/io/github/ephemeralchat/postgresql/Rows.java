package io.github.ephemeralchat.postgresql;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.Member;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rooms, members and entries, of the type {@code answer} in {@code schema.sql}. */
final class Rows {

    private Rows() {}

    static Room room(RoomId id, Row row) {
        return new Room(
                new RoomIncarnation(id, row.number("incarnation")),
                instant(row, "created"),
                instant(row, "deadline"),
                instant(row, "latest"),
                rules(row),
                row.flag("locked"),
                row.flag("proof"),
                properties(row));
    }

    private static RoomRules rules(Row row) {
        Long messageTtl = row.numberOrNull("message_ttl");
        return new RoomRules(
                (int) row.number("seats"),
                row.flag("owner_only"),
                row.flag("encrypted"),
                messageTtl == null ? null : Duration.ofMillis(messageTtl),
                row.flag("typing"),
                row.flag("presence"));
    }

    private static Map<String, String> properties(Row row) {
        List<String> names = row.texts("property_names");
        List<String> values = row.byteTexts("property_values");
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            properties.put(names.get(i), values.get(i));
        }
        return properties;
    }

    static EntryId head(Row row) {
        return new EntryId(row.number("head_sequence"), row.number("head_nonce"));
    }

    static List<Member> members(Row row) {
        List<String> ids = row.texts("member_ids");
        List<String> names = row.texts("member_names");
        List<Long> joined = row.numbers("member_joined");
        List<String> roles = row.texts("member_roles");
        List<String> profiles = row.texts("member_profiles");
        return IntStream.range(0, ids.size())
                .mapToObj(i -> new Member(
                        new Identity(ids.get(i), names.get(i)),
                        joined.get(i),
                        Role.of(roles.get(i)),
                        profiles.get(i).isEmpty() ? null : profiles.get(i)))
                .toList();
    }

    static LogEntry entry(Row row) {
        return new LogEntry(
                new EntryId(row.number("sequence"), row.number("nonce")),
                row.text("kind"),
                new Identity(row.text("sender_id"), row.text("sender_name")),
                row.textOrNull("key"),
                new String(row.bytes("body"), StandardCharsets.UTF_8),
                instant(row, "at"),
                life(row));
    }

    private static BodyLife life(Row row) {
        Long ends = row.numberOrNull("ends");
        Long claims = row.numberOrNull("claims");
        String forgotten = row.textOrNull("forgotten");
        return ends == null && claims == null && forgotten == null
                ? BodyLife.OF_THE_ROOM
                : new BodyLife(
                        ends == null ? null : Instant.ofEpochMilli(ends),
                        claims == null ? null : claims.intValue(),
                        forgotten == null ? null : Forgotten.of(forgotten));
    }

    static Appended appended(RoomId id, Row row) {
        boolean stored = !row.isNull("previous_sequence");
        return new Appended(
                new RoomIncarnation(id, row.number("incarnation")),
                entry(row),
                stored ? new EntryId(row.number("previous_sequence"), row.number("previous_nonce")) : EntryId.START,
                stored,
                false,
                row.number("entries") * LogEntry.OVERHEAD_BYTES + row.number("bytes"),
                instant(row, "deadline"));
    }

    private static Instant instant(Row row, String column) {
        return Instant.ofEpochMilli(row.number(column));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Milliseconds for a column, of a duration that may be missing. */
    static @Nullable Long millis(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis();
    }
}
