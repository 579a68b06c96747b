package io.github.ephemeralchat.internal.feed;

import io.github.ephemeralchat.internal.support.DaemonThreads;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.transport.SharedEvent;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine's work runs, by which time, and how an entry is decoded: the tests of the engine replace all of it.
 *
 * @param nanoTime a time that only goes forward
 * @param dispatchExecutor wakes subscribers up; runs only code that does not block
 * @param checkExecutor reads the store
 * @param decoder what subscribers get of an entry
 * @param maxHistoryBytes how much older history all feeds may hold for subscribers that resume
 */
record Engine(
        LongSupplier nanoTime,
        ExecutorService dispatchExecutor,
        ExecutorService checkExecutor,
        Function<LogEntry, @Nullable SharedEvent> decoder,
        long maxHistoryBytes) {

    private static final int HISTORY_SHARE_OF_HEAP = 4;

    /** An engine with threads of its own, for entries that come over a broadcaster. */
    static Engine start(RoomBroadcaster broadcaster) {
        return new Engine(
                System::nanoTime,
                DaemonThreads.pool("ephemeral-chat-dispatch", 2),
                DaemonThreads.pool("ephemeral-chat-checks", 2),
                broadcaster == SingleNodeBroadcaster.INSTANCE ? EventCodec::decode : EventCodec::decodeReceived,
                Runtime.getRuntime().maxMemory() / HISTORY_SHARE_OF_HEAP);
    }
}
