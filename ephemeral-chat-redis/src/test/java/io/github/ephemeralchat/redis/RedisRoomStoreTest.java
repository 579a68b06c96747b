package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.RoomStoreContract;
import io.github.ephemeralchat.testsupport.Intercepted;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(autoCloseArguments = false)
@MethodSource("io.github.ephemeralchat.redis.RedisServer#sharedByAll")
class RedisRoomStoreTest extends RoomStoreContract {

    private final RedisServer server;
    private final TestNodes nodes;

    RedisRoomStoreTest(RedisServer server) {
        this.server = server;
        this.nodes = new TestNodes(server.uri());
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    @Override
    protected RoomStore createStore(LogLimits limits) {
        return eitherWay(nodes.light(limits).store());
    }

    @Override
    protected RoomStore createOtherNode(RoomStore store, LogLimits limits) {
        return eitherWay(nodes.light(limits).store());
    }

    /** Makes every other change without a thread that waits: all rules hold for both ways. */
    private static RoomStore eitherWay(RedisRoomStore store) {
        AtomicInteger changes = new AtomicInteger();
        return Intercepted.of(
                RoomStore.class,
                store,
                call -> call.is("change") && changes.getAndIncrement() % 2 == 1
                        ? changeAsync(store, call)
                        : call.proceed());
    }

    private static Object changeAsync(RedisRoomStore store, Intercepted.Call call) throws Throwable {
        CompletionStage<?> change = store.changeAsync(
                (RoomId) call.arguments().get(0), (Actor) call.arguments().get(1), (RoomChange)
                        call.arguments().get(2));
        try {
            return change.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw Failures.causeOf(e);
        }
    }

    @Override
    protected boolean holdsOutsideThisJvm(RoomIncarnation room) {
        return !TestNodes.look(server).keys("*{" + room.id().value() + "}*").isEmpty();
    }

    @Override
    protected boolean holdsBodyOutsideThisJvm(String body) {
        return TestNodes.holds(TestNodes.look(server), body);
    }

    @Override
    protected Duration timeTolerance() {
        return Duration.ofMillis(20);
    }

    /** Once is enough for what takes a minute: ends are the scripts', which are the same for all servers. */
    @Override
    protected boolean passesMinutes() {
        return server == RedisServer.shared();
    }

    @Override
    protected Duration shortLife() {
        return Duration.ofMillis(1500);
    }
}
