package io.github.ephemeralchat.postgresql;

import com.zaxxer.hikari.HikariDataSource;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
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
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** A whole node of its own: its pool, its connection for signals, its service. */
record ChatNode(HikariDataSource pool, PostgresqlChat postgresql, EphemeralChatService service)
        implements AutoCloseable {

    private static final Duration AWAY_AT_MOST = Duration.ofSeconds(20);

    static ChatNode open(TestDatabase database) {
        return open(database, database.server().port(), database.server().port());
    }

    /** A node whose calls and whose signals go over these ports, where proxies may listen. */
    static ChatNode open(TestDatabase database, int calls, int signals) {
        HikariDataSource pool = database.pool(16, calls);
        PostgresqlChat postgresql = PostgresqlChat.builder(pool)
                .listeningOver(database.unpooled(signals))
                .open();
        return new ChatNode(
                pool, postgresql, EphemeralChatService.create(postgresql.store(), postgresql.broadcaster()));
    }

    /** A room with any deadline: the service itself makes none that lives less than a minute. */
    Membership room(Duration life, int seats) {
        return room(postgresql.store().now().plus(life), seats);
    }

    Membership room(Instant end, int seats) {
        Instant now = postgresql.store().now();
        RoomIncarnation key =
                new RoomIncarnation(RoomId.random(), ThreadLocalRandom.current().nextLong());
        Room room = new Room(key, now, end, seats, false);
        Identity owner = Identity.anonymous();
        String token = UUID.randomUUID().toString();
        if (!postgresql.store().create(room, owner, TokenHash.of(token))) {
            throw new AssertionError("the room was not created");
        }
        return new Membership(room, new Participant(owner, Role.OWNER), token);
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
        long start = System.nanoTime();
        while (true) {
            try {
                return post(as, text, id);
            } catch (ChatUnavailableException e) {
                if (System.nanoTime() - start > AWAY_AT_MOST.toNanos()) {
                    throw new AssertionError("the store did not come back within " + AWAY_AT_MOST, e);
                }
            }
        }
    }

    /** Whether the node says that the store is away, and how long that took. */
    Duration failToPost(Membership as, String text) {
        long start = System.nanoTime();
        try {
            post(as, text);
        } catch (ChatUnavailableException e) {
            return Duration.ofNanos(System.nanoTime() - start);
        }
        throw new AssertionError("a post went through while PostgreSQL was away");
    }

    @Override
    public void close() {
        service.close();
        postgresql.close();
        pool.close();
    }
}
