package io.github.ephemeralchat.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.it.Curl.Reply;
import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.sse.ChatHttpSettings;
import io.github.ephemeralchat.sse.RateLimits;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.Intercepted;
import io.github.ephemeralchat.testsupport.SseClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A walk through the whole contract with curl: what a client does, and each error with its code. */
class ContractWalkTest {

    private final AtomicBoolean down = new AtomicBoolean();
    private EphemeralChatService service;
    private ChatHttpServer server;

    ChatHttpServer open(EphemeralChatService chat, ChatHttpSettings settings) {
        return ChatHttpServer.servlet(chat, settings, Container::jetty);
    }

    private Curl serve(ChatHttpSettings.Builder settings, RoomStore store) {
        service = EphemeralChatService.create(store);
        server = open(service, settings.build());
        return new Curl(server.base());
    }

    private Curl serve() {
        return serve(ChatHttpSettings.builder().rateLimits(RateLimits.off()), MemoryRoomStore.create());
    }

    @AfterEach
    void stop() {
        server.close();
        service.close();
    }

    @Test
    void aConversationFromItsBeginningToItsEnd() {
        Curl curl = serve();
        Reply created = curl.post("/rooms", "{\"ttlMinutes\":10,\"maxParticipants\":2,\"name\":\"Anna\"}")
                .is(201);
        String room = created.text("/room/id");
        String anna = Curl.bearer(created.text("/token"));
        assertThat(room).matches("[1-9A-HJ-NP-Za-km-z]{8}");
        assertThat(created.header("location")).endsWith("/api/rooms/" + room);
        assertThat(created.header("cache-control")).isEqualTo("no-store");
        assertThat(created.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(created.header("set-cookie"))
                .contains("HttpOnly", "SameSite=Strict", "Path=/api/rooms/" + room, "Max-Age=")
                .doesNotContain("Secure");
        assertThat(created.text("/room/createdAt")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(created.json().at("/participant/owner").asBoolean()).isTrue();

        Reply joined = curl.run("POST", "/rooms/" + room + "/participants").is(201);
        String ben = Curl.bearer(joined.text("/token"));
        assertThat(joined.text("/participant/name")).matches("[A-Z][a-z]+_[0-9a-f]{6}");
        Reply again =
                curl.run("POST", "/rooms/" + room + "/participants", "-H", ben).is(200);
        assertThat(again.text("/token")).isEqualTo(joined.text("/token"));
        assertThat(again.text("/participant/id")).isEqualTo(joined.text("/participant/id"));
        curl.run("POST", "/rooms/" + room + "/participants").isProblem(409, "room_full");

        Reply looked = curl.get("/rooms/" + room, "-H", ben).is(200);
        assertThat(looked.json().get("participants")).hasSize(2);
        assertThat(looked.text("/me")).isEqualTo(joined.text("/participant/id"));

        String messages = "/rooms/" + room + "/messages";
        Reply posted = curl.post(messages, "{\"text\":\"hello \\u2028 you\",\"id\":\"m-1\"}", "-H", anna)
                .is(201);
        assertThat(posted.text("/text")).isEqualTo("hello \u2028 you");
        Reply retried = curl.post(messages, "{\"text\":\"hello \\u2028 you\",\"id\":\"m-1\"}", "-H", anna)
                .is(200);
        assertThat(retried.json()).isEqualTo(posted.json());
        curl.post(messages, "{\"text\":\"hi\"}", "-H", ben).is(201);
        curl.post(messages, "{\"text\":\"how are you\"}", "-H", ben).is(201);

        Reply stream = curl.stream("/rooms/" + room + "/events", "-H", ben).is(200);
        assertThat(stream.header("content-type")).startsWith("text/event-stream");
        List<String> ids = stream.body()
                .lines()
                .filter(line -> line.startsWith("id: "))
                .map(line -> line.substring(4))
                .toList();
        assertThat(ids).hasSize(6);
        assertThat(stream.body()).endsWith("id: " + ids.get(4) + "\nevent: ready\ndata: {}\n\n");
        assertThat(stream.body()).startsWith(": open\n");
        Reply resumed = curl.stream("/rooms/" + room + "/events", "-H", ben, "-H", "Last-Event-ID: " + ids.get(3))
                .is(200);
        assertThat(resumed.body().lines().filter(line -> line.startsWith("id: ")))
                .containsExactly("id: " + ids.get(4), "id: " + ids.get(4));

        Reply first = curl.get(messages + "?limit=2", "-H", anna).is(200);
        assertThat(first.json().get("messages")).hasSize(2);
        assertThat(first.json().get("lastSequence").asInt()).isEqualTo(5);
        assertThat(first.json().get("truncated").asBoolean()).isFalse();
        Reply second = curl.get(messages + "?after=" + first.text("/nextAfter"), "-H", anna)
                .is(200);
        assertThat(second.json().get("messages")).hasSize(1);
        assertThat(second.text("/messages/0/text")).isEqualTo("how are you");

        curl.delete("/rooms/" + room + "/participants/" + created.text("/participant/id"), "-H", ben)
                .isProblem(403, "forbidden");
        curl.delete("/rooms/" + room + "/participants/me", "-H", anna).is(204);
        curl.get("/rooms/" + room, "-H", anna).isProblem(401, "unauthorized");
        assertThat(curl.get("/rooms/" + room, "-H", ben)
                        .json()
                        .at("/participants/0/owner")
                        .asBoolean())
                .isTrue();
        curl.delete("/rooms/" + room, "-H", ben).is(204);
        Reply gone = curl.get("/rooms/" + room, "-H", ben);
        Reply never = curl.get("/rooms/zzzzzzzz", "-H", ben);
        gone.isProblem(401, "unauthorized");
        assertThat(never.body()).isEqualTo(gone.body());
        curl.run("POST", "/rooms/" + room + "/participants").isProblem(404, "room_not_found");
        assertThat(curl.get("/openapi.yaml").is(200).body()).startsWith("openapi: 3.1");
    }

    @Test
    void entryOfAKindOfTheHosts_comesInStreams() {
        ChatHttpSettings.Builder settings =
                ChatHttpSettings.builder().rateLimits(RateLimits.off()).entryKinds(Set.of("x-vote"));
        Curl curl = serve(settings, MemoryRoomStore.create());
        Reply created = curl.post("/rooms", "{}").is(201);
        String room = "/rooms/" + created.text("/room/id");
        String anna = Curl.bearer(created.text("/token"));
        String vote = "{\"kind\":\"x-vote\",\"body\":\"tea\",\"id\":\"v-1\"}";
        Reply posted = curl.post(room + "/entries", vote, "-H", anna).is(201);
        assertThat(curl.post(room + "/entries", vote, "-H", anna).is(200).json())
                .isEqualTo(posted.json());
        curl.post(room + "/entries", "{\"kind\":\"x-other\",\"body\":\"tea\"}", "-H", anna)
                .isProblem(403, "forbidden");
        assertThat(curl.stream(room + "/events", "-H", anna).is(200).body())
                .contains("event: x-vote\ndata: " + posted.body() + "\n\n");
    }

    @Test
    void typingAndPresence_comeInStreams_andAreKeptNowhere() {
        Curl curl = serve();
        Reply created =
                curl.post("/rooms", "{\"signals\":[\"typing\",\"presence\"]}").is(201);
        String room = "/rooms/" + created.text("/room/id");
        String anna = Curl.bearer(created.text("/token"));
        Seat ben = ChatClient.of(server.base()).join(created.text("/room/id"));
        try (SseClient stream = ben.stream("", "")) {
            stream.await("presence", ben.id());
            curl.post(room + "/cues", "{\"kind\":\"typing\"}", "-H", anna).is(204);
            stream.await("cue", created.text("/participant/id"));
            assertThat(curl.get(room, "-H", anna)
                            .is(200)
                            .json()
                            .at("/participants/1/present")
                            .asBoolean())
                    .isTrue();
        }
        curl.post(room + "/cues", "{\"kind\":\"presence\"}", "-H", anna).isProblem(403, "forbidden");
        assertThat(curl.stream(room + "/events", "-H", anna).is(200).body())
                .contains("event: presence\n")
                .doesNotContain("event: cue");
    }

    @Test
    void anOwnerSteersTheRoom() {
        Curl curl = serve();
        String own = "a23456789012345678901234567890123456789012_";
        String proof = "proof_0123456789-abcdefg";
        Reply created = curl.post(
                        "/rooms",
                        "{\"token\":\"" + own + "\",\"proof\":\"" + proof + "\",\"properties\":{\"topic\":\"tea\"}}")
                .is(201);
        String room = "/rooms/" + created.text("/room/id");
        String anna = Curl.bearer(own);
        assertThat(created.json().has("token")).isFalse();
        assertThat(created.header("set-cookie")).startsWith("ephemeral-chat=" + own + ";");

        assertThat(encrypted(curl.run("POST", room + "/participants"), "wrong_proof"))
                .isFalse();
        String joining = "{\"token\":\"b23456789012345678901234567890123456789012_\",\"proof\":\"" + proof + "\"}";
        Reply ben = curl.post(room + "/participants", joining).is(201);
        Reply again = curl.post(room + "/participants", joining).is(200);
        assertThat(again.text("/participant/id")).isEqualTo(ben.text("/participant/id"));
        assertThat(again.header("set-cookie")).isNotEmpty();
        curl.put(room + "/admission", "{\"locked\":true,\"proof\":null}", "-H", anna)
                .is(200);
        assertThat(encrypted(curl.run("POST", room + "/participants"), "room_locked"))
                .isFalse();

        Reply moved =
                curl.put(room + "/deadline", "{\"ttlSeconds\":120}", "-H", anna).is(200);
        assertThat(moved.text("/expiresAt")).isLessThan(created.text("/room/expiresAt"));
        curl.put(room + "/deadline", "{\"ttlSeconds\":86400}", "-H", anna).is(400);
        curl.put(room + "/deadline", "{\"ttlSeconds\":3600}", "-H", anna).is(200);
        curl.put(room + "/properties/topic", "{\"value\":\"cake\"}", "-H", anna).is(204);
        curl.delete(room + "/properties/topic", "-H", anna).is(204);
        String seat = room + "/participants/" + ben.text("/participant/id");
        Reply reader =
                curl.json("PATCH", seat, "{\"role\":\"reader\"}", "-H", anna).is(200);
        assertThat(reader.text("/role")).isEqualTo("reader");
        curl.json("PATCH", room + "/participants/p_x", "{\"role\":\"reader\"}", "-H", anna)
                .isProblem(404, "not_found");
        String benToken = Curl.bearer("b23456789012345678901234567890123456789012_");
        curl.post(room + "/messages", "{\"text\":\"a\"}", "-H", benToken).isProblem(403, "forbidden");
        curl.put(room + "/admission", "{}", "-H", benToken).isProblem(403, "forbidden");
        service.asHost(new RoomId(created.text("/room/id"))).post("closing soon");

        for (String method : List.of("GET", "POST")) {
            Reply stream = curl.run(method, room + "/events", "-N", "--max-time", "1", "-H", benToken)
                    .is(200);
            assertThat(stream.body().lines().filter(line -> line.startsWith("event: ")))
                    .containsExactly(
                            "event: joined",
                            "event: joined",
                            "event: admission",
                            "event: deadline",
                            "event: deadline",
                            "event: property",
                            "event: property",
                            "event: role",
                            "event: notice",
                            "event: ready");
        }
        assertThat(curl.get(room + "/messages", "-H", anna)
                        .json()
                        .at("/messages/0/notice")
                        .asBoolean())
                .isTrue();
        Reply shown = curl.get(room, "-H", anna).is(200);
        assertThat(shown.json().at("/lastSequence").asInt()).isEqualTo(9);
        assertThat(shown.json().at("/locked").asBoolean()).isTrue();
        assertThat(shown.json().at("/properties").isEmpty()).isTrue();
        curl.post(room + "/messages", "{\"text\":\"a\",\"colour\":5}", "-H", anna)
                .isProblem(400, "invalid_request");
    }

    private static boolean encrypted(Reply refused, String code) {
        refused.isProblem(403, code);
        return refused.json().get("encrypted").booleanValue();
    }

    @Test
    void eachRefusalHasItsCode() {
        Curl curl = serve();
        Reply created = curl.run("POST", "/rooms").is(201);
        String messages = "/rooms/" + created.text("/room/id") + "/messages";
        String anna = Curl.bearer(created.text("/token"));
        for (String ttl : List.of("0", "1441", "-1", "1.5", "\"10\"")) {
            curl.post("/rooms", "{\"ttlMinutes\":" + ttl + "}").isProblem(400, "invalid_request");
        }
        for (String name : List.of("", "x".repeat(31), "\\ud800", "a\\nb")) {
            curl.post("/rooms", "{\"name\":\"" + name + "\"}").isProblem(400, "invalid_request");
        }
        for (String text : List.of("", "x".repeat(4001), "\\udc00")) {
            curl.post(messages, "{\"text\":\"" + text + "\"}", "-H", anna).isProblem(400, "invalid_request");
        }
        curl.run("POST", messages, "-H", anna).isProblem(400, "invalid_request");
        curl.post(messages, "{\"text\":\"tru", "-H", anna).isProblem(400, "invalid_json");
        curl.post(messages, "{\"text\":\"a\"} x", "-H", anna).isProblem(400, "invalid_json");
        curl.post(messages, "{\"text\":\"a\",\"text\":\"b\"}", "-H", anna).isProblem(400, "invalid_json");
        curl.run("POST", messages, "-H", anna, "-H", "Content-Type: text/plain", "-d", "{\"text\":\"a\"}")
                .isProblem(415, "unsupported_media_type");
        curl.post(messages, "{\"text\":\"" + "x".repeat(70_000) + "\"}", "-H", anna)
                .isProblem(413, "payload_too_large");
        curl.post(messages, "{\"text\":\"a\"}").isProblem(401, "unauthorized");
        curl.post(
                        messages,
                        "{\"text\":\"a\"}",
                        "-H",
                        anna,
                        "-H",
                        "Sec-Fetch-Site: cross-site",
                        "-H",
                        "Origin: https://evil.example")
                .isProblem(403, "cross_site");
        curl.post(messages, "{\"text\":\"a\"}", "-H", anna, "-H", "Origin: https://evil.example")
                .isProblem(403, "cross_site");
        curl.stream("/rooms/" + created.text("/room/id") + "/events?lastEventId=7", "-H", anna)
                .isProblem(400, "invalid_request");
        assertThat(curl.post(messages, "{\"text\":\"a\\rb\\u2028\"}", "-H", anna)
                        .is(201)
                        .text("/text"))
                .isEqualTo("a\rb\u2028");
    }

    @Test
    void encodedSlash_isPartOfItsSegment() {
        Curl curl = serve();
        Reply created = curl.run("POST", "/rooms").is(201);
        String room = created.text("/room/id");
        curl.run("POST", "/rooms%2F" + room + "%2fparticipants").isProblem(404, "not_found");
        String anna = Curl.bearer(created.text("/token"));
        curl.get("/rooms%2F" + room, "-H", anna).isProblem(404, "not_found");
        curl.get("/rooms/%2F" + room, "-H", anna).isProblem(401, "unauthorized");
        assertThat(curl.get("/rooms/" + room, "-H", anna).is(200).json().get("participants"))
                .hasSize(1);
        curl.get("/%72ooms/" + room, "-H", anna).is(200);
    }

    @Test
    void headAndOptions_areAnswered() {
        Curl curl = serve();
        Reply created = curl.run("POST", "/rooms").is(201);
        String room = "/rooms/" + created.text("/room/id");
        String anna = Curl.bearer(created.text("/token"));
        for (String path : List.of(room, room + "/messages", "/openapi.yaml")) {
            Reply get = curl.get(path, "-H", anna).is(200);
            Reply head = curl.run("HEAD", path, "--head", "-H", anna).is(200);
            assertThat(head.header("content-length")).isNotEmpty().isEqualTo(get.header("content-length"));
            assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
        }
        curl.run("HEAD", room, "--head").is(401);
        curl.run("HEAD", room + "/events", "--head", "-H", anna).is(405);
        assertThat(curl.run("OPTIONS", room).is(204).header("allow")).isEqualTo("GET, DELETE, HEAD, OPTIONS");
        assertThat(curl.run("OPTIONS", "/nowhere").status()).isEqualTo(404);
    }

    @Test
    void browserClient_isServedBelowTheBase() {
        Curl curl = serve();
        for (String path : List.of("/ephemeral-chat.js", "/element/ephemeral-chat-element.js")) {
            Reply file = curl.get(path).is(200);
            assertThat(file.header("content-type")).containsIgnoringCase("text/javascript");
            assertThat(file.body()).contains("export class EphemeralChat");
            Reply head = curl.run("HEAD", path, "--head").is(200);
            assertThat(head.header("content-length")).isEqualTo(file.header("content-length"));
            Reply same = curl.get(path, "-H", "If-None-Match: " + file.header("etag"));
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.body()).isEmpty();
        }
        assertThat(curl.get("/element/nothing.js").status()).isEqualTo(404);
    }

    @Test
    void malformedEscape_isRefused() {
        Curl curl = serve();
        curl.run("POST", "/rooms/%zz/participants").is(400);
        curl.run("POST", "/rooms/%2").is(400);
    }

    @Test
    void whoAsksForTooMuchIsToldWhenToComeBack() {
        RateLimits strict = RateLimits.off().withRoomsPerAddress(Limit.of(2, Duration.ofMinutes(1)));
        Curl curl = serve(ChatHttpSettings.builder().rateLimits(strict), MemoryRoomStore.create());
        curl.run("POST", "/rooms").is(201);
        curl.run("POST", "/rooms").is(201);
        Reply third = curl.run("POST", "/rooms");
        third.isProblem(429, "rate_limited");
        assertThat(Integer.parseInt(third.header("retry-after"))).isBetween(1, 60);
    }

    @Test
    void aFullNodeSaysSo() {
        Curl curl = serve(
                ChatHttpSettings.builder().rateLimits(RateLimits.off()).maxStreams(1),
                MemoryRoomStore.builder().maxRooms(1).build());
        Reply created = curl.run("POST", "/rooms").is(201);
        curl.run("POST", "/rooms").isProblem(429, "limit_exceeded");
        String anna = Curl.bearer(created.text("/token"));
        String events = "/rooms/" + created.text("/room/id") + "/events";
        Seat owner = new Seat(
                ChatClient.of(server.base()),
                created.text("/room/id"),
                created.text("/token"),
                created.text("/participant/id"));
        try (SseClient first = owner.stream("", "")) {
            curl.stream(events, "-H", anna).isProblem(429, "limit_exceeded");
            assertThat(first.isEnded()).isFalse();
        }
    }

    @Test
    void aStoreThatCannotBeReachedIsToldAsSuch() {
        Curl curl = serve(ChatHttpSettings.builder().rateLimits(RateLimits.off()), breakable(MemoryRoomStore.create()));
        Reply created = curl.run("POST", "/rooms").is(201);
        String anna = Curl.bearer(created.text("/token"));
        String room = "/rooms/" + created.text("/room/id");
        down.set(true);
        curl.run("POST", "/rooms").isProblem(503, "unavailable");
        curl.run("POST", room + "/participants").isProblem(503, "unavailable");
        curl.stream(room + "/events", "-H", anna).isProblem(503, "unavailable");
        Reply post = curl.post(room + "/messages", "{\"text\":\"a\",\"id\":\"once\"}", "-H", anna);
        post.isProblem(503, "unavailable");
        assertThat(post.header("retry-after")).isEqualTo("1");
        down.set(false);
        curl.post(room + "/messages", "{\"text\":\"a\",\"id\":\"once\"}", "-H", anna)
                .is(201);
    }

    /** The same store, which cannot be reached while {@link #down} is set. */
    private RoomStore breakable(RoomStore store) {
        return Intercepted.of(RoomStore.class, store, call -> {
            if (down.get()) {
                throw new ChatUnavailableException("the store cannot be reached");
            }
            return call.proceed();
        });
    }
}
