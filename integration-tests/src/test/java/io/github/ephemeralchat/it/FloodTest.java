package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.SseClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More connections than the server's process has descriptors: a client that sends requests sees nothing of it. */
class FloodTest {

    private static final boolean FULL = System.getProperty("test.rounds", "1").equals("full");
    private static final Duration FLOOD = Duration.ofSeconds(FULL ? 20 : 2);
    private static final Duration SOON = Duration.ofSeconds(10);

    /** A new connection waits for this at most, on a machine that does other things as well. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(4);

    private static final int FEW = 256;
    private static final int USUAL = 1_024;

    /** How many times the descriptors there are connections. */
    private static final int FLOODS = 3;

    private static final String BY_THE_PROCESS = "0";

    /** More than there are descriptors: accepting a connection fails. */
    private static final String TOO_MANY = "100000";

    @BeforeEach
    void onLinux() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "only Linux tells which descriptors a process has");
    }

    @Test
    void oneLoopOutlivesAFlood() throws Exception {
        flood(FEW, "1", BY_THE_PROCESS);
    }

    @Test
    void fourLoopsOutliveAFlood() throws Exception {
        flood(FEW, "4", BY_THE_PROCESS);
    }

    @Test
    void loopsOutliveAFloodThatLeavesNoDescriptor() throws Exception {
        flood(FEW, "1", TOO_MANY);
        flood(FEW, "2", TOO_MANY);
    }

    @Test
    void nodeOverRedisOutlivesAFlood() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            flood(FEW, "2", BY_THE_PROCESS, redis.address());
        }
    }

    @Test
    void everyNodeOutlivesAFlood() throws Exception {
        assumeTrue(FULL, "only in the full run");
        try (RedisProcess redis = RedisProcess.start()) {
            for (int descriptors : List.of(FEW, USUAL)) {
                for (String loops : List.of("1", "2", "4")) {
                    for (String most : List.of(BY_THE_PROCESS, TOO_MANY)) {
                        flood(descriptors, loops, most);
                        flood(descriptors, loops, most, redis.address());
                    }
                }
            }
        }
    }

    private static void flood(int descriptors, String... args) throws Exception {
        try (LimitedProcess server = LimitedProcess.start(descriptors, List.of(args))) {
            Seat seat = ChatClient.of(server.base()).create(5);
            try (SseClient stream = seat.stream("", "")) {
                seat.post("before").json();
                long before = server.descriptors();
                SteadyClient client = SteadyClient.start(seat, server.port());
                keepConnecting(server.port(), FLOODS * descriptors);
                int posted = client.end();
                System.out.printf(
                        "flood of %d descriptors, %s: %d posts, the slowest after %d ms%n",
                        descriptors,
                        String.join(" ", args).replaceAll("redis\\S*", "Redis"),
                        posted,
                        client.longest().toMillis());
                assertThat(server.isAlive()).isTrue();
                assertThat(client.failures()).isEmpty();
                assertThat(client.longest()).isLessThan(ANSWERED_WITHIN);
                Await.until(
                        SOON,
                        "the stream goes on",
                        () -> stream.events("message").size() == posted + 1);
                assertThat(stream.isEnded()).isFalse();
                Await.until(SOON, "its descriptors are free again", () -> server.descriptors() <= before + 8);
            }
            try (SseClient next = seat.stream("", "")) {
                assertThat(next.status()).isEqualTo(200);
            }
        }
    }

    /** Opens connections that say nothing, and leaves them open until the flood ends. */
    private static void keepConnecting(int port, int most) throws IOException, InterruptedException {
        List<Socket> open = new ArrayList<>();
        long begin = System.nanoTime();
        try {
            while (System.nanoTime() - begin < FLOOD.toNanos()) {
                if (open.size() == most) {
                    Thread.sleep(10);
                    continue;
                }
                Socket socket = new Socket();
                open.add(socket);
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            }
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }
}
