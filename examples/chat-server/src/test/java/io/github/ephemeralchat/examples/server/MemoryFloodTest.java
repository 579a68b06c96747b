package io.github.ephemeralchat.examples.server;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ephemeralchat.testsupport.RawConnection;
import io.github.ephemeralchat.testsupport.RedisProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Somebody writes as much as the limits allow, into a server with little memory. */
class MemoryFloodTest {

    private static final List<String> SMALL = List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError");
    private static final String LONGEST_TEXT = "\uD83D\uDE00".repeat(4_000);
    private static final int ROOMS = 26;
    /** Their texts alone would be more than the whole heap. */
    private static final int POSTS = 6_500;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();

    private record Answer(int status, JsonNode body) {
        String code() {
            return body.path("code").asText();
        }
    }

    /** A client at an address of its own, as a proxy in front of the server tells it. */
    private final class Visitor {

        private final URI base;
        private final String address;

        Visitor(URI server, String address) {
            this.base = server.resolve("/api/rooms");
            this.address = address;
        }

        Answer create() throws Exception {
            return send("POST", base.toString(), null, "{\"ttlMinutes\":60}");
        }

        Answer post(JsonNode seat, String text) throws Exception {
            return send("POST", path(seat) + "/messages", seat, JSON.writeValueAsString(Map.of("text", text)));
        }

        Answer history(JsonNode seat) throws Exception {
            return send("GET", path(seat) + "/messages?limit=1", seat, null);
        }

        Answer destroy(JsonNode seat) throws Exception {
            return send("DELETE", path(seat), seat, null);
        }

        private String path(JsonNode seat) {
            return base + "/" + seat.at("/room/id").asText();
        }

        private Answer send(String method, String uri, JsonNode seat, String body) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri))
                    .header("X-Forwarded-For", address)
                    .header("Content-Type", "application/json")
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (seat != null) {
                request.header("Authorization", "Bearer " + seat.path("token").asText());
            }
            HttpResponse<String> answer = client.send(request.build(), ofString());
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
        }

        List<JsonNode> rooms() throws Exception {
            List<JsonNode> seats = new ArrayList<>();
            for (int i = 0; i < ROOMS; i++) {
                Answer created = create();
                assertThat(created.status()).isEqualTo(201);
                seats.add(created.body());
            }
            return seats;
        }

        /** Posts in turn until the server says that a limit is reached. */
        void fill(List<JsonNode> seats) throws Exception {
            for (int i = 0; i < POSTS; i++) {
                Answer posted = post(seats.get(i % seats.size()), LONGEST_TEXT);
                if (posted.code().equals("limit_exceeded")) {
                    return;
                }
                assertThat(posted.status()).as("%s", posted.code()).isEqualTo(201);
            }
            throw new AssertionError("nobody was told that a limit is reached");
        }
    }

    @Test
    void oneAddressWithinAllLimits_isToldToStop_andNobodyElseIs() throws Exception {
        try (ChatProcess process = ChatProcess.start(SMALL, "--port", "0", "--behind-proxy")) {
            stopsOneAddress(process.uri());
        }
    }

    @Test
    void oneAddressWithinAllLimits_isToldToStop_overRedis() throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                ChatProcess process =
                        ChatProcess.start(SMALL, "--port", "0", "--behind-proxy", "--redis", redis.address())) {
            stopsOneAddress(process.uri());
        }
    }

    private void stopsOneAddress(URI server) throws Exception {
        Visitor greedy = new Visitor(server, "192.0.2.1");
        List<JsonNode> seats = greedy.rooms();
        greedy.fill(seats);

        Visitor other = new Visitor(server, "192.0.2.2");
        JsonNode seat = other.create().body();
        assertThat(other.post(seat, LONGEST_TEXT).status()).isEqualTo(201);
        for (JsonNode each : seats) {
            assertThat(greedy.history(each).status()).isEqualTo(200);
        }
        assertThat(greedy.destroy(seats.get(0)).status()).isEqualTo(204);
        assertThat(greedy.post(seats.get(1), "there is place again").status()).isEqualTo(201);
    }

    @Test
    void requestsThatNeverEnd_takeABoundedPartOfTheHeap() throws Exception {
        String head = "POST /api/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        String body = head + "Content-Length: 60000\r\n\r\n" + " ".repeat(59_000);
        String longHead = head + ("X-Long: " + "x".repeat(7_000) + "\r\n").repeat(4);
        for (String begun : List.of(body, longHead)) {
            List<RawConnection> held = new ArrayList<>();
            try (ChatProcess process = ChatProcess.start(SMALL, "--port", "0", "--rate-limits", "off")) {
                URI server = process.uri();
                for (int i = 0; i < 1_500; i++) {
                    held.add(RawConnection.to(server.getPort()).send(begun));
                }
                RawConnection last = held.get(held.size() - 1);
                assertThat(last.rest()).startsWith("HTTP/1.1 503 ").contains("\"code\":\"unavailable\"");
                assertThat(new Visitor(server, "192.0.2.1").create().status()).isEqualTo(201);
            } finally {
                held.forEach(RawConnection::close);
            }
        }
    }

    /** A room takes less than a message, so there may be place for a few. */
    private static void fillWithRooms(Visitor greedy) throws Exception {
        for (int i = 0; i < ROOMS; i++) {
            Answer created = greedy.create();
            if (created.status() != 201) {
                assertThat(created.code()).isEqualTo("limit_exceeded");
                return;
            }
        }
        throw new AssertionError("rooms have no limit");
    }

    @Test
    @EnabledIfSystemProperty(named = "test.rounds", matches = "full", disabledReason = "a long round: -Pfull")
    void manyAddresses_fillTheStore_andNoRoomEndsForIt() throws Exception {
        try (ChatProcess process = ChatProcess.start(SMALL, "--port", "0", "--rate-limits", "off")) {
            Visitor greedy = new Visitor(process.uri(), "192.0.2.1");
            List<JsonNode> seats = greedy.rooms();
            greedy.fill(seats);

            fillWithRooms(greedy);
            for (JsonNode each : seats) {
                assertThat(greedy.history(each).status()).isEqualTo(200);
            }
            assertThat(greedy.destroy(seats.get(0)).status()).isEqualTo(204);
            assertThat(greedy.create().status()).isEqualTo(201);
            assertThat(greedy.post(seats.get(1), LONGEST_TEXT).status()).isEqualTo(201);
        }
    }
}
