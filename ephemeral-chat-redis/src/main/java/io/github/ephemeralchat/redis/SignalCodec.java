package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomSignal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How signals are sent: parts, each with its length in bytes and a colon before it, so that no content can end a
 * part. The first is the format, the second the kind. {@code log.lua} writes the same.
 */
final class SignalCodec {

    private static final String APPENDED = "E";
    private static final String DESTROYED = "D";
    private static final String MISSED = "M";
    private static final int PARTS_WITHOUT_ENTRY = 5;

    private SignalCodec() {}

    static String encode(RoomSignal signal) {
        List<String> parts = new ArrayList<>(List.of(Entries.FORMAT));
        if (signal instanceof RoomSignal.EntryAppended appended) {
            addAppended(parts, appended);
        } else if (signal instanceof RoomSignal.Destroyed destroyed) {
            parts.addAll(List.of(DESTROYED, incarnation(destroyed.room())));
        } else {
            parts.add(MISSED);
        }
        return packed(parts);
    }

    static String packed(List<String> parts) {
        return parts.stream()
                .map(part -> part.getBytes(StandardCharsets.UTF_8).length + ":" + part)
                .collect(Collectors.joining());
    }

    private static void addAppended(List<String> parts, RoomSignal.EntryAppended appended) {
        parts.addAll(List.of(
                APPENDED,
                incarnation(appended.room()),
                appended.position().toString(),
                appended.previous().toString()));
        LogEntry entry = appended.entry();
        if (entry == null) {
            return;
        }
        Identity sender = entry.sender();
        parts.addAll(List.of(
                entry.kind(),
                sender.id(),
                sender.name(),
                Long.toString(entry.at().toEpochMilli()),
                entry.body()));
        String key = entry.key();
        if (key != null) {
            parts.add(key);
        }
    }

    private static String incarnation(RoomIncarnation room) {
        return Long.toString(room.number());
    }

    /**
     * Reads a signal.
     *
     * @return the signal; {@link RoomSignal.Missed} where it is in a format that is not known or makes no sense: then
     *     the store is asked
     */
    static RoomSignal decode(RoomId room, byte[] bytes) {
        try {
            List<String> parts = unpacked(bytes);
            return parts.get(0).equals(Entries.FORMAT) ? decode(room, parts) : new RoomSignal.Missed(room);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return new RoomSignal.Missed(room);
        }
    }

    private static RoomSignal decode(RoomId room, List<String> parts) {
        return switch (parts.get(1)) {
            case APPENDED -> appended(room(room, parts), parts);
            case DESTROYED -> new RoomSignal.Destroyed(room(room, parts));
            default -> new RoomSignal.Missed(room);
        };
    }

    private static RoomIncarnation room(RoomId id, List<String> parts) {
        return new RoomIncarnation(id, Long.parseLong(parts.get(2)));
    }

    private static RoomSignal appended(RoomIncarnation room, List<String> parts) {
        EntryId position = Entries.id(parts.get(3));
        List<String> values = parts.subList(PARTS_WITHOUT_ENTRY, parts.size());
        LogEntry entry = values.size() < Entries.VALUES_WITHOUT_KEY ? null : Entries.entry(position, values);
        return new RoomSignal.EntryAppended(room, position, Entries.id(parts.get(4)), entry);
    }

    static List<String> unpacked(byte[] bytes) {
        List<String> parts = new ArrayList<>();
        String chars = new String(bytes, StandardCharsets.ISO_8859_1); // One for each byte.
        for (int at = 0; at < bytes.length; ) {
            int colon = chars.indexOf(':', at);
            int length = Integer.parseInt(chars, at, colon, 10);
            parts.add(new String(bytes, colon + 1, length, StandardCharsets.UTF_8));
            at = colon + 1 + length;
        }
        return parts;
    }
}
