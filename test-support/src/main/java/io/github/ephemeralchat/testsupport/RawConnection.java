package io.github.ephemeralchat.testsupport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client of HTTP that sends exactly what it is told, byte by byte: each character up to U+00FF is one byte. */
public final class RawConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String LENGTH = "content-length: ";

    private final Socket socket = new Socket();
    private InputStream in = InputStream.nullInputStream();

    private RawConnection() {}

    /**
     * {@return a connection to a server on this machine}
     *
     * @param port where it listens
     */
    public static RawConnection to(int port) {
        return from(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * {@return a connection to a server on this machine}
     *
     * @param client the address of the client
     * @param port where the server listens
     */
    public static RawConnection from(InetAddress client, int port) {
        RawConnection connection = new RawConnection();
        try {
            connection.socket.bind(new InetSocketAddress(client, 0));
            connection.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            connection.socket.setSoTimeout(TIMEOUT_MILLIS);
            connection.socket.setTcpNoDelay(true);
            connection.in = new BufferedInputStream(connection.socket.getInputStream());
            return connection;
        } catch (IOException e) {
            connection.close();
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sets how long to wait for the next byte, 10 s at first.
     *
     * @param millis the longest time
     * @return this
     * @throws IOException if the connection is closed
     */
    public RawConnection timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
        return this;
    }

    /**
     * Sends bytes.
     *
     * @param bytes a character for each
     * @return this
     * @throws IOException if the server has closed the connection
     */
    public RawConnection send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /**
     * Sends no more, and still reads.
     *
     * @return this
     * @throws IOException if the server has closed the connection
     */
    public RawConnection endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /**
     * {@return the head of the next answer, and as much of its body as its length says}
     *
     * @throws IOException if the server closes the connection before that, or says nothing more
     */
    public String answer() throws IOException {
        StringBuilder answer = new StringBuilder(upTo(END_OF_HEAD));
        String head = answer.toString().toLowerCase(Locale.ROOT);
        int at = head.indexOf(LENGTH);
        if (at >= 0) {
            at += LENGTH.length();
            byte[] body = in.readNBytes(Integer.parseInt(head.substring(at, head.indexOf('\r', at))));
            answer.append(new String(body, StandardCharsets.ISO_8859_1));
        }
        return answer.toString();
    }

    /**
     * {@return what comes up to some text, and that text}
     *
     * @param end the text
     * @throws IOException if the server closes the connection before that, or says nothing more
     */
    public String upTo(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            text.append((char) read());
        }
        return text.toString();
    }

    /**
     * Reads bytes and drops them.
     *
     * @param bytes how many
     * @throws IOException if the server closes the connection before that, or says nothing more
     */
    public void skip(int bytes) throws IOException {
        in.skipNBytes(bytes);
    }

    private int read() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new IOException("the server has closed the connection");
        }
        return next;
    }

    /**
     * {@return all that comes until the server closes the connection}
     *
     * @throws IOException if it does not
     */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Closes the connection. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
