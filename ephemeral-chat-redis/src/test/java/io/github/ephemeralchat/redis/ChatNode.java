package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.Authority;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.HistoryPage;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.Participant;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.lettuce.core.RedisURI;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A whole node of its own: its client, its connections, its service.
 *
 * @param loops event loops that its connections are on, and that post without waiting; null for Lettuce's own
 */
record ChatNode(RedisChat redis, EphemeralChatService service, EventLoopGroup loops) implements AutoCloseable {

    private static final Duration STORY = Duration.ofSeconds(10);
    private static final Duration AWAY_AT_MOST = Duration.ofSeconds(20);

    ChatNode(RedisChat redis, EphemeralChatService service) {
        this(redis, service, null);
    }

    static ChatNode open(RedisURI... uris) {
        RedisChat redis = RedisChat.connect(uris);
        return new ChatNode(redis, EphemeralChatService.create(redis.store(), redis.broadcaster()));
    }

    /** One with event loops, as a server has it that shares its own with the connections. */
    static ChatNode openOnLoops(int count, RedisURI uri) {
        return openOnLoops(count, uri, Duration.ZERO);
    }

    /** The same, whose posts wait for each other. */
    static ChatNode openOnLoops(int count, RedisURI uri, Duration batchDelay) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(count, NioIoHandler.newFactory());
        RedisChat redis = RedisChat.builder()
                .server(uri)
                .eventLoopGroup(loops)
                .maxBatchDelay(batchDelay)
                .connect();
        return new ChatNode(redis, EphemeralChatService.create(redis.store(), redis.broadcaster()), loops);
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
        return loops == null ? postAndWait(as, text, id) : answerOf(postOnLoop(loops.next(), as, text, id));
    }

    /** Posts from an event loop, and is answered there. */
    CompletableFuture<PostResult> postOnLoop(EventLoop loop, Membership as, String text, String id) {
        NewMessage message = NewMessage.of(text).withId(id);
        Actor actor = new Actor.ByToken(TokenHash.of(as.token()));
        return CompletableFuture.supplyAsync(
                        () -> service.transport().postAsync(as.room().id(), actor, message, loop), loop)
                .thenCompose(posting -> posting);
    }

    static PostResult answerOf(CompletableFuture<PostResult> posting) {
        try {
            return posting.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("a post was not answered", e);
        }
    }

    private PostResult postAndWait(Membership as, String text, String id) {
        return service.transport()
                .post(as.room().id(), as.token(), NewMessage.of(text).withId(id));
    }

    void post(Membership as, String text) {
        as(as).post(text);
    }

    Message post(Membership as, NewMessage message) {
        return as(as).post(message);
    }

    Authority as(Membership member) {
        return service.as(member.room().id(), member.token());
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

    /** What somebody hears who comes now and listens from the beginning. */
    List<String> storyOf(Membership room) {
        List<String> texts = texts(room);
        Heard heard = listen(room);
        Await.until(STORY, "the history", () -> heard.messages() >= texts.size());
        assertThat(heard.story()).isEqualTo(texts);
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
        if (loops != null) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1000);
        }
    }
}
