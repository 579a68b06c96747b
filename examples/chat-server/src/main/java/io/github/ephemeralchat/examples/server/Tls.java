package io.github.ephemeralchat.examples.server;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How the server proves to browsers that it is the one they asked for. */
public sealed interface Tls {

    /**
     * Reads or makes the certificate.
     *
     * @return what connections begin with
     * @throws UnusableException if that cannot be done
     * @throws IOException if there is no place for its file
     */
    Identity open() throws IOException;

    /**
     * What connections begin with.
     *
     * @param context Netty's
     * @param fingerprint SHA-256 of a certificate that nobody else vouches for; null if somebody does
     */
    record Identity(SslContext context, @Nullable String fingerprint) {}

    /** There is no certificate to begin with. */
    final class UnusableException extends IOException {

        private static final long serialVersionUID = 1L;

        UnusableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A certificate of the operator's.
     *
     * @param certificate a file in the format PEM, with those of its issuers after it
     * @param key the file of its private key: PKCS#8, in the format PEM, without a password
     */
    record Given(Path certificate, Path key) implements Tls {

        @Override
        public Identity open() throws IOException {
            try {
                return new Identity(
                        SslContextBuilder.forServer(certificate.toFile(), key.toFile())
                                .build(),
                        null);
            } catch (IllegalArgumentException | SSLException e) {
                throw new UnusableException("the certificate or its key cannot be read", e);
            }
        }
    }

    /**
     * A certificate for trying, made by the JDK's keytool and gone with the process. Browsers warn of it: whoever goes on
     * compares the fingerprint.
     */
    record SelfSigned() implements Tls {

        private static final String ALIAS = "server";
        private static final String DAYS = "30";
        private static final int MADE_WITHIN_SECONDS = 30;

        @Override
        public Identity open() throws IOException {
            Path folder = Files.createTempDirectory("ephemeral-chat-tls");
            Path file = folder.resolve("server.p12");
            String password = randomText();
            try {
                make(file, password);
                return read(file, password);
            } catch (GeneralSecurityException e) {
                throw new UnusableException("a certificate cannot be made", e);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        }

        private static void make(Path file, String password) throws IOException {
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=ephemeral-chat for trying",
                    "-validity",
                    DAYS,
                    "-ext",
                    "san=" + names(),
                    "-keystore",
                    file.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass:env",
                    "PASSWORD");
            ProcessBuilder keytool = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            keytool.environment().put("PASSWORD", password);
            Process process = keytool.start();
            try {
                if (!process.waitFor(MADE_WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new UnusableException("keytool cannot make a certificate", null);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnusableException("interrupted while a certificate was made", e);
            } finally {
                process.destroyForcibly();
            }
        }

        /** All by which this machine may be reached. */
        private static String names() throws IOException {
            Stream<String> addresses = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(InetAddress::getHostAddress)
                    .filter(address -> !address.contains("%")) // Good within one network only.
                    .map(address -> "ip:" + address);
            return Stream.concat(Stream.of("dns:localhost", "ip:127.0.0.1"), addresses)
                    .distinct()
                    .collect(Collectors.joining(","));
        }

        private static Identity read(Path file, String password) throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance(file.toFile(), password.toCharArray());
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password.toCharArray());
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(store.getCertificate(ALIAS).getEncoded());
            String fingerprint = HexFormat.ofDelimiter(":").formatHex(digest).toUpperCase(Locale.ROOT);
            return new Identity(SslContextBuilder.forServer(keys).build(), fingerprint);
        }

        private static String randomText() {
            byte[] bytes = new byte[16];
            new SecureRandom().nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }
    }
}
