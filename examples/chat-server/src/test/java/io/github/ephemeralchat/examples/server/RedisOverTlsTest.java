package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.testsupport.ChatClient;
import io.github.ephemeralchat.testsupport.ChatClient.Seat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.TcpProxy;
import io.github.ephemeralchat.testsupport.TestCertificate;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --redis rediss://}: TLS ends just before the Redis, so that any Redis will do. */
class RedisOverTlsTest {

    @TempDir
    private Path folder;

    private RedisProcess redis;
    private TestCertificate certificate;
    private TcpProxy tls;

    @BeforeEach
    void start() throws Exception {
        redis = RedisProcess.startWithPassword();
        certificate = TestCertificate.of(folder, "ip:127.0.0.1");
        tls = new TcpProxy(redis.port(), certificate.listen());
    }

    @AfterEach
    void stop() {
        tls.close();
        redis.close();
    }

    private String address() {
        return "rediss://:" + RedisProcess.PASSWORD + "@127.0.0.1:" + tls.port();
    }

    @Test
    void roomsAreKeptInARedisWhoseCertificateTheJvmTrusts() throws Exception {
        List<String> trusting = List.of(
                "-Djavax.net.ssl.trustStore=" + certificate.file(),
                "-Djavax.net.ssl.trustStorePassword=" + TestCertificate.PASSWORD);
        try (ChatProcess process = ChatProcess.start(trusting, "--port", "0", "--redis", address())) {
            Seat ada = ChatClient.of(process.uri().resolve("/api")).create();
            assertThat(ada.post("hello").status()).isEqualTo(201);
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
        try (ChatProcess process = ChatProcess.start("--port", "0", "--redis", address())) {
            assertThat(process.exitCodeWithin(30)).isEqualTo(1);
            assertThat(process.errors())
                    .startsWith("Redis cannot be reached. Check --redis: ")
                    .doesNotContain("secret");
        }
    }
}
