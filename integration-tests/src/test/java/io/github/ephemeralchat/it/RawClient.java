package io.github.ephemeralchat.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A client that sends what it is told, when it is told. */
final class RawClient implements AutoCloseable {

    private static final String LENGTH = "content-length: ";
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);

    private final Socket socket;

    private RawClient(Socket socket) {
        this.socket = socket;
    }

    static RawClient to(URI server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        socket.setTcpNoDelay(true);
        RawClient client = new RawClient(socket);
        client.waitAtMost(USUAL_TIMEOUT);
        return client;
    }

    void waitAtMost(Duration timeout) throws IOException {
        socket.setSoTimeout((int) timeout.toMillis());
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Whether a part of a response has come. */
    boolean hasResponse() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The head of the next response, and as much of its body as its length says. */
    String response() throws IOException {
        StringBuilder response = new StringBuilder();
        while (response.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the server has closed the connection after: " + response);
            }
            response.append((char) next);
        }
        String head = response.toString().toLowerCase(Locale.ROOT);
        int at = head.indexOf(LENGTH) + LENGTH.length();
        int length = at < LENGTH.length() ? 0 : Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
        return response + new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    /** All that comes until the server closes the connection, in whatever way. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                rest.append((char) next);
            }
        } catch (SocketException e) {
            // It was reset.
        }
        return rest.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
