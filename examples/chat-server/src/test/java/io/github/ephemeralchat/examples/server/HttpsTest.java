package io.github.ephemeralchat.examples.server;

import static java.net.http.HttpResponse.BodyHandlers.ofInputStream;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.memory.MemoryRoomStore;
import io.github.ephemeralchat.testsupport.Answer;
import io.github.ephemeralchat.testsupport.TestCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server over TLS, with a certificate that it is given or makes. */
class HttpsTest {

    @TempDir
    private Path folder;

    @Test
    void madeCertificate_isTheOneWhoseFingerprintIsPrinted() throws Exception {
        ServerOptions options = ServerOptions.local(0).withTls(new Tls.SelfSigned());
        try (ChatServer server = ChatServer.start(options, MemoryRoomStore.create())) {
            assertThat(server.uri().getScheme()).isEqualTo("https");
            AtomicReference<X509Certificate> seen = new AtomicReference<>();
            talks(client(trusting(new Remembering(seen))), server.uri());
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(seen.get().getEncoded());
            assertThat(server.fingerprint())
                    .isEqualToIgnoringCase(HexFormat.ofDelimiter(":").formatHex(digest));
            // A client that does not know the certificate refuses it, and the server does not answer plain HTTP.
            assertThatThrownBy(() -> HttpClient.newHttpClient().send(get(server.uri()), ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
            URI clear = URI.create(server.uri().toString().replace("https", "http"));
            assertThatThrownBy(() -> HttpClient.newHttpClient().send(get(clear), ofString()))
                    .isInstanceOf(IOException.class);
            talks(client(trusting(new Remembering(seen))), server.uri());
        }
    }

    @Test
    void givenCertificate_isVerified() throws Exception {
        TestCertificate certificate = TestCertificate.of(folder, "dns:localhost");
        Tls.Given given = new Tls.Given(
                Files.writeString(folder.resolve("certificate.pem"), certificate.pem()),
                Files.writeString(folder.resolve("key.pem"), certificate.keyPem()));
        ServerOptions options = ServerOptions.local(0).withTls(given);
        try (ChatServer server = ChatServer.start(options, MemoryRoomStore.create())) {
            assertThat(server.fingerprint()).isNull();
            talks(client(certificate.trusting()), server.uri());
        }
    }

    @Test
    void filesThatAreNoCertificate_endTheStartWithAReason() throws Exception {
        Path none = Files.writeString(folder.resolve("empty.pem"), "");
        for (Path file : new Path[] {none, folder.resolve("missing.pem")}) {
            StringWriter err = new StringWriter();
            int exit = Main.commandLine(Map.of(), (options, backend, out) -> Main.serve(options, backend.open(), out))
                    .setErr(new PrintWriter(err))
                    .execute("--port=0", "--tls-cert=" + file, "--tls-key=" + none);
            assertThat(exit).isEqualTo(1);
            assertThat(err.toString()).contains("certificate", "--tls").doesNotContain("--port");
        }
    }

    /** A room is created, a stream opened, a message posted and read. */
    private static void talks(HttpClient client, URI server) throws Exception {
        HttpResponse<String> created =
                client.send(post(server.resolve("/api/rooms"), "{}").build(), ofString());
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");

        URI room = server.resolve(created.headers().firstValue("Location").orElseThrow());
        String token = Answer.parse(created.body()).get("token").asText();
        HttpRequest listen = HttpRequest.newBuilder(URI.create(room + "/events"))
                .header("Ephemeral-Chat-Token", token)
                .build();
        HttpResponse<InputStream> stream = client.send(listen, ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            String text = "long ".repeat(700).strip();
            HttpRequest posting = post(URI.create(room + "/messages"), "{\"text\":\"" + text + "\"}")
                    .header("Ephemeral-Chat-Token", token)
                    .build();
            for (int i = 0; i < 50; i++) {
                assertThat(client.send(posting, ofString()).statusCode()).isEqualTo(201);
            }
            int found = 0;
            for (String line = lines.readLine(); found < 50; line = lines.readLine()) {
                found += line.contains(text) ? 1 : 0;
            }
        }
    }

    private static HttpRequest get(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    }

    private static HttpRequest.Builder post(URI uri, String json) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
    }

    private static HttpClient client(SSLContext trusting) {
        return HttpClient.newBuilder().sslContext(trusting).build();
    }

    private static SSLContext trusting(TrustManager trust) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {trust}, null);
        return context;
    }

    /** Trusts whoever comes, and remembers who it was. */
    private record Remembering(AtomicReference<X509Certificate> seen) implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new IllegalStateException("no client has a certificate");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            seen.set(chain[0]);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
