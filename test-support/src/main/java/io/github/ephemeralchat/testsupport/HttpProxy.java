package io.github.ephemeralchat.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between browsers and a server on this machine that does what proxies on real networks do: it answers in the
 * server's place, loses answers, and holds them back. Each connection carries one request.
 */
public final class HttpProxy implements AutoCloseable {

    private static final int BACKLOG = 50;
    private static final int BUFFER = 16 << 10;

    /** What becomes of a request. */
    public sealed interface Treatment {

        /** The server answers. */
        record Pass() implements Treatment {}

        /**
         * Something else answers, and the server hears nothing of it.
         *
         * @param status the status line after the version, such as {@code 401 Unauthorized}
         * @param headers header lines, each with its line end
         * @param body the body
         */
        record Answer(String status, String headers, String body) implements Treatment {}

        /** The server answers, and the answer is lost with the connection. */
        record LoseAnswer() implements Treatment {}

        /** The head of the answer passes, and its body once it is complete. */
        record HoldBody() implements Treatment {}

        /** The answer passes once it is complete. */
        record Hold() implements Treatment {}

        /**
         * The server answers, late.
         *
         * @param latencies of each request, the time until its answer begins; what follows takes half as long
         */
        record Late(Supplier<Duration> latencies) implements Treatment {}
    }

    /** The rule in force. */
    private record Rule(Pattern requests, Treatment treatment, boolean once) {}

    private final int target;
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Rule> rule = new AtomicReference<>();
    private volatile BooleanSupplier refuses = () -> false;

    /**
     * Opens a proxy that passes everything on.
     *
     * @param server where the server is
     */
    public HttpProxy(URI server) {
        this.target = server.getPort();
        try {
            this.entrance = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::acceptUntilClosed);
    }

    /** {@return where browsers find the server} */
    public URI uri() {
        return URI.create("http://localhost:" + entrance.getLocalPort());
    }

    /**
     * Treats some requests in another way until told otherwise.
     *
     * @param requests a regular expression for all of method, space and path
     * @param treatment what becomes of them
     */
    public void treat(String requests, Treatment treatment) {
        rule.set(new Rule(Pattern.compile(requests), treatment, false));
    }

    /**
     * Treats the next such request in another way.
     *
     * @param requests a regular expression for all of method, space and path
     * @param treatment what becomes of it
     */
    public void treatNext(String requests, Treatment treatment) {
        rule.set(new Rule(Pattern.compile(requests), treatment, true));
    }

    /** Passes everything on. */
    public void passAll() {
        rule.set(null);
    }

    /** {@return whether no rule is in force, such as one for the next request that has come} */
    public boolean passesAll() {
        return rule.get() == null;
    }

    /**
     * Refuses some connections: they end before anything is read.
     *
     * @param refuses tells of each connection whether it is one of them
     */
    public void refuse(BooleanSupplier refuses) {
        this.refuses = refuses;
    }

    /** Ends the connections that are open now. */
    public void cut() {
        sockets.forEach(HttpProxy::end);
    }

    /** Says nothing more on the connections that are open now, and keeps them open: nobody is told that they are dead. */
    public void fallSilent() {
        relays.forEach(relay -> relay.silent = true);
    }

    private void acceptUntilClosed() {
        while (!entrance.isClosed()) {
            try {
                Socket near = entrance.accept();
                if (refuses.getAsBoolean()) {
                    near.setSoLinger(true, 0); // The other end is told that there is nobody.
                    near.close();
                } else {
                    sockets.add(near);
                    daemon(() -> serve(near));
                }
            } catch (IOException e) {
                // The entrance was closed.
            }
        }
    }

    private void serve(Socket near) {
        try (near) {
            Request request = Request.read(new BufferedInputStream(near.getInputStream()));
            if (request != null) {
                treat(near, request, treatmentOf(request.line()));
            }
        } catch (IOException e) {
            // One of the two has hung up.
        } finally {
            sockets.remove(near);
        }
    }

    private Treatment treatmentOf(String line) {
        Rule now = rule.get();
        if (now == null || !now.requests().matcher(line).matches()) {
            return new Treatment.Pass();
        }
        if (now.once() && !rule.compareAndSet(now, null)) {
            return new Treatment.Pass();
        }
        return now.treatment();
    }

    private void treat(Socket near, Request request, Treatment treatment) throws IOException {
        if (treatment instanceof Treatment.Answer answer) {
            near.getOutputStream().write(bytesOf(answer));
            return;
        }
        Duration halfWay = treatment instanceof Treatment.Late late
                ? late.latencies().get().dividedBy(2)
                : Duration.ZERO;
        passTime(halfWay);
        try (Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
            sockets.add(far);
            far.getOutputStream().write(request.bytes());
            Relay relay = new Relay(far.getInputStream(), near.getOutputStream(), halfWay);
            relays.add(relay);
            relay.run(treatment);
            relays.remove(relay);
            sockets.remove(far);
        }
    }

    private static void passTime(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    private static byte[] bytesOf(Treatment.Answer answer) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(answer.status(), answer.headers(), body.length);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It has ended either way.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "http-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends all connections and listens no longer. */
    @Override
    public void close() {
        try {
            entrance.close();
            cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request as it goes to the server: after its answer the connection ends. */
    private record Request(String line, String text) {

        static @Nullable Request read(InputStream in) throws IOException {
            String head = head(in);
            if (head.isEmpty()) {
                return null;
            }
            List<String> lines = head.lines().toList();
            int length = 0;
            StringBuilder sent = new StringBuilder(lines.get(0)).append("\r\nConnection: close\r\n");
            for (String line : lines.subList(1, lines.size())) {
                String lower = line.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(
                            lower.substring("content-length:".length()).trim());
                }
                if (!line.isEmpty() && !lower.startsWith("connection:")) {
                    sent.append(line).append("\r\n");
                }
            }
            String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            String first = lines.get(0);
            return new Request(first.substring(0, first.lastIndexOf(' ')), sent.append("\r\n") + body);
        }

        byte[] bytes() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Up to the empty line; empty where nothing came. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** An answer on its way. */
    private static final class Relay {

        private final InputStream from;
        private final OutputStream to;
        private final Duration halfWay;
        private volatile boolean silent;

        Relay(InputStream from, OutputStream to, Duration halfWay) {
            this.from = from;
            this.to = to;
            this.halfWay = halfWay;
        }

        void run(Treatment treatment) throws IOException {
            if (treatment instanceof Treatment.LoseAnswer) {
                from.readAllBytes();
                return;
            }
            if (treatment instanceof Treatment.HoldBody) {
                to.write(head(from).getBytes(StandardCharsets.ISO_8859_1));
                to.flush();
            }
            if (treatment instanceof Treatment.Pass || treatment instanceof Treatment.Late) {
                pump();
            } else {
                to.write(from.readAllBytes());
            }
        }

        private void pump() throws IOException {
            byte[] buffer = new byte[BUFFER];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                passTime(halfWay);
                if (!silent) {
                    to.write(buffer, 0, n);
                }
            }
        }
    }
}
