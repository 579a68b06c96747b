package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.HistoryPage;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** A whole node of its own: its client, its connections, its service. */
record ChatNode(RedisChat redis, EphemeralChatService service) implements AutoCloseable {

    private static final Duration AWAY_AT_MOST = Duration.ofSeconds(20);

    static ChatNode open(RedisURI... uris) {
        RedisChat redis = RedisChat.connect(uris);
        return new ChatNode(redis, EphemeralChatService.create(redis.store(), redis.broadcaster()));
    }

    /** A room with any deadline: the service itself makes none that lives less than a minute. */
    Membership room(Duration life, int seats) {
        return tryRoom(life, seats).orElseThrow(() -> new AssertionError("the room was not created"));
    }

    /** Nothing where the deadline has passed already. */
    Optional<Membership> tryRoom(Duration life, int seats) {
        Instant now = redis.store().now().truncatedTo(ChronoUnit.MILLIS);
        RoomIncarnation key =
                new RoomIncarnation(RoomId.random(), ThreadLocalRandom.current().nextLong());
        Room room = new Room(key, now, now.plus(life), seats, false);
        Identity owner = Identity.anonymous();
        String token = UUID.randomUUID().toString();
        boolean created = redis.store().create(room, owner, TokenHash.of(token));
        return created
                ? Optional.of(new Membership(room, new Participant(owner, Role.OWNER), token))
                : Optional.empty();
    }

    Membership room() {
        return room(Duration.ofMinutes(10), 50);
    }

    Heard listen(Membership in) {
        Heard heard = new Heard();
        service.subscribe(in.room().id(), Cursor.start(), heard);
        return heard;
    }

    PostResult post(Membership as, String text, String id) {
        return service.transport()
                .post(as.room().id(), as.token(), NewMessage.of(text).withId(id));
    }

    void post(Membership as, String text) {
        service.as(as.room().id(), as.token()).post(text);
    }

    /** As a client does: again and again under the same id, until it is acknowledged. */
    PostResult postUntilStored(Membership as, String text, String id) {
        return untilAnswered(() -> post(as, text, id));
    }

    /** Asks again and again while the store is away, which is not for ever. */
    static <T> T untilAnswered(Supplier<T> call) {
        long start = System.nanoTime();
        while (true) {
            try {
                return call.get();
            } catch (ChatUnavailableException e) {
                if (System.nanoTime() - start > AWAY_AT_MOST.toNanos()) {
                    throw new AssertionError("the store did not come back within " + AWAY_AT_MOST, e);
                }
                RedisServer.sleep(20);
            }
        }
    }

    /** All that the store still has. */
    List<String> texts(Membership room) {
        List<String> texts = new ArrayList<>();
        long at = 0;
        HistoryPage page;
        do {
            page = service.history(room.room().id(), at, 500);
            page.messages().forEach(message -> texts.add(message.text()));
            at = page.nextAfter();
        } while (at < page.lastSequence());
        return texts;
    }

    /** Whether the node says that the store is away, and how long that took. */
    Duration failToPost(Membership as, String text) {
        long start = System.nanoTime();
        try {
            post(as, text);
        } catch (ChatUnavailableException e) {
            return Duration.ofNanos(System.nanoTime() - start);
        }
        throw new AssertionError("a post went through while Redis was away");
    }

    @Override
    public void close() {
        service.close();
        redis.close();
    }
}
