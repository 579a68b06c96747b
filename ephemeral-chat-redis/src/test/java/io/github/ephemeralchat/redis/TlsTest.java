package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.EphemeralChatService;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.TcpProxy;
import io.github.ephemeralchat.testsupport.TestCertificate;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rediss://}: TLS ends just before the server, so that any server will do. */
class TlsTest {

    private static final String TRUSTED = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "javax.net.ssl.trustStorePassword";
    private static final String HERE = "ip:127.0.0.1";
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    /** As {@code -Djavax.net.ssl.trustStore} does for a whole JVM. */
    private static void trust(TestCertificate certificate) {
        System.setProperty(TRUSTED, certificate.file().toString());
        System.setProperty(PASSWORD, TestCertificate.PASSWORD);
    }

    @AfterEach
    void trustWhatTheJdkTrusts() {
        System.clearProperty(TRUSTED);
        System.clearProperty(PASSWORD);
    }

    private static TcpProxy tls(TestCertificate certificate) throws Exception {
        return new TcpProxy(RedisServer.shared().port(), certificate.listen());
    }

    private static RedisURI uri(TcpProxy tls) {
        return RedisURI.create("rediss://chat:secret@127.0.0.1:" + tls.port());
    }

    @Test
    void nodesTalkOverTlsAndComeBackToItAfterTheConnectionWasCut() throws Exception {
        TestCertificate certificate = TestCertificate.of(folder, HERE);
        trust(certificate);
        try (TcpProxy wire = tls(certificate);
                ChatNode here = ChatNode.open(uri(wire));
                ChatNode there = ChatNode.open(uri(wire))) {
            Membership room = here.room();
            Heard heard = there.listen(room);
            here.post(room, "hello");
            Await.until(SOON, "it is heard", () -> heard.hasText("hello"));
            wire.cut();
            wire.mend();
            here.postUntilStored(room, "again", "again");
            Await.until(SOON, "it is heard again", () -> heard.hasText("again"));
            assertThat(heard.resets()).isZero();
        }
    }

    @Test
    void certificateThatNobodyVouchesForIsRefused() throws Exception {
        assertRefused(TestCertificate.of(folder, HERE));
    }

    @Test
    void certificateOfAnotherHostIsRefused() throws Exception {
        TestCertificate certificate = TestCertificate.of(folder, "dns:redis.example");
        trust(certificate);
        assertRefused(certificate);
    }

    private static void assertRefused(TestCertificate certificate) throws Exception {
        try (TcpProxy wire = tls(certificate)) {
            assertThatExceptionOfType(ChatUnavailableException.class)
                    .isThrownBy(() -> RedisChat.connect(uri(wire)))
                    .withMessage("Redis cannot be reached")
                    .withRootCauseInstanceOf(java.security.GeneralSecurityException.class)
                    .withStackTraceContaining(SSLException.class.getPackageName());
        }
    }

    /** A certificate of one's own, for nothing but this: the host's client knows it. */
    @Test
    void clientOfTheHostMayTrustWhatItLikes() throws Exception {
        TestCertificate certificate = TestCertificate.of(folder, HERE);
        SslOptions trusting = SslOptions.builder()
                .truststore(certificate.file().toFile(), TestCertificate.PASSWORD)
                .build();
        try (TcpProxy wire = tls(certificate);
                RedisClient client = RedisClient.create()) {
            client.setOptions(ClientOptions.builder().sslOptions(trusting).build());
            try (RedisChat redis = RedisChat.builder().client(client, uri(wire)).connect();
                    ChatNode node =
                            new ChatNode(redis, EphemeralChatService.create(redis.store(), redis.broadcaster()))) {
                Membership room = node.room();
                Heard heard = node.listen(room);
                node.post(room, "hello");
                Await.until(SOON, "it is heard", () -> heard.hasText("hello"));
            }
        }
    }
}
