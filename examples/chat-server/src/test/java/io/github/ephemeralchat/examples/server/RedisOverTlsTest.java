package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --redis rediss://}: TLS ends just before the Redis, so that any Redis will do. */
class RedisOverTlsTest {

    private static final String PASSWORD = "for-tests";

    @TempDir
    private Path folder;

    private RedisProcess redis;
    private CuttableProxy tls;

    @BeforeEach
    void start() throws Exception {
        redis = RedisProcess.start();
        tls = new CuttableProxy("localhost", URI.create(redis.address()), withCertificate(makeCertificate()));
    }

    @AfterEach
    void stop() throws IOException {
        tls.close();
        redis.close();
    }

    private String address() {
        return "rediss://:secret@127.0.0.1:" + tls.uri().getPort();
    }

    @Test
    void roomsAreKeptInARedisWhoseCertificateTheJvmTrusts() throws Exception {
        List<String> trusting = List.of(
                "-Djavax.net.ssl.trustStore=" + certificate(), "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
        try (ChatProcess process = ChatProcess.start(trusting, "--port", "0", "--redis", address())) {
            var node = process.uri();
            Guest ada = Guest.creates(HttpClient.newHttpClient(), node);
            assertThat(ada.posts(node, "hello").statusCode()).isEqualTo(201);
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

    private Path certificate() {
        return folder.resolve("redis.p12");
    }

    private Path makeCertificate() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-genkeypair -alias redis -keyalg EC -dname CN=redis -ext san=ip:127.0.0.1".split(" ")));
        command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", certificate().toString()));
        Process made = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(made.waitFor()).isZero();
        return certificate();
    }

    private static ServerSocket withCertificate(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}
