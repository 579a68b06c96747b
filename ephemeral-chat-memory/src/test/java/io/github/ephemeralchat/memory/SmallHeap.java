package io.github.ephemeralchat.memory;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.LimitExceededException;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Fills a store of the usual size with one kind of content, and tells whether the heap holds more than the store says. */
final class SmallHeap {

    /** What a store may be filled with. */
    enum Content {
        LONG_TEXTS_BEYOND_THE_BMP,
        LONG_TEXTS_WITH_ONE_CHARACTER_BEYOND_LATIN_1,
        SHORT_TEXTS,
        SHORT_TEXTS_WITH_AN_END,
        SHORT_TEXTS_TO_CLAIM,
        ROOMS,
        SEATS
    }

    private static final int TEXTS_OF_A_ROOM = 200;

    private final MemoryRoomStore store =
            MemoryRoomStore.builder().maxRooms(1_000_000).build();
    private final Content content;
    private long number;

    private SmallHeap(Content content) {
        this.content = content;
    }

    public static void main(String[] arguments) {
        Content content = Content.valueOf(arguments[0]);
        new SmallHeap(content).fill(); // What the JVM makes once, like classes and threads, is no content.
        long before = usedHeap();
        SmallHeap heap = new SmallHeap(content);
        System.out.println(heap.fill());
        long taken = usedHeap() - before;
        boolean enough = taken <= heap.store.usedBytes();
        System.out.println(enough ? "the estimate was high enough" : taken + " > " + heap.store.usedBytes());
    }

    /** Returns why the store takes no more. */
    private @Nullable String fill() {
        try {
            while (true) {
                addRoom();
            }
        } catch (LimitExceededException e) {
            return e.getMessage();
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void addRoom() {
        Room room = MemoryRooms.room(store, Duration.ofHours(1), 1_000);
        TokenHash token = MemoryRooms.token();
        store.create(room, Identity.anonymous(), token);
        switch (content) {
            case LONG_TEXTS_BEYOND_THE_BMP -> post(room, token, "\uD83D\uDE00".repeat(4_000));
            case LONG_TEXTS_WITH_ONE_CHARACTER_BEYOND_LATIN_1 -> post(room, token, "a".repeat(3_999) + "\u20AC");
            case SHORT_TEXTS, SHORT_TEXTS_WITH_AN_END, SHORT_TEXTS_TO_CLAIM -> post(room, token, "a");
            case ROOMS -> {}
            case SEATS -> join(room);
        }
    }

    private void post(Room room, TokenHash token, String text) {
        for (int i = 0; i < TEXTS_OF_A_ROOM; i++) {
            // As a request brings them: a key of 22 characters, and a text that no other message shares.
            String key = "a-key-of-a-message-" + (1_000_000_000L + number++);
            Draft draft = new Draft(LogEntry.MESSAGE, key, new String(text.toCharArray()));
            MemoryRooms.append(store, room, token, draft.withLife(ttl(), claims()));
        }
    }

    private @Nullable Duration ttl() {
        return content == Content.SHORT_TEXTS_WITH_AN_END ? Duration.ofMinutes(30) : null;
    }

    private @Nullable Integer claims() {
        return content == Content.SHORT_TEXTS_TO_CLAIM ? 3 : null;
    }

    private void join(Room room) {
        for (int i = 1; i < room.maxParticipants(); i++) {
            Identity identity = Identity.anonymous();
            for (int device = 0; device < RoomStore.MAX_TOKENS_PER_SEAT; device++) {
                MemoryRooms.join(store, room, identity);
            }
        }
    }
}
