package io.github.ephemeralchat.benchmarks.jmh;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A room whose messages come from another node: what that one signals is kept until a benchmark lets it be heard. */
final class TalkedRoom implements AutoCloseable {

    private static final int TEXT_LENGTH = 200;
    private static final String TEXT = "x".repeat(TEXT_LENGTH);

    private final RoomStore store = MemoryRoomStore.create();
    private final List<Consumer<RoomSignal>> feeds = new ArrayList<>();
    private final EphemeralChatService service = EphemeralChatService.create(store, new Kept());
    private final RoomId id;
    private final String token;
    private final TokenHash hash;

    TalkedRoom() {
        RoomOptions options = RoomOptions.defaults().withTtl(Duration.ofDays(1));
        Membership owner = service.createRoom(options, Identity.anonymous());
        id = owner.room().id();
        token = owner.token();
        hash = TokenHash.of(token);
    }

    /** Hears signals only when a benchmark says so. */
    private final class Kept implements RoomBroadcaster {

        @Override
        public void publish(RoomSignal signal) {
            // There is no other node.
        }

        @Override
        public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
            feeds.add(listener);
            return () -> feeds.remove(listener);
        }

        @Override
        public void publishToAll(NodeSignal signal) {}

        @Override
        public Registration subscribeToAll(Consumer<NodeSignal> listener) {
            return () -> {};
        }
    }

    List<Subscription> subscribe(int readers) {
        return IntStream.range(0, readers)
                .mapToObj(i -> service.transport().subscribe(id, token, Cursor.now(), () -> {}))
                .toList();
    }

    RoomSignal append() {
        Draft draft = new Draft(LogEntry.MESSAGE, EphemeralChatService.newMessageId(), TEXT);
        return store.change(id, new Actor.ByToken(hash), new RoomChange.Post(draft))
                .orElseThrow()
                .signal();
    }

    List<RoomSignal> append(int entries) {
        return IntStream.range(0, entries).mapToObj(i -> append()).toList();
    }

    void hear(RoomSignal signal) {
        feeds.get(0).accept(signal);
    }

    @Override
    public void close() {
        service.close();
    }
}
