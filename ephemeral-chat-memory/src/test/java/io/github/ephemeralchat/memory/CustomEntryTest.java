package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.transport.SharedEvent;
import io.github.ephemeralchat.transport.Subscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host does with kinds of its own. */
class CustomEntryTest {

    private final EphemeralChatService chat = EphemeralChatService.create(MemoryRoomStore.create());
    private final Membership owner = chat.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
    private final RoomId room = owner.room().id();

    @AfterEach
    void close() {
        chat.close();
    }

    @Test
    void entry_comesToSubscribers_andLaterResumes() {
        CustomEntry entry = chat.as(room, owner.token()).postEntry("x-reaction", "2 +1", "r1");
        assertThat(entry.sender()).isEqualTo(owner.participant().identity());
        assertThat(entry).hasToString("CustomEntry[sequence=2, x-reaction]");
        try (Subscription late = chat.transport().subscribe(room, owner.token(), Cursor.start(), () -> {})) {
            assertThat(late.poll(10))
                    .extracting(SharedEvent::event)
                    .filteredOn(RoomEvent.EntryPosted.class::isInstance)
                    .extracting(event -> ((RoomEvent.EntryPosted) event).entry())
                    .containsExactly(entry);
        }
    }

    @Test
    void repeatedEntry_isTheStoredOne() {
        CustomEntry first = chat.as(room, owner.token()).postEntry("x-reaction", "+1", "r1");
        assertThat(chat.as(room, owner.token()).postEntry("x-reaction", "-1", "r1"))
                .isEqualTo(first);
    }

    @Test
    void host_postsWithoutASeat() {
        CustomEntry entry = chat.asHost(room).postEntry("x-poll", "tea or coffee?", "p1");
        assertThat(entry.sender()).isEqualTo(new Identity(Identity.HOST_ID, "Host"));
    }

    @Test
    void reader_postsNone() {
        Membership guest = chat.join(room, Identity.named("Ben"));
        chat.as(room, owner.token()).assign(guest.participant().identity().id(), Role.READER);
        assertThatThrownBy(() -> chat.as(room, guest.token()).postEntry("x-reaction", "+1", "r1"))
                .isInstanceOf(NotPermittedException.class);
    }

    @Test
    void idOfAMessage_isRefused() {
        chat.as(room, owner.token()).post("hi", "m1");
        assertThatThrownBy(() -> chat.as(room, owner.token()).postEntry("x-reaction", "+1", "m1"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> chat.as(room, owner.token()).postEntry("reaction", "+1", "r1"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
