package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RawConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that begin requests and never end them, on Netty: the others see nothing of it, and it lasts 30 s at most. */
class SlowRequestTest {

    private static final String HEAD =
            "POST /api/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final String BODY = HEAD + "Content-Length: 60000\r\n\r\n";
    private static final int EACH = 1_000;
    private static final int DESCRIPTORS = 10_000;
    private static final Duration BEFORE = Duration.ofSeconds(26);
    private static final int AFTER_MILLIS = 6_000;

    /** On a machine that does other things as well. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(4);

    @Test
    void requestsHaveThirtySecondsAndDelayNobody() throws Exception {
        List<RawConnection> slow = new ArrayList<>();
        try (LimitedProcess server = LimitedProcess.start(DESCRIPTORS, List.of("1", "0"))) {
            Seat seat = ChatClient.of(server.base()).create(5);
            SteadyClient client = SteadyClient.start(seat, server.port());
            for (int i = 0; i < EACH; i++) {
                slow.add(RawConnection.to(server.port()).send(HEAD));
                slow.add(RawConnection.to(server.port()).send(BODY));
            }
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < BEFORE.toNanos()) {
                Thread.sleep(2_000);
                for (RawConnection each : slow.subList(0, 100)) {
                    each.send("x"); // A byte now and then buys no time; it would fail if the connection were closed.
                }
            }
            for (RawConnection each : slow) {
                assertThat(each.timeout(AFTER_MILLIS).rest())
                        .startsWith("HTTP/1.1 408 ")
                        .contains("\"code\"");
            }
            int posted = client.end();
            assertThat(posted).isPositive();
            assertThat(client.failures()).isEmpty();
            assertThat(client.longest()).isLessThan(ANSWERED_WITHIN);
            assertThat(server.isAlive()).isTrue();
        } finally {
            slow.forEach(RawConnection::close);
        }
    }
}
