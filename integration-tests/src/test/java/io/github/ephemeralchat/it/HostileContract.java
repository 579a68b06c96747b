package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.benchmarks.servers.KernelSockets;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RawConnection;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What somebody who means harm does, through every server: a normal client is served all the while, memory stays bounded, and
 * nothing is left. In short, and with {@code -Pfull} at full length. It prints what the normal client saw.
 */
@Isolated("it measures the heap of the whole JVM")
abstract class HostileContract {

    private static final boolean FULL = System.getProperty("test.rounds", "1").equals("full");

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration CUT_WITHIN = Duration.ofSeconds(45);

    /** A container may first offer the reader what is left, until its write time-out: Tomcat's is 60 seconds. */
    private static final Duration RELEASED_WITHIN = Duration.ofSeconds(80);

    private static final long MIB = 1 << 20;

    /** What a JVM's heap differs by: classes, and what a server keeps for later, as Tomcat keeps 200 processors. */
    private static final long SLACK = 24 * MIB;

    /** Up to 100,000 addresses that have tried a wrong code are remembered for 10 minutes. */
    private static final long REMEMBERED = 48 * MIB;

    private static final int MAX_STREAMS = 10_000;
    private static final String LONG_TEXT = "x".repeat(4_000);

    /** A client keeps a few connections for its next requests. */
    private static final int KEPT_CONNECTIONS = 8;

    private EphemeralChatService service;
    private ChatHttpServer server;

    abstract ChatHttpServer open(EphemeralChatService service, ChatHttpSettings settings);

    @AfterEach
    void stop() {
        server.close();
        service.close();
    }

    private static int rounds(int usual, int full) {
        return FULL ? full : usual;
    }

    private static ChatHttpSettings.Builder unlimited() {
        return ChatHttpSettings.builder()
                .rateLimits(RateLimits.off())
                .maxStreamsPerAddress(MAX_STREAMS)
                .maxStreamsPerParticipant(MAX_STREAMS);
    }

    private ChatClient serve(ChatHttpSettings.Builder settings) {
        service = EphemeralChatService.create(MemoryRoomStore.create());
        server = open(service, settings.build());
        return ChatClient.of(server.base());
    }

    private RawConnection connect() {
        return RawConnection.to(server.base().getPort());
    }

    /** After a collection: what can still be reached. */
    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** What is done to the server. */
    private interface Attack {
        void run() throws Exception;
    }

    /** Has a normal client do its work meanwhile, and looks at what is left of the attack. */
    private void withstands(String what, Attack attack) throws Exception {
        withstands(what, SLACK, attack);
    }

    private void withstands(String what, long slack, Attack attack) throws Exception {
        NormalClient normal = NormalClient.start(server.base());
        long before = liveHeap();
        attack.run();
        String figures = normal.finish();
        long after = awaitHeap(before + slack);
        System.out.printf(
                "%s, %s: %s; heap %d MiB before, %d MiB after%n",
                getClass().getSimpleName(), what, figures, before / MIB, after / MIB);
    }

    private static long awaitHeap(long atMost) {
        Await.until(SOON, "nothing is left in the heap", () -> liveHeap() <= atMost);
        return liveHeap();
    }

    /** Waits until the server holds few connections. */
    private void awaitConnections(Duration within) {
        if (KernelSockets.areKnown()) {
            int port = server.base().getPort();
            Await.until(within, "only connections in use", () -> KernelSockets.heldBy(port) <= KEPT_CONNECTIONS);
        }
    }

    @Test
    void streamsThatNeverReadAreCutOff() throws Exception {
        ChatClient client = serve(unlimited());
        int streams = rounds(200, 5_000);
        withstands(streams + " streams that never read", () -> {
            Seat owner = client.create(2);
            List<Socket> stalled = new ArrayList<>();
            try {
                for (int i = 0; i < streams; i++) {
                    stalled.add(owner.stalledStream());
                }
                for (int i = 0; i < 200; i++) {
                    assertThat(owner.post(LONG_TEXT).status()).isEqualTo(201);
                }
                assertThat(server.streamCount()).isEqualTo(streams + 1);
                if (FULL) {
                    // The owner asks meanwhile, so that the server does not take its connection for one that is done.
                    Await.until(
                            CUT_WITHIN,
                            "those are cut off",
                            () -> owner.look().status() == 200 && server.streamCount() == 1);
                }
                assertThat(owner.destroy().status()).isEqualTo(204);
                Await.until(SOON, "an ended room holds no stream", () -> server.streamCount() == 1);
                awaitConnections(RELEASED_WITHIN);
            } finally {
                closeAll(stalled);
            }
        });
    }

    private static void closeAll(List<? extends AutoCloseable> all) throws Exception {
        for (AutoCloseable one : all) {
            one.close();
        }
    }

    @Test
    void bodiesWithoutEndAreCutOff() throws Exception {
        ChatClient client = serve(unlimited());
        withstands("8 bodies of 1 GiB", () -> {
            Seat owner = client.create(2);
            String post = RawRequest.head(
                    "POST",
                    "/rooms/" + owner.room() + "/messages",
                    "Content-Type: application/json",
                    RawRequest.bearer(owner.token()));
            String create = RawRequest.head("POST", "/rooms", "Content-Type: application/json");
            List<Callable<Long>> bodies = new ArrayList<>();
            for (String head : List.of(post, create, post, create)) {
                bodies.add(() -> taken(head + "Content-Length: " + (1L << 30) + "\r\n\r\n", "", ""));
                bodies.add(() -> taken(head + "Transfer-Encoding: chunked\r\n\r\n", "10000\r\n", "\r\n"));
            }
            long most = atOnce(bodies).stream().mapToLong(Long::longValue).max().orElseThrow();
            System.out.printf("at most %d KiB of a body were taken%n", most >> 10);
            assertThat(most).isLessThan(16 * MIB);
            assertThat(owner.look().status()).isEqualTo(200);
        });
    }

    /** How many bytes of a body of 1 GiB the server takes, and the kernel for it. */
    private long taken(String head, String before, String after) {
        String block = before + "x".repeat(0x10000) + after;
        long taken = 0;
        try (RawConnection connection = connect()) {
            connection.send(head);
            while (taken < 1L << 30) {
                connection.send(block);
                taken += block.length();
            }
        } catch (IOException e) {
            // The server has closed the connection: that is what is awaited.
        }
        return taken;
    }

    private static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> task : threads.invokeAll(tasks)) {
                results.add(task.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        ChatClient client = serve(unlimited());
        int requests = rounds(5_000, 200_000);
        withstands(requests + " pipelined requests", () -> {
            Seat owner = client.create(2);
            IntStream.range(0, 50).forEach(i -> owner.post("text " + i));
            long before = liveHeap();
            try (RawConnection connection = connect()) {
                AtomicInteger written = new AtomicInteger();
                Thread writer = new Thread(() -> pipeline(connection, owner, requests, written), "pipelining");
                writer.start();
                awaitRest(written, requests);
                assertThat(liveHeap()).as("while nobody reads").isLessThan(before + SLACK);
                int answered = readInOrder(connection, requests);
                assertThat(answered).isPositive();
                writer.join();
                System.out.printf("%d of %d pipelined requests were answered%n", answered, requests);
            }
        });
    }

    private static void pipeline(RawConnection connection, Seat owner, int requests, AtomicInteger written) {
        try {
            for (int i = 0; i < requests; i++) {
                String path = "/rooms/" + owner.room() + "/messages?limit=1&after=" + place(i);
                connection.send(RawRequest.head("GET", path, RawRequest.bearer(owner.token())) + "\r\n");
                written.incrementAndGet();
            }
        } catch (IOException e) {
            // The server has closed the connection; what it has answered is still to be read.
        }
    }

    /** By what a response is told from its neighbours: the sequence after which it begins. */
    private static int place(int request) {
        return 1 + request % 50;
    }

    /** Waits until all is written, or until the server takes no more. */
    private static void awaitRest(AtomicInteger written, int all) throws InterruptedException {
        int last = -1;
        while (written.get() < all && written.get() != last) {
            last = written.get();
            Thread.sleep(500);
        }
    }

    /** Reads to the last response, or to the end of the connection. */
    private static int readInOrder(RawConnection connection, int requests) {
        for (int i = 0; i < requests; i++) {
            String answer;
            try {
                answer = connection.answer();
            } catch (IOException closed) {
                assertThat(closed).isNotInstanceOf(SocketTimeoutException.class);
                return i;
            }
            assertThat(RawRequest.status(answer)).isEqualTo(200);
            assertThat(answer).contains("\"sequence\":" + (place(i) + 1) + ",");
        }
        return requests;
    }

    @Test
    void streamsWithoutEndTakeNoMoreThanTheirShare() throws Exception {
        int perAddress = 100;
        ChatClient client =
                serve(ChatHttpSettings.builder().rateLimits(RateLimits.off()).maxStreamsPerAddress(perAddress));
        int streams = rounds(300, 10_000);
        withstands(streams + " streams of one participant, and of one address", () -> {
            Seat one = client.create(50);
            List<RawConnection> connections = new ArrayList<>();
            try {
                for (int i = 0; i < streams; i++) {
                    assertThat(openStream(one, connections)).isEqualTo(200);
                    Await.until(SOON, "the oldest is replaced", () -> server.streamCount() <= 9);
                    close(connections, 50);
                }
                connections.get(0).upTo("event: replaced\n");
                int refused = openFromOneAddress(client, one, streams, connections);
                assertThat(server.streamCount()).isEqualTo(perAddress);
                assertThat(refused).isEqualTo(streams - (perAddress - 9));
            } finally {
                closeAll(connections);
            }
            assertThat(one.destroy().status()).isEqualTo(204);
            Await.until(SOON, "no stream is left", () -> server.streamCount() == 1);
            awaitConnections(SOON);
        });
    }

    private int openStream(Seat seat, List<RawConnection> connections) throws IOException {
        RawConnection connection = connect();
        connections.add(connection);
        String path = "/rooms/" + seat.room() + "/events";
        return RawRequest.status(connection
                .send(RawRequest.head("GET", path, RawRequest.bearer(seat.token())) + "\r\n")
                .answer());
    }

    /** So that this JVM has descriptors for the rest. */
    private static void close(List<RawConnection> connections, int beyond) throws IOException {
        while (connections.size() > beyond) {
            connections.remove(0).close();
        }
    }

    /** As many as a seat may have for each of many seats. */
    private int openFromOneAddress(ChatClient client, Seat owner, int streams, List<RawConnection> connections)
            throws IOException {
        Seat seat = owner;
        int refused = 0;
        for (int i = 0; i < streams; i++) {
            if (refused == 0 && i % 8 == 0) {
                seat = client.join(owner.room());
            }
            int status = openStream(seat, connections);
            if (status != 200) {
                assertThat(status).isEqualTo(429);
                connections.remove(connections.size() - 1).close();
                refused++;
            }
        }
        return refused;
    }

    @Test
    void manyAddressesTakeBoundedMemory() throws Exception {
        serve(ChatHttpSettings.builder().trustedProxies(1));
        int addresses = rounds(20_000, 1_000_000);
        int connections = 4;
        withstands(addresses + " addresses", FULL ? REMEMBERED : SLACK, () -> {
            long before = liveHeap();
            AtomicInteger next = new AtomicInteger();
            List<Callable<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                clients.add(() -> askFromMany(next, addresses));
            }
            assertThat(atOnce(clients).stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(addresses);
            long held = liveHeap() - before;
            System.out.printf("%d MiB are held for %d addresses%n", held / MIB, addresses);
            assertThat(held).isLessThan(rounds(32, 256) * MIB);
            if (FULL) {
                Await.until(Duration.ofMinutes(2), "limits are forgotten", () -> liveHeap() <= before + REMEMBERED);
            }
        });
    }

    /** Asks for a room, and every fourth time tries a code, from an address of its own each time. */
    private int askFromMany(AtomicInteger next, int addresses) throws IOException {
        int asked = 0;
        while (next.get() < addresses) {
            try (RawConnection connection = connect()) {
                asked += askOverOne(connection, next, addresses);
            }
        }
        return asked;
    }

    /** Until the server closes the connection, as some do after a hundred requests. */
    private static int askOverOne(RawConnection connection, AtomicInteger next, int addresses) throws IOException {
        int asked = 0;
        for (int i = next.getAndIncrement(); i < addresses; i = next.getAndIncrement()) {
            String address = "X-Forwarded-For: 2001:%x:%x::1".formatted(i >> 16, i & 0xffff);
            String request = i % 4 > 0
                    ? RawRequest.head("GET", "/rooms/AAAAAAAA", address)
                    : RawRequest.head("POST", "/rooms/AAAAAAAA/participants", address, "Content-Length: 0");
            String answer = connection.send(request + "\r\n").answer();
            assertThat(RawRequest.status(answer)).isIn(401, 404);
            asked++;
            if (RawRequest.isLast(answer)) {
                break;
            }
        }
        return asked;
    }

    @Test
    void malformedDocumentsAreRefusedAndStoreNothing() throws Exception {
        ChatClient client = serve(unlimited());
        List<BadJson.Document> documents = BadJson.documents(rounds(400, 20_000));
        withstands(documents.size() + " malformed documents", () -> {
            Seat owner = client.create(5);
            for (BadJson.Valid valid : BadJson.VALID) {
                assertThat(post(owner, valid.target(), valid.json().getBytes(StandardCharsets.UTF_8))
                                .statusCode())
                        .as("%s, which is right", valid.json())
                        .isEqualTo(201);
            }
            String before = owner.look().json().get("participants").toString();
            long head = lastSequence(owner);
            for (BadJson.Document document : documents) {
                HttpResponse<String> response = post(owner, document.target(), document.bytes());
                assertThat(response.statusCode()).as("%s", document).isEqualTo(400);
                assertThat(Answer.parse(response.body()).get("code").asText())
                        .as("%s", document)
                        .isIn("invalid_json", "invalid_request");
            }
            assertThat(lastSequence(owner)).isEqualTo(head);
            assertThat(owner.look().json().get("participants").toString()).isEqualTo(before);
        });
    }

    private static long lastSequence(Seat seat) {
        String path = "/rooms/" + seat.room() + "/messages?limit=1";
        return seat.client()
                .send("GET", path, seat.token(), null)
                .json()
                .get("lastSequence")
                .asLong();
    }

    private static HttpResponse<String> post(Seat seat, BadJson.Target target, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(seat.client().base() + target.path(seat.room())))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (target == BadJson.Target.MESSAGE) {
            request.header("Authorization", "Bearer " + seat.token());
        }
        return seat.client().http().send(request.build(), BodyHandlers.ofString());
    }
}
