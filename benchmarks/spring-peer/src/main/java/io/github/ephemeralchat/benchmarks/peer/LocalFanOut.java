package io.github.ephemeralchat.benchmarks.peer;

import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One instance: the posting thread sends to all. */
@Component
@Profile("!redis & !postgresql")
class LocalFanOut implements FanOut {

    private final Emitters emitters;

    LocalFanOut(Emitters emitters) {
        this.emitters = emitters;
    }

    @Override
    public void send(SpringPeer.Message message) {
        emitters.sendAll(message.roomId(), () -> SseEmitter.event()
                .id(message.id())
                .name("message")
                .data(message, MediaType.APPLICATION_JSON));
    }
}
