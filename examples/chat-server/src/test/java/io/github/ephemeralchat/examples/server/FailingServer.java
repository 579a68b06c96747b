package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.testsupport.Intercepted;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;

/** The chat server, whose rooms end the event loop on which they are created. */
final class FailingServer {

    private FailingServer() {}

    /** Starts it on a free port. */
    public static void main(String[] args) throws IOException {
        RoomStore store = Intercepted.of(RoomStore.class, MemoryRoomStore.create(), call -> {
            if (call.is("create")) {
                thisLoop().shutdown();
            }
            return call.proceed();
        });
        Main.serve(
                ServerOptions.local(0),
                new Rooms(store, null, null, () -> {}),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    }

    private static ExecutorService thisLoop() throws ReflectiveOperationException {
        return (ExecutorService) Class.forName("io.netty.util.internal.ThreadExecutorMap")
                .getMethod("currentExecutor")
                .invoke(null);
    }
}
