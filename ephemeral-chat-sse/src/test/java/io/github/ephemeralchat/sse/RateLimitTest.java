package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import io.github.ephemeralchat.tck.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {

    private static final Limit TWO_IN_TEN_SECONDS = Limit.of(2, Duration.ofSeconds(10));

    private static TestApi limited(RateLimits limits) {
        return TestApi.with(settings -> settings.rateLimits(limits));
    }

    @Test
    void anAddressAsksSoOftenAndThenWaits() {
        try (TestApi api = limited(RateLimits.off().withRequestsPerAddress(TWO_IN_TEN_SECONDS))) {
            api.send(TestRequest.get("/openapi.yaml")).is(200);
            api.send(TestRequest.get("/nowhere")).is(404);
            Reply refused = api.send(TestRequest.get("/openapi.yaml")).is(429, "rate_limited");
            assertThat(refused.header("Retry-After")).isEqualTo("5");
            api.advance(Duration.ofMillis(4_100));
            refused = api.send(TestRequest.get("/openapi.yaml")).is(429, "rate_limited");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            api.advance(Duration.ofMillis(900));
            api.send(TestRequest.get("/openapi.yaml")).is(200);
            api.send(TestRequest.get("/openapi.yaml")).is(429, "rate_limited");
            api.send(TestRequest.get("/openapi.yaml").from("192.0.2.2")).is(200);
        }
    }

    @Test
    void profilesAndProperties_countAgainstTheAddress() {
        try (TestApi api = limited(RateLimits.off().withBytesPerAddress(5_000))) {
            String proof = "\"encrypted\":true,\"proof\":\"proof_0123456789-abcdefg\"";
            String profile = "\"profile\":\"" + "p".repeat(512) + "\"";
            String property = "\"properties\":{\"topic\":\"" + "t".repeat(500) + "\"}";
            api.send(TestRequest.post("/rooms").json("{" + proof + "," + profile + "}"))
                    .is(429, "limit_exceeded");
            api.send(TestRequest.post("/rooms").json("{" + proof + "," + property + "}"))
                    .is(201);
        }
    }

    @Test
    void address_isLookedForOnceInARequest() {
        try (TestApi api = limited(RateLimits.defaults())) {
            Reply owner = api.createRoom();
            TestRequest post = TestRequest.post("/rooms/" + owner.roomId() + "/messages")
                    .token(owner.token())
                    .json("{\"text\":\"a\"}");
            api.send(post).is(201);
            assertThat(post.timesAskedForAddress()).isEqualTo(1);
            TestRequest late = TestRequest.post("/rooms").json("{}");
            assertThat(api.begin(late).respond(() -> new byte[0]).status()).isEqualTo(201);
            assertThat(late.timesAskedForAddress()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,192.0.2.1,true",
        "192.0.2.1,192.0.2.2,false",
        "192.0.2.1,::ffff:192.0.2.1,true",
        "2001:db8:0:1::1,2001:db8:0:1:ffff:ffff:ffff:ffff,true",
        "2001:db8:0:1::1,[2001:DB8:0:1::2],true",
        "198.51.100.7:4711,198.51.100.7,true",
        "198.51.100.7:1,198.51.100.8:1,false",
        "[2001:db8:0:1::1]:443,2001:db8:0:1::2,true",
        "[2001:db8:0:1::1]:443,[2001:db8:0:2::1]:443,false",
        "999.0.2.1,999.0.2.1,true",
        "999.0.2.1,999.0.2.2,false",
        "1.2.3,1.2.3,true",
        "2001:db8:0:1::1,2001:db8:0:2::1,false",
        "fe80::1%eth0,fe80::2%3,true",
        "not:an:address,not:an:address,true",
        "not:an:address,no:address,false",
        "'','',true"
    })
    void anAddressIsCountedWithItsNetwork(String one, String other, boolean same) {
        assertThat(ClientAddress.key(one).equals(ClientAddress.key(other))).isEqualTo(same);
    }

    @Test
    void anAddressOfAnyLengthTakesLittleRoom() {
        assertThat((String) ClientAddress.key("x".repeat(100_000))).hasSizeLessThan(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | X-Forwarded-For | 192.0.2.7 | 192.0.2.7",
                "1 | X-Forwarded-For | 203.0.113.9, 192.0.2.7 | 192.0.2.7",
                "2 | X-Forwarded-For | 203.0.113.9, 192.0.2.7, 10.0.0.1 | 192.0.2.7",
                "2 | X-Forwarded-For | 192.0.2.7:50000, 10.0.0.1:50001 | 192.0.2.7",
                "1 | X-Forwarded-For | [2001:db8::7]:443 | 2001:db8::7",
                "1 | X-Forwarded-For | 203.0.113.9,,192.0.2.7 | 192.0.2.7",
                "3 | X-Forwarded-For | 192.0.2.7, 10.0.0.1 | 192.0.2.7",
                "1 | X-Forwarded-For | unknown | 192.0.2.1",
                "1 | X-Forwarded-For | '' | 192.0.2.1",
                "1 | Forwarded | for=192.0.2.7 | 192.0.2.7",
                "1 | Forwarded | for=203.0.113.9, FOR=\"192.0.2.7:80\";proto=https | 192.0.2.7",
                "1 | Forwarded | proto=https; For=\"[2001:db8::7]:443\" | 2001:db8::7",
                "1 | Forwarded | for=\"203.0.113.9, for=192.0.2.7 | 192.0.2.7",
                "2 | Forwarded | for=192.0.2.7;by=10.0.0.1, for=10.0.0.1 | 192.0.2.7",
                "1 | Forwarded | for=unknown | 192.0.2.1",
                "1 | Forwarded | proto=https | 192.0.2.1"
            })
    void addressBehindProxies_isWhatTheOutermostHasSeen(int proxies, String header, String value, String client) {
        ChatHttpSettings settings =
                ChatHttpSettings.builder().trustedProxies(proxies, header).build();
        ApiRequest request = TestRequest.get("/").header(header, value).toApi();
        assertThat(new ClientAddress(settings).key(request)).isEqualTo(ClientAddress.key(client));
    }

    @Test
    void addressBehindProxies_isReadFromAllLinesOfTheHeader_andFromNoOther() {
        ChatHttpSettings settings = ChatHttpSettings.builder().trustedProxies(1).build();
        ClientAddress addresses = new ClientAddress(settings);
        TestRequest lines = TestRequest.get("/")
                .header("X-Forwarded-For", "203.0.113.9", "192.0.2.7")
                .header("Forwarded", "for=203.0.113.10");
        assertThat(addresses.key(lines.toApi())).isEqualTo(ClientAddress.key("192.0.2.7"));
        TestRequest other = TestRequest.get("/").header("Forwarded", "for=203.0.113.10");
        assertThat(addresses.key(other.toApi())).isEqualTo(ClientAddress.key("192.0.2.1"));
        TestRequest direct = TestRequest.get("/").header("X-Forwarded-For", "203.0.113.10");
        assertThat(new ClientAddress(ChatHttpSettings.defaults()).key(direct.toApi()))
                .isEqualTo(ClientAddress.key("192.0.2.1"));
    }

    @Test
    void network_liesInWiderOnes() {
        assertThat(ClientAddress.wider(ClientAddress.key("2001:db8:0:1::1")))
                .isEqualTo(ClientAddress.wider(ClientAddress.key("2001:db8:0:ff::1")))
                .hasSize(2)
                .doesNotContainAnyElementsOf(ClientAddress.wider(ClientAddress.key("2001:db9:0:1::1")));
        assertThat(ClientAddress.wider(ClientAddress.key("192.0.2.1")))
                .isEqualTo(ClientAddress.wider(ClientAddress.key("192.0.2.200")))
                .hasSize(1)
                .isNotEqualTo(ClientAddress.wider(ClientAddress.key("192.0.3.1")));
        assertThat(ClientAddress.wider("a name")).isEmpty();
    }

    @Test
    void anAddressCreatesSoManyRooms() {
        try (TestApi api = limited(RateLimits.off().withRoomsPerAddress(TWO_IN_TEN_SECONDS))) {
            Reply owner = api.createRoom();
            api.createRoom();
            api.send(TestRequest.post("/rooms")).is(429, "rate_limited");
            api.join(owner.roomId());
            api.say(owner, "hi").is(201);
            api.send(TestRequest.post("/rooms").from("192.0.2.9")).is(201);
        }
    }

    @Test
    void aParticipantPostsSoOftenWhereverItIs() {
        try (TestApi api = limited(RateLimits.off().withMessagesPerParticipant(TWO_IN_TEN_SECONDS))) {
            Reply owner = api.createRoom();
            Reply guest = api.join(owner.roomId());
            api.say(owner, "1").is(201);
            api.say(owner, "2").is(201);
            TestRequest third = TestRequest.post("/rooms/" + owner.roomId() + "/messages")
                    .cookie(owner.token())
                    .json("{\"text\":\"3\"}")
                    .from("192.0.2.9");
            api.send(third).is(429, "rate_limited");
            api.say(guest, "1").is(201);
            api.advance(Duration.ofSeconds(5));
            api.send(third).is(201);
        }
    }

    @Test
    void whoTriesWrongCodesCannotJoinForAWhile() {
        try (TestApi api = limited(RateLimits.off().withWrongCodesPerAddress(TWO_IN_TEN_SECONDS))) {
            Reply owner = api.createRoom();
            for (int i = 0; i < 5; i++) {
                api.join(owner.roomId());
            }
            api.send(TestRequest.post("/rooms/abcdefgh/participants")).is(404);
            api.send(TestRequest.post("/rooms/malformed/participants")).is(404);
            TestRequest right = TestRequest.post("/rooms/" + owner.roomId() + "/participants");
            api.send(right).is(429, "rate_limited");
            api.send(right.from("192.0.2.9")).is(201);
            api.advance(Duration.ofSeconds(5));
            api.join(owner.roomId());
        }
    }

    @Test
    void address_hasSoManyBytesInLivingRooms() {
        try (TestApi api = limited(RateLimits.off().withBytesPerAddress(40_000))) {
            Reply owner = api.createRoom();
            Reply elsewhere =
                    api.send(TestRequest.post("/rooms").from("192.0.2.9")).is(201);
            fill(api, owner);
            api.send(TestRequest.post("/rooms")).is(429, "limit_exceeded");
            api.send(TestRequest.post("/rooms/" + owner.roomId() + "/participants"))
                    .is(429, "limit_exceeded");
            api.send(posting(elsewhere, "free").from("192.0.2.9")).is(201);
            api.send(posting(owner, "free").from("192.0.2.9")).is(201);

            api.send(TestRequest.delete("/rooms/" + owner.roomId()).token(owner.token()))
                    .is(204);
            Reply next = api.createRoom();
            fill(api, next);
            api.advance(Duration.ofMinutes(10));
            api.createRoom();
        }
    }

    @Test
    void address_countsForNoMoreThanTheLogHolds() {
        RateLimits limits = RateLimits.off().withBytesPerAddress(40_000);
        var store =
                MemoryRoomStore.builder().logLimits(new LogLimits(10, 1 << 20)).build();
        try (TestApi api = TestApi.over(store, limits)) {
            Reply owner = api.createRoom();
            for (int i = 0; i < 1_000; i++) {
                api.send(posting(owner, "m" + i)).is(201);
            }
        }
    }

    @Test
    void repeatedPost_countsOnce() {
        try (TestApi api = limited(RateLimits.off().withBytesPerAddress(40_000))) {
            Reply owner = api.createRoom();
            api.send(posting(owner, "same")).is(201);
            for (int i = 0; i < 1_000; i++) {
                api.send(posting(owner, "same")).is(200);
            }
        }
    }

    private static void fill(TestApi api, Reply owner) {
        int posts = 0;
        while (api.send(posting(owner, "m" + posts)).status() == 201) {
            assertThat(++posts).isLessThan(1_000);
        }
        api.send(posting(owner, "m")).is(429, "limit_exceeded");
        assertThat(posts).isPositive();
    }

    private static TestRequest posting(Reply sender, String id) {
        return TestRequest.post("/rooms/" + sender.roomId() + "/messages")
                .token(sender.token())
                .json("{\"text\":\"a text\",\"id\":\"" + id + "\"}");
    }

    @Test
    void whatIsRefusedNeverReachesTheStore() {
        RateLimits once = RateLimits.off().withRequestsPerAddress(Limit.of(1, Duration.ofDays(1)));
        try (TestApi api = TestApi.failing(new IllegalStateException("a test"), once)) {
            api.send(TestRequest.get("/nowhere")).is(404);
            api.send(TestRequest.get("/rooms/abcdefgh").token("t")).is(429, "rate_limited");
        }
    }

    @Test
    void theDefaultsAreWhatTheirDocumentationSays() {
        RateLimits limits = RateLimits.defaults();
        assertThat(limits.requestsPerAddress()).isEqualTo(Limit.of(600, Duration.ofSeconds(10)));
        assertThat(limits.roomsPerAddress()).isEqualTo(Limit.of(60, Duration.ofMinutes(1)));
        assertThat(limits.wrongCodesPerAddress()).isEqualTo(Limit.of(30, Duration.ofMinutes(1)));
        assertThat(limits.messagesPerParticipant()).isEqualTo(Limit.of(100, Duration.ofSeconds(20)));
        assertThat(limits.bytesPerAddress()).isEqualTo(Runtime.getRuntime().maxMemory() / 16);
        assertThat(ChatHttpSettings.defaults().rateLimits).isEqualTo(limits);
    }

    @Test
    void aLimitHasBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of(1_000_001, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of(1, Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> Limit.of(1, Duration.ofDays(2)));
        assertThat(Limit.of(1_000_000, Duration.ofSeconds(1)).isUnlimited()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> RateLimits.off().withBytesPerAddress(0));
    }

    @Test
    void whoDoesNotAskAnyMore_isForgotten_thoughNobodyElseAsks() {
        Buckets buckets = new Buckets(Limit.of(5, Duration.ofSeconds(1)), System::nanoTime);
        for (int i = 0; i < 50_000; i++) {
            int address = i;
            buckets.take(() -> address);
        }
        assertThat(buckets.size()).isPositive();
        Await.until(Duration.ofSeconds(20), "all are forgotten", () -> buckets.size() == 0);
    }

    @Test
    void theGreatestLimitWorks() {
        try (TestApi api =
                limited(RateLimits.off().withRequestsPerAddress(Limit.of(1_000_000, Duration.ofSeconds(1))))) {
            api.createRoom();
        }
    }
}
