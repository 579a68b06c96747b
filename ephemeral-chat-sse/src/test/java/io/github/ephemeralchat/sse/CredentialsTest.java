package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private final TestApi api = TestApi.create();
    private Reply owner;
    private String room;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom();
        room = "/rooms/" + owner.roomId();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private TestRequest showing() {
        return TestRequest.get(room);
    }

    @Nested
    class Tokens {

        @Test
        void comeByHeaderOrByCookie() {
            api.send(showing().token(owner.token())).is(200);
            api.send(showing().header("Authorization", "bearer  " + owner.token()))
                    .is(200);
            api.send(showing().cookie(owner.token())).is(200);
            api.send(showing().header("Cookie", "ephemeral-chat=" + owner.token()))
                    .is(200);
            api.send(showing().header("Cookie", "a=b", "c=d; ephemeral-chat=" + owner.token()))
                    .is(200);
        }

        @Test
        void bearer_winsOverTheCookie_ifItIsATokenOfTheRoom() {
            Reply guest = api.join(owner.roomId());
            assertThat(me(showing().token(guest.token()).cookie(owner.token()))).isEqualTo(guest.participantId());
            assertThat(me(showing().token("wrong").cookie(owner.token()))).isEqualTo(owner.participantId());
            assertThat(me(showing().token(owner.token()).cookie("wrong"))).isEqualTo(owner.participantId());
            api.send(showing().token("wrong").cookie("wrong")).is(401, "unauthorized");
        }

        @Test
        void headerOfOurOwn_decidesAlone() {
            Reply guest = api.join(owner.roomId());
            assertThat(me(own(guest.token()).token(owner.token()).cookie(owner.token())))
                    .isEqualTo(guest.participantId());
            api.send(own("wrong").token(owner.token()).cookie(owner.token())).is(401, "unauthorized");
            api.send(own("").cookie(owner.token())).is(401, "unauthorized");
        }

        private TestRequest own(String token) {
            return showing().header("Ephemeral-Chat-Token", token);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "Bearer",
                    "Bearer ",
                    "Bearer a b",
                    "Bearer ä",
                    "Bearer a.b.c",
                    "Bearer,abc",
                    "Token abc",
                    "DPoP abc",
                    "Basic YTpi",
                    "Negotiate abc",
                    "digest username=\"a\""
                })
        void loginOfTheHost_hidesNoCookie(String authorization) {
            api.send(showing().header("Authorization", authorization).cookie(owner.token()))
                    .is(200);
        }

        @Test
        void loginOfTheHost_hidesNoBearer() {
            api.send(showing().header("Authorization", "Bearer a.b.c", "Bearer " + owner.token()))
                    .is(200);
        }

        @Test
        void cookies_areTriedUntilOneFits() {
            String good = "ephemeral-chat=" + owner.token();
            for (String cookies : new String[] {
                "ephemeral-chat=bad; " + good,
                "ephemeral-chat=; " + good,
                "ephemeral-chat=b.a.d; " + good,
                "ephemeral-chat=1; ephemeral-chat=2; ephemeral-chat=3; " + good,
                good + "; ephemeral-chat=bad",
                "ephemeral-chat=\"" + owner.token() + "\""
            }) {
                api.send(showing().header("Cookie", cookies)).is(200);
            }
            api.send(showing().header("Cookie", "ephemeral-chat=bad", good)).is(200);
        }

        @Test
        void cookies_atMostFourAreTried() {
            String bad = "ephemeral-chat=1; ephemeral-chat=2; ephemeral-chat=3; ephemeral-chat=4; ";
            api.send(showing().header("Cookie", bad + "ephemeral-chat=" + owner.token()))
                    .is(401, "unauthorized");
        }

        @Test
        void participantWhomTheRequestNames_isTheOnlyOneWhoseCredentialFits() {
            Reply planted = api.join(owner.roomId());
            String cookies = "ephemeral-chat=" + planted.token() + "; ephemeral-chat=" + owner.token();
            assertThat(me(named(owner).header("Cookie", cookies))).isEqualTo(owner.participantId());
            assertThat(me(named(planted).header("Cookie", cookies))).isEqualTo(planted.participantId());
            api.send(named(owner).cookie(planted.token())).is(401, "unauthorized");
            api.send(named(owner).token(planted.token())).is(401, "unauthorized");
            api.send(named(owner).header("Ephemeral-Chat-Token", planted.token()))
                    .is(401, "unauthorized");
        }

        private TestRequest named(Reply participant) {
            return showing().header("Ephemeral-Chat-Participant", participant.participantId());
        }

        private String me(TestRequest request) {
            return api.send(request).is(200).json().path("me").asText();
        }

        @Test
        void areNeverTakenFromAUrl() {
            for (String name : new String[] {"token", "access_token", "ephemeral-chat", "Authorization"}) {
                api.send(TestRequest.get(room + "?" + name + "=" + owner.token()))
                        .is(401, "unauthorized");
            }
        }

        @Test
        void aGiantTokenIsRefused() {
            api.send(showing().token("a".repeat(60_000))).is(401, "unauthorized");
        }
    }

    @Nested
    class Strangers {

        @Test
        void areAnsweredTheSameWhetherOrNotTheRoomExists() {
            Reply elsewhere = api.createRoom();
            Reply expected = api.send(showing()).is(401, "unauthorized");
            assertThat(expected.header("WWW-Authenticate")).isEqualTo("Bearer");
            for (String code : new String[] {owner.roomId(), "abcdefgh", "0OIl", "%25", "..", "x".repeat(5000)}) {
                for (TestRequest call : callsTo("/rooms/" + code)) {
                    same(expected, api.send(call));
                    same(expected, api.send(call.token("wrong")));
                    same(expected, api.send(call.token(elsewhere.token())));
                }
            }
        }

        @Test
        void areWhoeverHadASeatInARoomThatHasEnded() {
            api.advance(Duration.ofMinutes(10));
            for (TestRequest call : callsTo(room)) {
                api.send(call.token(owner.token())).is(401, "unauthorized");
            }
        }

        private static TestRequest[] callsTo(String path) {
            return new TestRequest[] {
                TestRequest.get(path),
                TestRequest.delete(path),
                TestRequest.delete(path + "/participants/me"),
                TestRequest.delete(path + "/participants/p_1"),
                TestRequest.post(path + "/messages").json("{\"text\":\"a\"}"),
                TestRequest.get(path + "/messages"),
                TestRequest.get(path + "/events")
            };
        }

        private static void same(Reply expected, Reply reply) {
            assertThat(reply.is(401).text()).isEqualTo(expected.text());
            assertThat(reply.response().headers()).isEqualTo(expected.response().headers());
        }
    }

    @Nested
    class Cookies {

        @Test
        void holdTheTokenForTheRoomAloneUntilItsEnd() {
            assertThat(owner.header("Set-Cookie"))
                    .isEqualTo("ephemeral-chat=" + owner.token() + "; Path=/api" + room
                            + "; Max-Age=86400; HttpOnly; SameSite=Strict");
        }

        @Test
        void endWhenTheRoomHasToHoweverLateTheyAreGiven() {
            Reply longest = api.createRoom("{\"ttlMinutes\":1440}");
            api.advance(Duration.ofDays(1).minusMillis(500));
            assertThat(api.join(longest.roomId()).header("Set-Cookie")).contains("; Max-Age=1;");
        }

        @Test
        void areSecureWhereTheRequestWas() {
            assertThat(api.send(TestRequest.post("/rooms").secure()).header("Set-Cookie"))
                    .endsWith("; SameSite=Strict; Secure");
        }

        @Test
        void goWhereThePublicUrlSays() {
            URI base = URI.create("https://example.org/chat/api");
            try (TestApi proxied = TestApi.with(settings -> settings.publicBaseUrl(base))) {
                Reply created = proxied.createRoom();
                assertThat(created.header("Set-Cookie"))
                        .contains("; Path=/chat/api/rooms/" + created.roomId() + ";")
                        .endsWith("; Secure");
            }
        }

        @Test
        void knowAMountAtTheRoot() {
            Reply created = api.send(TestRequest.post("/rooms").mount(""));
            assertThat(created.header("Set-Cookie")).contains("; Path=/rooms/" + created.roomId() + ";");
            assertThat(created.header("Location")).isEqualTo("/rooms/" + created.roomId());
        }
    }
}
