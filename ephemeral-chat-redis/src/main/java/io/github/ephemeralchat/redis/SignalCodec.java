package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomSignal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The signals on the wire: parts, each with its length in bytes and a colon before it, so that no content can end a
 * part. The first is the format, the second the kind. {@code log.lua} writes the same.
 */
final class SignalCodec {

    private static final String APPENDED = "E";
    private static final String DESTROYED = "D";
    private static final String MISSED = "M";
    private static final int PARTS_OF_AN_ENTRY = 10;

    private SignalCodec() {}

    static byte[] encode(RoomSignal signal) {
        List<String> parts = new ArrayList<>();
        parts.add(Entries.FORMAT);
        if (signal instanceof RoomSignal.EntryAppended appended) {
            addAppended(parts, appended);
        } else if (signal instanceof RoomSignal.Destroyed destroyed) {
            parts.addAll(List.of(DESTROYED, incarnation(destroyed.room())));
        } else {
            parts.add(MISSED);
        }
        return packed(parts);
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
        parts.addAll(List.of(entry.kind(), sender.id(), sender.name(), millis(entry), entry.body()));
        String key = entry.key();
        if (key != null) {
            parts.add(key);
        }
    }

    private static String incarnation(RoomIncarnation room) {
        return Long.toString(room.number());
    }

    private static String millis(LogEntry entry) {
        return Long.toString(entry.at().toEpochMilli());
    }

    private static byte[] packed(List<String> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            out.writeBytes((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            out.writeBytes(bytes);
        }
        return out.toByteArray();
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
            case APPENDED -> appended(key(room, parts), parts);
            case DESTROYED -> new RoomSignal.Destroyed(key(room, parts));
            default -> new RoomSignal.Missed(room);
        };
    }

    private static RoomIncarnation key(RoomId room, List<String> parts) {
        return new RoomIncarnation(room, Long.parseLong(parts.get(2)));
    }

    private static RoomSignal appended(RoomIncarnation room, List<String> parts) {
        LogEntry entry = parts.size() < PARTS_OF_AN_ENTRY
                ? null
                : new LogEntry(
                        Entries.id(parts.get(3)),
                        parts.get(5),
                        new Identity(parts.get(6), parts.get(7)),
                        parts.size() > PARTS_OF_AN_ENTRY ? parts.get(PARTS_OF_AN_ENTRY) : null,
                        parts.get(9),
                        Entries.millis(parts.get(8)));
        return new RoomSignal.EntryAppended(room, Entries.id(parts.get(3)), Entries.id(parts.get(4)), entry);
    }

    private static List<String> unpacked(byte[] bytes) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int colon = at;
            while (bytes[colon] != ':') {
                colon++;
            }
            int length = Integer.parseInt(new String(bytes, at, colon - at, StandardCharsets.US_ASCII));
            at = colon + 1 + length;
            if (length < 0 || at > bytes.length) {
                throw new IllegalArgumentException("a part is longer than the whole");
            }
            parts.add(new String(Arrays.copyOfRange(bytes, colon + 1, at), StandardCharsets.UTF_8));
        }
        return parts;
    }
}
