package io.github.ephemeralchat.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ephemeralchat.MessageGuard.Verdict;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.MessageRefusedException;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first two tests stand in docs/TESTING.md. */
class TestChatTest {

    private final TestChat chat = TestChat.create();

    @AfterEach
    void close() {
        chat.close();
    }

    @Test
    void twoTalk() {
        Membership anna = chat.service().createRoom(RoomOptions.defaults(), Identity.named("Anna"));
        RoomId room = anna.room().id();
        HeardRoom heard = chat.hear(room);

        chat.service().as(room, anna.token()).post("Anybody here?");
        Membership ben = chat.service().join(room, Identity.named("Ben"));
        chat.service().as(room, ben.token()).post("Yes.");

        assertThat(heard.nextText()).isEqualTo("Anybody here?");
        assertThat(heard.next()).isInstanceOf(RoomEvent.ParticipantJoined.class);
        assertThat(heard.nextText()).isEqualTo("Yes.");
    }

    @Test
    void aRoomExpires() {
        RoomOptions tenMinutes = RoomOptions.defaults().withTtl(Duration.ofMinutes(10));
        RoomId room = chat.service()
                .createRoom(tenMinutes, Identity.named("Anna"))
                .room()
                .id();
        HeardRoom heard = chat.hear(room);

        chat.advance(Duration.ofMinutes(10));

        assertThat(heard.next(RoomEvent.RoomDestroyed.class).reason()).isEqualTo(RoomEvent.EndReason.EXPIRED);
        assertThat(chat.service().findRoom(room)).isEmpty();
    }

    @Test
    void aRoomThatHasTimeLeft_isStillThere() {
        RoomId room = chat.service()
                .createRoom(RoomOptions.defaults().withTtl(Duration.ofMinutes(10)), Identity.named("Anna"))
                .room()
                .id();
        chat.hear(room);
        chat.advance(Duration.ofMinutes(10).minusMillis(1));
        assertThat(chat.service().findRoom(room)).isPresent();
        chat.advance(Duration.ofMillis(1));
        assertThat(chat.service().findRoom(room)).isEmpty();
    }

    @Test
    void aMessageEndsBeforeItsRoom() {
        Membership anna = chat.service().createRoom(RoomOptions.defaults(), Identity.named("Anna"));
        HeardRoom heard = chat.hear(anna.room().id());
        chat.service()
                .as(anna.room().id(), anna.token())
                .post(NewMessage.of("for a minute").withTtl(Duration.ofMinutes(1)));
        assertThat(heard.nextText()).isEqualTo("for a minute");
        chat.advance(Duration.ofMinutes(1));
        assertThat(heard.next()).isInstanceOf(RoomEvent.MessageExpired.class);
    }

    @Test
    void theHostsGuard_isAsked() {
        try (TestChat guarded =
                TestChat.create(builder -> builder.guard((room, sender, text) -> Verdict.refuse("never")))) {
            Membership anna = guarded.service().createRoom(RoomOptions.defaults(), Identity.named("Anna"));
            assertThatExceptionOfType(MessageRefusedException.class)
                    .isThrownBy(() ->
                            guarded.service().as(anna.room().id(), anna.token()).post("hello"));
        }
    }

    @Test
    void whatIsNotTold_fails() {
        Membership anna = chat.service().createRoom(RoomOptions.defaults(), Identity.named("Anna"));
        HeardRoom heard = chat.hear(anna.room().id());
        chat.service().asHost(anna.room().id()).destroy();
        assertThat(heard.next(RoomEvent.RoomDestroyed.class).reason()).isEqualTo(RoomEvent.EndReason.DESTROYED);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(AssertionError.class).isThrownBy(heard::nextText);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatIllegalArgumentException().isThrownBy(() -> chat.advance(Duration.ofSeconds(-1)));
    }
}
