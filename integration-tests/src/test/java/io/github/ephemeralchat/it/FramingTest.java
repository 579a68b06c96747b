package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.testsupport.Intercepted;
import io.github.ephemeralchat.testsupport.RawConnection;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Where a request ends, byte by byte, the same through every server: a proxy before the server that sees another end
 * would hand on what its client has smuggled.
 */
class FramingTest {

    private static final String PROBE = FramingCase.get("GET /api/openapi.yaml HTTP/1.1", "Host: localhost");
    private static final int SILENCE_MILLIS = 1_500;
    /** For an answer that has to come, however busy the machine is. */
    private static final int ANSWERED_WITHIN_MILLIS = 15_000;

    /** A server may wait for the rest of a request that it has answered; Tomcat looks at its time-outs once a second. */
    private static final int CLOSED_WITHIN_MILLIS = 4_000;

    /** Where Jetty 12.1 departs from the standards, and cannot be told otherwise; docs/SECURITY-MODEL.md has them, too. */
    private static final Map<String, String> JETTY = Map.of(
            "identity, and coding", "201 stays",
            "coding in HTTP/1.0", "201 stays",
            "target <http:/api/openapi.yaml>", "200 stays",
            "version <http/1.1>", "200 stays",
            "version <Http/1.1>", "200 stays",
            "Host <::1>", "200 stays",
            "Expect in HTTP/1.0", "100 201 closes");

    /** The same of Tomcat 11. */
    private static final Map<String, String> TOMCAT = Map.of(
            "first byte 0d", "200 stays",
            "method <>", "405 stays",
            "no version", "cut",
            "no version, with headers", "cut",
            "preface of HTTP/2", "cut",
            "only a method", "cut");

    private final AtomicInteger rooms = new AtomicInteger();
    private EphemeralChatService service;
    private ChatHttpServer server;

    private static List<FramingCase> cases() {
        List<FramingCase> all = new ArrayList<>(LengthCases.all());
        all.addAll(ChunkCases.all());
        all.addAll(HeadCases.all());
        all.addAll(TargetCases.all());
        all.addAll(FieldCases.all());
        return all;
    }

    @Test
    void thereAreManyCasesWithNamesOfTheirOwn() {
        assertThat(cases())
                .hasSizeGreaterThan(150)
                .extracting(FramingCase::name)
                .doesNotHaveDuplicates();
    }

    @Test
    void departuresAreThoseOfCases() {
        List<String> names = cases().stream().map(FramingCase::name).toList();
        assertThat(names).containsAll(JETTY.keySet()).containsAll(TOMCAT.keySet());
    }

    @TestFactory
    Stream<DynamicTest> netty() {
        return all(Map.of(), (chat, settings) -> ChatHttpServer.netty(chat, settings, 1, Runnable::run));
    }

    @TestFactory
    Stream<DynamicTest> jetty() {
        return all(JETTY, (chat, settings) -> ChatHttpServer.servlet(chat, settings, Container::jetty));
    }

    @TestFactory
    Stream<DynamicTest> tomcat() {
        return all(TOMCAT, (chat, settings) -> ChatHttpServer.servlet(chat, settings, Container::tomcat));
    }

    private Stream<DynamicTest> all(
            Map<String, String> departures, BiFunction<EphemeralChatService, ChatHttpSettings, ChatHttpServer> opener) {
        service = EphemeralChatService.create(counting(MemoryRoomStore.create()));
        server = opener.apply(
                service, ChatHttpSettings.builder().rateLimits(RateLimits.off()).build());
        return cases().stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> check(departures, each)));
    }

    private RoomStore counting(RoomStore store) {
        return Intercepted.of(RoomStore.class, store, call -> {
            if (call.is("create")) {
                rooms.incrementAndGet();
            }
            return call.proceed();
        });
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
            service.close();
        }
    }

    private void check(Map<String, String> departures, FramingCase framing) throws IOException {
        int before = rooms.get();
        String departure = departures.get(framing.name());
        boolean mayBeSilent = Stream.concat(framing.allowed().stream(), Stream.ofNullable(departure))
                .anyMatch(answer -> answer.endsWith("silent"));
        int timeoutMillis = mayBeSilent ? SILENCE_MILLIS : ANSWERED_WITHIN_MILLIS;
        String seen;
        try (RawConnection client = RawConnection.to(server.base().getPort()).timeout(timeoutMillis)) {
            seen = answer(client, framing);
        }
        if (departure == null) {
            assertThat(seen).as(framing.name()).isIn(framing.allowed());
        } else {
            assertThat(seen)
                    .as("%s: what is known of this server", framing.name())
                    .isEqualTo(departure);
        }
        int most = seen.contains("201") ? framing.rooms() : 0;
        assertThat(rooms.get() - before).as("%s: rooms", framing.name()).isEqualTo(most);
    }

    private static String answer(RawConnection client, FramingCase framing) throws IOException {
        StringBuilder seen = new StringBuilder();
        try {
            client.send(framing.bytes());
            String status;
            do {
                status = client.answer().substring(9, 12);
                seen.append(status).append(' ');
            } while (status.equals("100"));
            for (int more = framing.rooms(); more > 1; more--) {
                client.answer();
            }
        } catch (SocketTimeoutException e) {
            return seen + "silent";
        } catch (IOException e) {
            return seen + "cut";
        }
        return seen + (mayStay(framing, seen) && answersNext(client) ? "stays" : isClosed(client) ? "closes" : "stays");
    }

    private static boolean mayStay(FramingCase framing, StringBuilder seen) {
        return framing.allowed().contains(seen + "stays");
    }

    private static boolean answersNext(RawConnection client) {
        try {
            return client.send(PROBE).answer().startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isClosed(RawConnection client) {
        try {
            client.timeout(CLOSED_WITHIN_MILLIS).rest();
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
