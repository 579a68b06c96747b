package io.github.ephemeralchat.it;

import io.github.ephemeralchat.Authority;
import io.github.ephemeralchat.DeliveryCheck;
import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.HostAuthority;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.CustomEntry;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import io.github.ephemeralchat.model.RoomRules;
import io.github.ephemeralchat.netty.NettyChatServer;
import io.github.ephemeralchat.postgresql.PostgresqlChat;
import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.sse.RequestHooks;
import io.github.ephemeralchat.sse.servlet.EventStreams;
import io.github.ephemeralchat.test.HeardRoom;
import io.github.ephemeralchat.test.TestChat;
import io.github.ephemeralchat.test.TestTime;
import io.github.ephemeralchat.transport.ChatTransport;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** A valid argument of each type, and something of each type on which methods are called. */
final class Samples implements AutoCloseable {

    private final Map<Class<?>, Object> byType = new HashMap<>();
    private final TestChat chat = TestChat.create();
    private final RedisClient redis = RedisClient.create();
    private final EventStreams streams = new EventStreams(chat.service(), ChatHttpSettings.defaults());
    private final DeliveryCheck check =
            new DeliveryCheck(MemoryRoomStore.create(), RoomBroadcaster.local(), Duration.ofSeconds(1));

    /** There is no sample of a type. */
    static final class MissingException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MissingException(Class<?> type) {
            super("no sample of " + type.getName());
        }
    }

    Samples() {
        add(int.class, 1);
        add(long.class, 1L);
        add(boolean.class, true);
        add(String.class, "sample");
        add(Duration.class, Duration.ofMinutes(5));
        add(Instant.class, Instant.EPOCH);
        add(List.class, List.of());
        add(Map.class, Map.of());
        add(Runnable.class, () -> {});
        add(Executor.class, Runnable::run);
        add(Consumer.class, value -> {});
        add(Function.class, value -> value);
        add(Predicate.class, value -> true);
        add(BiPredicate.class, (one, other) -> true);
        addModel();
        addRoom();
        addBackends();
        addHttp();
    }

    private void addModel() {
        Identity identity = Identity.named("Anna");
        TokenHash token = TokenHash.of("token");
        add(Identity.class, identity);
        add(BodyLife.class, BodyLife.OF_THE_ROOM);
        add(Cursor.class, Cursor.start());
        add(NewMessage.class, NewMessage.of("text"));
        add(Role.class, Role.MEMBER);
        add(RoomOptions.class, RoomOptions.defaults());
        add(RoomRules.class, RoomRules.plain(2, false));
        add(TokenHash.class, token);
        add(Actor.class, new Actor.ByToken(token));
        add(JoinRequest.class, JoinRequest.named(identity, token));
        add(
                CustomEntry.class,
                new CustomEntry("id", 1, "x-kind", identity, "body", Instant.EPOCH, BodyLife.OF_THE_ROOM));
    }

    private void addRoom() {
        EphemeralChatService service = chat.service();
        Membership anna = service.createRoom(RoomOptions.defaults(), Identity.named("Anna"));
        RoomId room = anna.room().id();
        add(EphemeralChatService.class, service);
        add(EphemeralChatService.Builder.class, EphemeralChatService.builder(MemoryRoomStore.create()));
        add(RoomId.class, room);
        add(Authority.class, service.as(room, anna.token()));
        add(HostAuthority.class, service.asHost(room));
        add(DeliveryCheck.class, check);
        add(ChatTransport.class, service.transport());
        add(ChatTransport.PostResult.class, service.transport().post(room, anna.token(), NewMessage.of("text")));
        add(TestChat.class, chat);
        add(TestTime.class, chat.time());
        add(HeardRoom.class, chat.hear(room));
    }

    private void addBackends() {
        add(RoomStore.class, MemoryRoomStore.create());
        add(RoomBroadcaster.class, RoomBroadcaster.local());
        add(MemoryRoomStore.Builder.class, MemoryRoomStore.builder());
        add(RedisChat.Builder.class, RedisChat.builder());
        add(RedisClient.class, redis);
        add(RedisURI.class, RedisURI.create("redis://localhost"));
        add(
                RedisClusterClient.class,
                RedisClusterClient.create(redis.getResources(), RedisURI.create("redis://localhost")));
        add(ClientOptions.class, ClientOptions.create());
        add(ClientResources.class, empty(ClientResources.class));
        add(PostgresqlChat.Builder.class, PostgresqlChat.builder(empty(DataSource.class)));
    }

    private void addHttp() {
        RequestHooks<Object> hooks = RequestHooks.defaults();
        add(ChatHttpSettings.class, ChatHttpSettings.defaults());
        add(ChatHttpSettings.Builder.class, ChatHttpSettings.builder());
        add(RateLimits.class, RateLimits.defaults());
        add(RateLimits.Limit.class, RateLimits.Limit.unlimited());
        add(RequestHooks.class, hooks);
        add(EventStreams.class, streams);
        add(HttpServletRequest.class, empty(HttpServletRequest.class));
        add(HttpServletResponse.class, empty(HttpServletResponse.class));
        add(NettyChatServer.Builder.class, NettyChatServer.builder(chat.service()));
    }

    private <T> void add(Class<T> type, T sample) {
        byType.put(type, sample);
    }

    /** What is there and is never asked for anything. */
    private static <T> T empty(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            throw new AssertionError("nothing but null was to be looked at: " + method);
        }));
    }

    Object of(Class<?> type) {
        Object sample = byType.get(type);
        if (sample == null) {
            throw new MissingException(type);
        }
        return sample;
    }

    @Override
    public void close() {
        check.close();
        streams.close();
        chat.close();
        redis.shutdown();
    }
}
