package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.RoomListener;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host revokes on one node ends on all. */
class RevokeTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final RoomStore store = MemoryRoomStore.create();
    private final RoomBroadcaster broadcaster = RoomBroadcaster.local();
    private final List<String> left = new CopyOnWriteArrayList<>();
    private final EphemeralChatService chat = node();
    private final EphemeralChatService other = node();
    private final Membership anna = chat.createRoom(RoomOptions.defaults(), new Identity("user-anna", "Anna"));
    private final RoomId room = anna.room().id();
    private final Membership ben = chat.join(room, new Identity("user-ben", "Ben"));

    private EphemeralChatService node() {
        return EphemeralChatService.builder(store)
                .broadcaster(broadcaster)
                .roomListener(new RoomListener() {
                    @Override
                    public void left(RoomId code, Identity identity) {
                        left.add(identity.id());
                    }
                })
                .build();
    }

    @AfterEach
    void close() {
        chat.close();
        other.close();
    }

    private Subscription stream(EphemeralChatService node, Membership seat) {
        Subscription[] stream = {null};
        stream[0] = node.transport().subscribe(room, seat.token(), Cursor.now(), () -> {});
        return stream[0];
    }

    private static boolean hasEnded(Subscription stream) {
        stream.poll(10);
        return stream.isEnded();
    }

    @Test
    void revoke_endsStreamsAndFreesSeats_onEachNode() {
        Subscription here = stream(chat, ben);
        Subscription there = stream(other, ben);
        Subscription annas = stream(other, anna);
        other.revoke("user-ben");
        Await.until(LIMIT, "both streams end", () -> hasEnded(here) && hasEnded(there));
        assertThat(chat.authenticate(room, ben.token())).isEmpty();
        assertThat(chat.participants(room)).containsExactly(new Participant(anna.identity(), Role.OWNER));
        Await.until(LIMIT, "it is told", () -> !left.isEmpty());
        assertThat(left).containsExactly("user-ben");
        assertThat(hasEnded(annas)).isFalse();
        assertThat(chat.join(room, ben.identity()).identity()).isEqualTo(ben.identity());
    }
}
