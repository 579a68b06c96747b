package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.benchmarks.CountingStore;
import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.LoadResult;
import io.github.ephemeralchat.benchmarks.load.Target;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.KernelSockets;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.tck.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What many clients at once see, in short, through every server; {@code benchmarks/run} has the long forms. */
abstract class ManyStreamsContract {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration CUT_WITHIN = Duration.ofSeconds(35);
    private static final int PAGE = 500;

    private final CountingStore store = new CountingStore(MemoryRoomStore.create());
    private EphemeralChatService service;
    private ChatHttpServer server;
    private Target target;

    abstract ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings);

    @BeforeEach
    void start() {
        service = EphemeralChatService.create(store);
        server = open(
                service, ChatHttpSettings.builder().rateLimits(RateLimits.off()).build());
        target = Target.named("ephemeral-chat", server.base().getPort());
    }

    @AfterEach
    void stop() {
        server.close();
        service.close();
    }

    @Test
    void aStormOfResumesReadsTheStoreForRoomsNotForStreams() {
        Workload crowd = new Workload("storm", 10, 20, 600, 0, 4, 0, 200);
        try (Load load = Load.on(target, crowd)) {
            load.open();
            load.post(5);
            load.leave();
            load.post(crowd.messages());
            Await.until(SOON, "nobody is there", () -> server.streamCount() == 0);
            store.reset();
            LoadResult result = load.resume();
            assertThat(result.isClean()).as("%s", result).isTrue();
            assertThat(result.delivered()).isEqualTo(10L * 20 * 600);
            long pages = (crowd.messages() + PAGE - 1L) / PAGE;
            long checks = result.took().toSeconds() / 15;
            // A stream that asked just before the pages were linked reads one entry more.
            assertThat(store.mostReadsOfARoom())
                    .as("each page, the log's head, one more, and checks of positions")
                    .isBetween(pages, pages + 2 + checks);
        }
    }

    @Test
    void thoseWhoStopReadingDelayNobodyAndAreCutOff() {
        int stopped = 6;
        Workload readers = new Workload("slow readers", 1, 60, 1500, 20, 1, 0, 3900);
        LoadResult without = Load.run(target, readers.withMessages(300, 20));
        Await.until(SOON, "nobody is there", () -> server.streamCount() == 0);
        try (Load load = Load.on(target, readers, stopped)) {
            load.open();
            load.openStopped(stopped);
            long begin = System.nanoTime();
            LoadResult with = load.measure();
            Duration flood = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(with.isClean()).as("%s", with).isTrue();
            assertThat(with.latencyMillis(99))
                    .as("delayed by less than a machine that does other things delays")
                    .isLessThan(2 * without.latencyMillis(99) + 200);
            Await.until(
                    CUT_WITHIN.plus(flood).minusNanos(System.nanoTime() - begin),
                    "those are cut off",
                    () -> server.streamCount() == readers.subscribers());
            assertThat(load.post(5).isClean()).as("the others go on").isTrue();
        }
    }

    @Test
    void streamsThatCameAndWentInAnyWayLeaveNothing() {
        Workload cycle = new Workload("churn", 5, 60, 0, 0, 2, 0, 200);
        for (int i = 0; i < 5; i++) {
            try (Load load = Load.on(target, cycle)) {
                load.open();
                assertThat(server.streamCount()).isGreaterThanOrEqualTo(300);
                load.endInAllWays();
                load.destroyRooms();
            }
        }
        Await.until(SOON, "no stream is left", () -> server.streamCount() == 0);
        assumeTrue(KernelSockets.areKnown(), "only Linux tells which connections a server holds");
        Await.until(SOON, "only connections that were kept for posts", () -> KernelSockets.heldBy(target.port()) <= 8);
    }
}
