package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.benchmarks.load.Load;
import io.github.ephemeralchat.benchmarks.load.Target;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a stream that says nothing holds outside the heap, through every server: some keep a buffer while it lives. */
@Isolated("what other tests take and give back outside the heap is counted, too")
class IdleStreamTest {

    private static final int ROOMS = 5;
    private static final int STREAMS_EACH = 60;
    private static final long MOST = 8L << 10;

    @Test
    void jettyHoldsNoGreatBuffer() {
        assertNoGreatBuffer((service, settings) -> ChatHttpServer.servlet(service, settings, Container::jetty));
    }

    @Test
    void tomcatHoldsNoGreatBuffer() {
        assertNoGreatBuffer((service, settings) -> ChatHttpServer.servlet(service, settings, Container::tomcat));
    }

    @Test
    void nettyHoldsNoGreatBuffer() {
        assertNoGreatBuffer((service, settings) -> ChatHttpServer.netty(service, settings, 1, Runnable::run));
    }

    private static void assertNoGreatBuffer(BiFunction<EphemeralChatService, ChatHttpSettings, ChatHttpServer> opener) {
        ChatHttpSettings settings =
                ChatHttpSettings.builder().rateLimits(RateLimits.off()).build();
        try (EphemeralChatService service = EphemeralChatService.create(MemoryRoomStore.create());
                ChatHttpServer server = opener.apply(service, settings)) {
            Target target = Target.named("ephemeral-chat", server.base().getPort());
            long before = bytesOutsideTheHeap();
            try (Load load = Load.on(target, new Workload("idle", ROOMS, STREAMS_EACH, 0, 0, 2, 0, 200))) {
                load.open();
                assertThat(bytesOutsideTheHeap() - before).isLessThan(ROOMS * STREAMS_EACH * MOST);
            }
        }
    }

    /** What earlier servers have left there goes with the next collection: not between two looks. */
    private static long bytesOutsideTheHeap() {
        System.gc();
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
