package io.github.ephemeralchat.benchmarks.peer;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Chat rooms the way they are usually written with Spring MVC: emitters in a list for each room, and a loop over them. */
@SpringBootApplication(exclude = DataSourceAutoConfiguration.class)
@RestController
public class SpringPeer {

    record Post(String sender, String content) {}

    record Message(String id, String roomId, String sender, String content, long timestamp) {}

    private final Emitters emitters;
    private final FanOut fanOut;

    SpringPeer(Emitters emitters, FanOut fanOut) {
        this.emitters = emitters;
        this.fanOut = fanOut;
    }

    @GetMapping(path = "/rooms/{room}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(@PathVariable String room) throws IOException {
        return emitters.open(room);
    }

    @PostMapping("/rooms/{room}/messages")
    Map<String, String> post(@PathVariable String room, @RequestBody Post post) {
        String id = UUID.randomUUID().toString();
        fanOut.send(new Message(id, room, post.sender(), post.content(), System.currentTimeMillis()));
        return Map.of("id", id);
    }

    public static void main(String[] args) {
        SpringApplication.run(SpringPeer.class, args);
    }
}
