package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomOptions;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of other sites may do. */
class CrossSitePolicyTest {

    private static final String LISTED = "https://app.example.net";

    private final TestApi api =
            TestApi.with(settings -> settings.allowedOrigins(Set.of(LISTED, "http://localhost:3000"))
                    .publicBaseUrl(URI.create("https://chat.example.org:8443/api")));

    @AfterEach
    void close() {
        api.close();
    }

    private static TestRequest creating() {
        return TestRequest.post("/rooms").header("Host", "chat.internal:8080");
    }

    private static TestRequest with(TestRequest call, String site, String origin) {
        if (site != null) {
            call.header("Sec-Fetch-Site", site);
        }
        return origin == null ? call : call.header("Origin", origin);
    }

    @ParameterizedTest
    @CsvSource({
        // A browser's own word counts, whatever Origin and Host say.
        "same-origin,,",
        "same-origin,https://chat.example.org:8443,",
        "same-origin,https://evil.example,",
        "none,,",
        "same-site," + LISTED + ",",
        "cross-site," + LISTED + ",",
        "cross-site,http://localhost:3000,",
        "same-site,,cross_site",
        "cross-site,,cross_site",
        "same-site,https://chat.example.org:8443,cross_site",
        "cross-site,http://chat.internal:8080,cross_site",
        "cross-site,https://evil.example,cross_site",
        "cross-site,null,cross_site",
        "Cross-Site,,cross_site",
        // Only without it, the page's host is compared.
        ",,",
        ",http://chat.internal:8080,",
        ",https://chat.internal:8080,",
        ",http://CHAT.internal:8080,",
        ",https://chat.example.org:8443,",
        "''," + LISTED + ",",
        "'',https://evil.example,cross_site",
        ",null,cross_site",
        ",http://chat.internal,cross_site",
        ",http://chat.internal:8081,cross_site",
        ",https://chat.example.org,cross_site",
        ",https://evil.example,cross_site",
        ",http://chat.internal:8080.evil.example,cross_site",
        ",http://chat.internal:8080@evil.example,cross_site",
        ",http://evil.example/chat.internal:8080,cross_site",
        ",chat.internal:8080,cross_site",
        ",file://,cross_site",
        ",'http://[',cross_site",
        "'','',cross_site",
        ",https://sub.app.example.net,cross_site",
        ",http://app.example.net,cross_site"
    })
    void whoMayChangeState(String site, String origin, String code) {
        Reply reply = api.send(with(creating(), site, origin));
        if (code == null) {
            reply.is(201);
        } else {
            reply.is(403, code);
        }
    }

    @Test
    void theDefaultPortNeedNotBeNamed() {
        api.send(TestRequest.post("/rooms").header("Host", "example.org").header("Origin", "http://example.org:80"))
                .is(201);
        api.send(TestRequest.post("/rooms").header("Host", "example.org:443").header("Origin", "https://example.org"))
                .is(201);
        api.send(TestRequest.post("/rooms").header("Host", "example.org:80").header("Origin", "https://example.org"))
                .is(403, "cross_site");
        api.send(TestRequest.post("/rooms").header("Origin", "http://example.org"))
                .is(403, "cross_site");
    }

    @Test
    void everyChangeOfStateAndEveryStreamIsGuarded_andNoReadIs() {
        for (Route route : Route.values()) {
            String path = route.template.replace("{id}", "abcdefgh").replace("{pid}", "p_1");
            TestRequest call = TestRequest.of(route.method, path).header("Sec-Fetch-Site", "cross-site");
            Reply reply = api.send(call.token("t"));
            if (route.method.equals("GET") && route != Route.EVENTS) {
                assertThat(reply.status()).isNotEqualTo(403);
            } else {
                reply.is(403, "cross_site");
            }
        }
    }

    @Nested
    class Cors {

        @Test
        void aListedPageMayReadTheAnswer() {
            Reply reply = api.send(with(creating(), "cross-site", LISTED)).is(201);
            assertThat(reply.response().headers())
                    .containsEntry("Access-Control-Allow-Origin", LISTED)
                    .containsEntry("Vary", "Origin")
                    .doesNotContainKey("Access-Control-Allow-Credentials");
            Reply error = api.send(TestRequest.get("/rooms/abcdefgh").header("Origin", LISTED));
            assertThat(error.is(401).header("Access-Control-Allow-Origin")).isEqualTo(LISTED);
        }

        @Test
        void itsStreamsMayBeReadToo() {
            Reply owner = api.send(TestRequest.post("/rooms"));
            Reply stream = api.send(TestRequest.get("/rooms/" + owner.roomId() + "/events")
                    .token(owner.token())
                    .header("Origin", LISTED));
            assertThat(stream.response().headers()).containsEntry("Access-Control-Allow-Origin", LISTED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"https://evil.example", "null", "*", "https://chat.example.org:8443"})
        void nobodyElseMay(String origin) {
            Reply reply = api.send(TestRequest.get("/rooms/abcdefgh").header("Origin", origin));
            assertThat(reply.response().headers())
                    .containsEntry("Vary", "Origin")
                    .doesNotContainKey("Access-Control-Allow-Origin");
        }

        @Test
        void aListedPageMayAskFirst() {
            Reply reply = preflight(api, LISTED, "/rooms/abcdefgh/messages").is(204);
            assertThat(reply.response().headers())
                    .containsEntry("Access-Control-Allow-Origin", LISTED)
                    .containsEntry("Access-Control-Allow-Methods", "POST, GET, HEAD, OPTIONS")
                    .containsEntry(
                            "Access-Control-Allow-Headers",
                            "Authorization, Content-Type, Last-Event-ID, Ephemeral-Chat-Token, Ephemeral-Chat-Participant");
        }

        @Test
        void othersNeedNotAsk() {
            Reply reply = preflight(api, "https://evil.example", "/rooms").is(204);
            assertThat(reply.response().headers().keySet()).noneMatch(name -> name.startsWith("Access-Control"));
            preflight(api, LISTED, "/nowhere").is(404, "not_found");
        }

        @Test
        void isOffWhereNothingIsListed() {
            try (TestApi closed = TestApi.create()) {
                assertThat(preflight(closed, LISTED, "/rooms").is(204).header("Allow"))
                        .isEqualTo("POST, OPTIONS");
                Reply reply = closed.send(TestRequest.get("/rooms/abcdefgh").header("Origin", LISTED));
                assertThat(reply.response().headers().keySet())
                        .noneMatch(name -> name.startsWith("Access-Control") || name.equals("Vary"));
            }
        }

        private static Reply preflight(TestApi any, String origin, String path) {
            return any.send(TestRequest.of("OPTIONS", path)
                    .header("Origin", origin)
                    .header("Sec-Fetch-Site", "cross-site")
                    .header("Access-Control-Request-Method", "POST"));
        }
    }

    /** The host's login may come along by itself, and a stream replaces others. */
    @Test
    void streamThatTheHostOpens_isNotForPagesOfOtherSites() {
        Membership seat = api.service().createRoom(RoomOptions.defaults(), new Identity("user-ada", "Ada"));
        RoomId room = seat.room().id();
        for (String site : new String[] {"same-site", "cross-site"}) {
            ApiResponse refused = api.openStream(with(TestRequest.get("/events"), site, null), room, "user-ada");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.stream()).isNull();
        }
        ApiResponse own = api.openStream(with(TestRequest.get("/events"), "same-origin", null), room, "user-ada");
        ApiResponse listed = api.openStream(with(TestRequest.get("/events"), "cross-site", LISTED), room, "user-ada");
        assertThat(own.status()).isEqualTo(200);
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.headers()).containsEntry("Access-Control-Allow-Origin", LISTED);
        own.stream().abort();
        listed.stream().abort();
    }
}
