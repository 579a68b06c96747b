package io.github.ephemeralchat.benchmarks.peer;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The open streams of this instance. */
@Component
class Emitters {

    private static final long NEVER = 0;

    private final Map<String, List<SseEmitter>> byRoom = new ConcurrentHashMap<>();

    SseEmitter open(String room) throws IOException {
        SseEmitter emitter = new SseEmitter(NEVER);
        List<SseEmitter> inRoom = byRoom.computeIfAbsent(room, key -> new CopyOnWriteArrayList<>());
        Runnable remove = () -> inRoom.remove(emitter);
        emitter.onCompletion(remove);
        emitter.onTimeout(remove);
        emitter.onError(failure -> remove.run());
        inRoom.add(emitter);
        emitter.send(SseEmitter.event().comment("connected"));
        return emitter;
    }

    /** Each emitter encodes the event anew, as far as it is not text already. */
    void sendAll(String room, Supplier<SseEventBuilder> event) {
        for (SseEmitter emitter : byRoom.getOrDefault(room, List.of())) {
            try {
                emitter.send(event.get());
            } catch (IOException | IllegalStateException e) {
                emitter.completeWithError(e);
            }
        }
    }
}
