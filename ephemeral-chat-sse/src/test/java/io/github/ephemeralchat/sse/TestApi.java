package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.MessageGuard;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.SettableTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** The API over rooms in memory, in a time that stands still. Every response is held against the contract. */
final class TestApi implements AutoCloseable {

    final SettableTime time = new SettableTime();
    final Coverage coverage = new Coverage();
    private final AtomicLong nanos = new AtomicLong();
    private final EphemeralChatService service;
    private final ChatApi api;

    private TestApi(RoomStore store, ChatHttpSettings settings) {
        service = EphemeralChatService.create(store);
        api = new ChatApi(service, settings, nanos::get);
    }

    private TestApi(MessageGuard guard) {
        service = EphemeralChatService.builder(MemoryRoomStore.create())
                .guard(guard)
                .build();
        ChatHttpSettings.Builder settings = ChatHttpSettings.builder().entryKinds(Set.of("x-vote"));
        api = new ChatApi(service, settings.rateLimits(RateLimits.off()).build(), nanos::get);
    }

    private TestApi(ChatHttpSettings settings) {
        service = EphemeralChatService.create(
                MemoryRoomStore.builder().timeSource(time).build());
        api = new ChatApi(service, settings, nanos::get);
    }

    static TestApi create() {
        return with(settings -> settings);
    }

    static TestApi with(UnaryOperator<ChatHttpSettings.Builder> settings) {
        ChatHttpSettings.Builder unlimited = ChatHttpSettings.builder().rateLimits(RateLimits.off());
        return new TestApi(settings.apply(unlimited).build());
    }

    static TestApi guardedBy(MessageGuard guard) {
        return new TestApi(guard);
    }

    static TestApi over(RoomStore store) {
        return over(store, RateLimits.off());
    }

    static TestApi over(RoomStore store, RateLimits limits) {
        return new TestApi(store, ChatHttpSettings.builder().rateLimits(limits).build());
    }

    /** Over a store that knows the time, and fails in the same way whatever else it is asked. */
    static TestApi failing(RuntimeException failure) {
        return failing(failure, RateLimits.off());
    }

    static TestApi failing(RuntimeException failure, RateLimits limits) {
        RoomStore store = (RoomStore) Proxy.newProxyInstance(
                RoomStore.class.getClassLoader(), new Class<?>[] {RoomStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("now")) {
                        return Instant.EPOCH;
                    }
                    throw failure;
                });
        ChatHttpSettings.Builder settings = ChatHttpSettings.builder().entryKinds(Set.of("x-vote"));
        return new TestApi(store, settings.rateLimits(limits).build());
    }

    /** The rooms, for what their host does to them. */
    EphemeralChatService service() {
        return service;
    }

    Reply send(TestRequest request) {
        ApiResponse response = api.handle(request.toApi());
        assertThat(response.headers())
                .hasEntrySatisfying("Cache-Control", value -> assertThat(value).startsWith("no-store"))
                .containsEntry("X-Content-Type-Options", "nosniff");
        coverage.saw(request, response);
        return new Reply(response);
    }

    /** Like {@link #send}, without a look at the contract: for very many requests. */
    ApiResponse answer(TestRequest request) {
        return api.handle(request.toApi());
    }

    boolean asksGuard(String method, String path) {
        return api.asksGuard(method, path);
    }

    /** Opens a stream as a host does for a participant that it knows. */
    ApiResponse openStream(TestRequest request, RoomId room, String identityId) {
        return api.openStream(request.toApi(), room, identityId);
    }

    /** Has the API see the head of a request. */
    PendingRequest begin(TestRequest request) {
        return api.begin(request.toApi());
    }

    int streamCount() {
        return api.streamCount();
    }

    /** Has the streams look at the time. */
    void tick() {
        api.tick();
    }

    /** Moves both the store's time and that of the rate limits. */
    void advance(Duration step) {
        time.advance(step);
        nanos.addAndGet(step.toNanos());
    }

    Reply createRoom() {
        return send(TestRequest.post("/rooms")).is(201);
    }

    Reply createRoom(String json) {
        return send(TestRequest.post("/rooms").json(json)).is(201);
    }

    Reply join(String roomId) {
        return send(TestRequest.post("/rooms/" + roomId + "/participants")).is(201);
    }

    Reply say(Reply member, String text) {
        return send(TestRequest.post("/rooms/" + member.roomId() + "/messages")
                .token(member.token())
                .json("{\"text\":\"" + text + "\"}"));
    }

    @Override
    public void close() {
        api.close();
        service.close();
    }
}
