package io.github.ephemeralchat.benchmarks.peer;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.annotation.Profile;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.RedisStreamCommands.XAddOptions;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rooms that keep their messages: a post checks the member, appends to a Redis stream of bounded length that expires, and
 * publishes; whoever opens a stream is sent what is kept. One call of the template for each, one after another, as the
 * template is used.
 */
@RestController
@RequestMapping("/kept")
@Profile("kept")
class KeptRooms {

    private static final XAddOptions BOUNDED = XAddOptions.maxlen(1_000).approximateTrimming(true);
    private static final Duration LIFE = Duration.ofHours(1);

    record Joined(String room, String member) {}

    record Post(String member, String content) {}

    private final StringRedisTemplate redis;
    private final JsonMapper json;
    private final Emitters emitters;
    private final FanOut fanOut;

    KeptRooms(StringRedisTemplate redis, JsonMapper json, Emitters emitters, FanOut fanOut) {
        this.redis = redis;
        this.json = json;
        this.emitters = emitters;
        this.fanOut = fanOut;
    }

    @PostMapping("/rooms")
    Joined create() {
        return join(UUID.randomUUID().toString());
    }

    @PostMapping("/rooms/{room}/members")
    Joined join(@PathVariable String room) {
        String member = UUID.randomUUID().toString();
        redis.opsForSet().add(members(room), member);
        redis.expire(members(room), LIFE);
        return new Joined(room, member);
    }

    @GetMapping(path = "/rooms/{room}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter events(@PathVariable String room, @RequestParam String member) throws IOException {
        requireMember(room, member);
        SseEmitter emitter = emitters.open(room);
        for (MapRecord<String, Object, Object> kept : redis.opsForStream().range(log(room), Range.unbounded())) {
            emitter.send(SseEmitter.event().name("message").data(kept.getValue().get("message")));
        }
        return emitter;
    }

    @PostMapping("/rooms/{room}/messages")
    Map<String, String> post(@PathVariable String room, @RequestBody Post post) {
        requireMember(room, post.member());
        String id = UUID.randomUUID().toString();
        SpringPeer.Message message =
                new SpringPeer.Message(id, room, post.member(), post.content(), System.currentTimeMillis());
        Map<String, String> entry = Map.of("message", json.writeValueAsString(message));
        redis.opsForStream().add(StreamRecords.mapBacked(entry).withStreamKey(log(room)), BOUNDED);
        redis.expire(log(room), LIFE);
        fanOut.send(message);
        return Map.of("id", id);
    }

    private void requireMember(String room, String member) {
        if (!Boolean.TRUE.equals(redis.opsForSet().isMember(members(room), member))) {
            throw new ResponseStatusException(HttpStatus.FORBIDDEN);
        }
    }

    private static String members(String room) {
        return "members:" + room;
    }

    private static String log(String room) {
        return "log:" + room;
    }
}
