package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.RoomListener;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import org.springframework.context.ConfigurableApplicationContext;

/** Publishes what happens to rooms as events of the application, as long as it runs. */
final class ChatEventPublisher implements RoomListener {

    private final ConfigurableApplicationContext application;

    ChatEventPublisher(ConfigurableApplicationContext application) {
        this.application = application;
    }

    @Override
    public void created(RoomId room, Participant owner) {
        publish(new ChatEvent.RoomCreated(room, owner));
    }

    @Override
    public void joined(RoomId room, Participant participant) {
        publish(new ChatEvent.ParticipantJoined(room, participant));
    }

    @Override
    public void left(RoomId room, Identity identity) {
        publish(new ChatEvent.ParticipantLeft(room, identity));
    }

    @Override
    public void ended(RoomId room, EndReason reason) {
        publish(new ChatEvent.RoomEnded(room, reason));
    }

    private void publish(ChatEvent event) {
        if (application.isActive()) {
            application.publishEvent(event);
        }
    }
}
