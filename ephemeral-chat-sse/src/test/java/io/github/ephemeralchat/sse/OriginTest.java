package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginTest {

    @ParameterizedTest
    @CsvSource({
        "https://example.org,https://example.org,true",
        "https://example.org/,https://example.org,true",
        "https://Example.org:443,https://example.org,true",
        "https://my_host.example,https://my_host.example,true",
        "https://m\u00fcller.example,https://xn--mller-kva.example,true",
        "chrome-extension://abcdefgh,chrome-extension://abcdefgh,true",
        "capacitor://localhost,capacitor://localhost,true",
        "http://[::1]:8080,http://[::1]:8080,true",
        "null,null,true",
        "https://*.example.org,https://a.example.org,true",
        "https://*.example.org,https://a.b.example.org,false",
        "https://*.example.org,https://example.org,false",
        "https://*.example.org,http://a.example.org,false",
        "https://*.example.org:8443,https://a.example.org:8443,true",
        "https://*.example.org,https://a.example.org.evil.example,false",
        "https://example.org,https://example.org.evil.example,false",
        "https://example.org,null,false"
    })
    void listedOrigin_mayPost_andReadTheResponse(String listed, String origin, boolean allowed) {
        try (TestApi api = TestApi.with(settings -> settings.allowedOrigins(Set.of(listed)))) {
            Reply reply = api.send(TestRequest.post("/rooms")
                    .header("Origin", origin)
                    .header("Sec-Fetch-Site", "cross-site")
                    .header("Host", "chat.internal"));
            assertThat(reply.status()).isEqualTo(allowed ? 201 : 403);
            assertThat(reply.response().headers().get("Access-Control-Allow-Origin"))
                    .isEqualTo(allowed ? origin : null);
        }
    }

    @Test
    void hostsFunction_maySayMore() {
        try (TestApi api =
                TestApi.with(settings -> settings.allowedOrigins(origin -> origin.endsWith(".tenant.example")))) {
            TestRequest post = TestRequest.post("/rooms").header("Sec-Fetch-Site", "cross-site");
            Reply reply = api.send(post.header("Origin", "HTTPS://A.tenant.example:443"));
            reply.is(201);
            assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("HTTPS://A.tenant.example:443");
            api.send(post.header("Origin", "https://a.other.example")).is(403, "cross_site");
        }
    }

    @Test
    void ownPage_onAHostWithAnUnderscore_mayPost_fromAnOldBrowser() {
        try (TestApi api = TestApi.create()) {
            api.send(TestRequest.post("/rooms").header("Host", "my_host:8080").header("Origin", "http://my_host:8080"))
                    .is(201);
        }
    }

    @Test
    void preflight_isAnsweredForTheHeadersThatItAsksFor() {
        try (TestApi api = TestApi.with(settings -> settings.allowedOrigins(Set.of("https://example.org")))) {
            TestRequest preflight = TestRequest.of("OPTIONS", "/rooms")
                    .header("Origin", "https://example.org")
                    .header("Access-Control-Request-Method", "POST")
                    .header("Access-Control-Request-Headers", "content-type,x-tenant");
            assertThat(api.send(preflight).is(204).header("Access-Control-Allow-Headers"))
                    .isEqualTo("content-type,x-tenant");
            preflight.header("Access-Control-Request-Headers", "x\r\nSet-Cookie: a=b");
            assertThat(api.send(preflight).is(204).header("Access-Control-Allow-Headers"))
                    .startsWith("Authorization, ");
        }
    }
}
