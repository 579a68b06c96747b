package io.github.ephemeralchat.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who keeps its connection where there are too many. */
class ConnectionsTest extends ServerTest {

    private final List<RawConnection> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(RawConnection::close);
    }

    private void serve(int most, int mostOfAddress) throws IOException {
        opened.add(connect(settings -> {
            settings.requestExecutor(Runnable::run).maxConnections(most);
            return mostOfAddress == 0 ? settings : settings.maxConnectionsPerAddress(mostOfAddress);
        }));
        opened.get(0).close();
    }

    private RawConnection from(String address) throws UnknownHostException {
        RawConnection connection = RawConnection.from(
                InetAddress.getByName(address), server.address().getPort());
        opened.add(connection);
        return connection;
    }

    private static void assertAnswered(RawConnection connection) throws IOException {
        assertThat(connection.send(CONTRACT).answer()).startsWith("HTTP/1.1 200 ");
    }

    private static void assertClosed(RawConnection connection) throws IOException {
        assertThat(connection.rest()).isEmpty();
    }

    @Test
    void oldestThatSaysNothingGivesWay() throws Exception {
        serve(3, 0);
        RawConnection first = from("127.0.0.1");
        RawConnection second = from("127.0.0.1");
        RawConnection third = from("127.0.0.1");
        assertAnswered(third);
        RawConnection fourth = from("127.0.0.1");
        assertAnswered(fourth);
        assertClosed(first);
        assertAnswered(second);
        assertAnswered(third);
    }

    @Test
    void connectionThatWasUsedOutlivesOneThatWasNot() throws Exception {
        serve(2, 0);
        RawConnection used = from("127.0.0.1");
        assertAnswered(used);
        RawConnection idle = from("127.0.0.1");
        RawConnection third = from("127.0.0.1");
        assertAnswered(third);
        assertClosed(idle);
        assertAnswered(used);
    }

    @Test
    void halfARequestGivesWay() throws Exception {
        serve(1, 0);
        RawConnection half = from("127.0.0.1").send(CONTRACT.substring(0, 20));
        assertAnswered(from("127.0.0.1"));
        assertClosed(half);
    }

    @Test
    void streamDoesNotGiveWay() throws Exception {
        serve(2, 0);
        var anna = member();
        RawConnection stream = from("127.0.0.1").send(events(anna.room().id().value(), anna.token()));
        stream.upTo("event: joined");
        for (int i = 0; i < 20; i++) {
            assertAnswered(from("127.0.0.1"));
        }
        service.as(anna.room().id(), anna.token()).post("hello");
        assertThat(stream.upTo("hello")).contains("event: message");
    }

    @Test
    void streamsLeaveAQuarterToRequests() throws Exception {
        serve(4, 0);
        var anna = member();
        String request = events(anna.room().id().value(), anna.token());
        for (int i = 0; i < 3; i++) {
            from("127.0.0.1").send(request).upTo("event: joined");
        }
        RawConnection fourth = from("127.0.0.1").send(request);
        assertThat(fourth.answer()).startsWith("HTTP/1.1 429 ").contains("limit_exceeded");
        assertAnswered(fourth);
        assertThat(server.streamCount()).isEqualTo(3);
        opened.get(1).close();
        awaitStreams(2);
        from("127.0.0.1").send(request).upTo("event: joined");
    }

    /** Told to end in the midst of its tasks, an event loop of Netty leaves its connections open. */
    @Test
    void serverThatClosesWhileALoopIsBusyClosesAllConnections() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        RawConnection talking = connect(settings -> settings.threads(1).requestExecutor(request -> {
            if (requests.incrementAndGet() == 1) {
                new Thread(request).start();
            } else {
                // This is called by a task of the loop: the one that sent the first response.
                busy.countDown();
                sleep(Duration.ofMillis(1_500));
            }
        }));
        opened.add(talking);
        RawConnection silent = from("127.0.0.1");
        talking.send(CONTRACT + CONTRACT);
        busy.await();
        server.close();
        assertClosed(silent);
        assertThat(talking.rest()).startsWith("HTTP/1.1 200 ");
    }

    private static void sleep(Duration duration) {
        try {
            TimeUnit.MILLISECONDS.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitStreams(int expected) throws InterruptedException {
        long begin = System.nanoTime();
        while (server.streamCount() != expected
                && System.nanoTime() - begin < Duration.ofSeconds(5).toNanos()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(server.streamCount()).isEqualTo(expected);
    }

    @Test
    void addressGivesWayToItselfOnly() throws Exception {
        serve(100, 2);
        RawConnection first = from("127.0.0.1");
        RawConnection other = from("127.0.0.2");
        RawConnection second = from("127.0.0.1");
        RawConnection third = from("127.0.0.1");
        assertAnswered(third);
        assertClosed(first);
        assertAnswered(second);
        assertAnswered(other);
    }

    @Test
    void addressWithStreamsOnlyIsRefused() throws Exception {
        serve(100, 1);
        var anna = member();
        RawConnection stream = from("127.0.0.1").send(events(anna.room().id().value(), anna.token()));
        stream.upTo("event: joined");
        assertClosed(from("127.0.0.1"));
        assertAnswered(from("127.0.0.2"));
        stream.close();
        awaitStreams(0);
        assertAnswered(from("127.0.0.1"));
    }

    @Test
    void addressOfOneMachineOrAPrivateNetworkIsNotBoundedByDefault() throws Exception {
        ConnectionLimits limits = ConnectionLimits.of(100);
        assertThat(limits.ofClient()).isEqualTo(25);
        for (String own : List.of(
                "127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "fe80::1", "fd00::1")) {
            assertThat(limits.isBounded(InetAddress.getByName(own))).as(own).isFalse();
        }
        for (String other : List.of("192.0.2.1", "2001:db8::1", "172.32.0.1")) {
            assertThat(limits.isBounded(InetAddress.getByName(other))).as(other).isTrue();
        }
        assertThat(new ConnectionLimits(100, 5, true).isBounded(InetAddress.getLoopbackAddress()))
                .isTrue();
    }

    @Test
    void boundIsLessThanTheProcessHasDescriptors() {
        assertThat(ConnectionLimits.ofThisProcess()).isPositive();
        assertThat((long) ConnectionLimits.ofThisProcess())
                .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 8192);
    }

    private static String events(String room, String token) {
        return "GET /api/rooms/" + room + "/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\n\r\n";
    }
}
