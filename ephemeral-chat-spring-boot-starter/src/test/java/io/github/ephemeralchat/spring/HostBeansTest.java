package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.MessageGuard;
import io.github.ephemeralchat.MessageGuard.Verdict;
import io.github.ephemeralchat.RoomListener;
import io.github.ephemeralchat.WelcomeCheck;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.MessageRefusedException;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** What a host declares as beans is what the service asks and tells. */
class HostBeansTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(EphemeralChatAutoConfiguration.class));

    @Test
    void guard_judgesMessages() {
        application
                .withBean(MessageGuard.class, () -> (room, sender, text) -> Verdict.refuse("no_" + sender.name()))
                .run(context -> {
                    EphemeralChatService chat = context.getBean(EphemeralChatService.class);
                    Membership anna = chat.createRoom(RoomOptions.defaults(), Identity.named("anna"));
                    assertThatExceptionOfType(MessageRefusedException.class)
                            .isThrownBy(() ->
                                    chat.as(anna.room().id(), anna.token()).post("hello"))
                            .satisfies(refused -> assertThat(refused.reason()).isEqualTo("no_anna"));
                });
    }

    @Test
    void listeners_areAllTold() {
        List<RoomId> told = new CopyOnWriteArrayList<>();
        RoomListener listener = new RoomListener() {
            @Override
            public void created(RoomId room, Participant owner) {
                told.add(room);
            }
        };
        application
                .withBean("one", RoomListener.class, () -> listener)
                .withBean("two", RoomListener.class, () -> listener)
                .run(context -> {
                    EphemeralChatService chat = context.getBean(EphemeralChatService.class);
                    RoomId room = chat.createRoom(RoomOptions.defaults(), Identity.anonymous())
                            .room()
                            .id();
                    Await.until(LIMIT, "both are told", () -> told.equals(List.of(room, room)));
                });
    }

    @Tag("long")
    @Test
    void whoIsNotWelcomeAnyMore_losesTheSeat() {
        application.withBean(WelcomeCheck.class, () -> identity -> false).run(context -> {
            EphemeralChatService chat = context.getBean(EphemeralChatService.class);
            Membership anna = chat.createRoom(RoomOptions.defaults(), Identity.anonymous());
            RoomId room = anna.room().id();
            Subscription stream = chat.transport().subscribe(room, anna.token(), Cursor.now(), () -> {});
            Await.until(LIMIT, "the stream ends", () -> {
                stream.poll(1);
                return stream.isEnded();
            });
            assertThat(chat.participants(room)).isEmpty();
        });
    }

    /** A host that counts. */
    @Configuration(proxyBeanMethods = false)
    static class Listening {

        final List<ChatEvent> all = new CopyOnWriteArrayList<>();
        final List<ChatEvent.RoomEnded> ends = new CopyOnWriteArrayList<>();

        @EventListener
        @Order(Ordered.HIGHEST_PRECEDENCE) // Who throws keeps those after it from being told.
        void onAny(ChatEvent event) {
            all.add(event);
        }

        @EventListener
        void onEnd(ChatEvent.RoomEnded event) {
            ends.add(event);
            throw new IllegalStateException("thrown by a test's listener");
        }
    }

    @Test
    void whatHappens_isAnEventOfTheApplication() {
        application.withUserConfiguration(Listening.class).run(context -> {
            EphemeralChatService chat = context.getBean(EphemeralChatService.class);
            Listening listening = context.getBean(Listening.class);
            Membership anna = chat.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
            RoomId room = anna.room().id();
            Membership ben = chat.join(room, Identity.named("Ben"));
            chat.as(room, ben.token()).leave();
            chat.asHost(room).destroy();
            Await.until(LIMIT, "all is told", () -> listening.all.size() == 4);
            assertThat(listening.all)
                    .containsExactly(
                            new ChatEvent.RoomCreated(room, new Participant(anna.identity(), Role.OWNER)),
                            new ChatEvent.ParticipantJoined(room, new Participant(ben.identity(), Role.MEMBER)),
                            new ChatEvent.ParticipantLeft(room, ben.identity()),
                            new ChatEvent.RoomEnded(room, EndReason.DESTROYED));
            Await.until(LIMIT, "the end is told", () -> listening.ends.size() == 1);
            chat.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
            Await.until(LIMIT, "what comes later is told", () -> listening.all.size() == 5);
        });
    }
}
