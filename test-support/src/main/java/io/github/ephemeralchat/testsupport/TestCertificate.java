package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate, made with the JDK's keytool.
 *
 * @param file the key store with the key and the certificate, which may serve as a trust store too
 */
public record TestCertificate(Path file) {

    /** The password of the key store. */
    public static final String PASSWORD = "for-tests";

    private static final String ALIAS = "test";

    /**
     * {@return a new certificate}
     *
     * @param folder where its file is written
     * @param host whose it is, such as {@code ip:127.0.0.1} or {@code dns:localhost}
     * @throws IOException if keytool cannot be started
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public static TestCertificate of(Path folder, String host) throws IOException, InterruptedException {
        Path file = folder.resolve(host.replace(':', '-') + ".p12");
        String[] command = {
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-dname",
            "CN=a Redis for tests",
            "-ext",
            "san=" + host,
            "-keystore",
            file.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD
        };
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("keytool ended with " + exit);
        }
        return new TestCertificate(file);
    }

    /**
     * {@return a server socket at which TLS ends: what its sockets read and write is plain}
     *
     * @throws IOException if the file cannot be read or no port is free
     * @throws GeneralSecurityException if the file is no such key store
     */
    public ServerSocket listen() throws IOException, GeneralSecurityException {
        KeyStore store = store();
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /**
     * {@return what a client needs that trusts this certificate alone}
     *
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if the file is no such key store
     */
    public SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("this", store().getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /**
     * {@return the certificate as PEM}
     *
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if the file is no such key store
     */
    public String pem() throws IOException, GeneralSecurityException {
        return pem("CERTIFICATE", store().getCertificate(ALIAS).getEncoded());
    }

    /**
     * {@return the certificate's key as PEM}
     *
     * @throws IOException if the file cannot be read
     * @throws GeneralSecurityException if the file is no such key store
     */
    public String keyPem() throws IOException, GeneralSecurityException {
        return pem("PRIVATE KEY", store().getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes), kind);
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }
}
