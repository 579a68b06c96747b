package io.github.ephemeralchat.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** What a Redis says, without some of the messages that were published: they are lost on the way. */
final class LossyReplies extends InputStream {

    /** How a published message begins, after the line that says how many parts it has. */
    private static final String MESSAGE = "$7\r\nmessage\r\n";

    private final InputStream in;
    private final int percent;
    private final AtomicInteger lost;
    private final Random random;
    private byte[] reply = {};
    private int at;

    LossyReplies(InputStream in, int percent, AtomicInteger lost) {
        this.in = new BufferedInputStream(in);
        this.percent = percent;
        this.lost = lost;
        this.random = new Random(percent);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        try {
            while (at == reply.length) {
                next();
            }
        } catch (EOFException e) {
            return -1;
        }
        int n = Math.min(length, reply.length - at);
        System.arraycopy(reply, at, to, offset, n);
        at += n;
        return n;
    }

    private void next() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        copyReply(whole);
        reply = whole.toByteArray();
        at = 0;
        if (isMessage() && random.nextInt(100) < percent) {
            at = reply.length;
            lost.incrementAndGet();
        }
    }

    private boolean isMessage() {
        String text = new String(reply, StandardCharsets.ISO_8859_1);
        return text.startsWith(MESSAGE, text.indexOf('\n') + 1);
    }

    /** A reply of either version of the protocol, with all of its parts. */
    private void copyReply(ByteArrayOutputStream to) throws IOException {
        String line = copyLine(to);
        String number = line.substring(1).strip();
        switch (line.charAt(0)) {
            case '*', '>', '~' -> copyReplies(to, Integer.parseInt(number));
            case '%' -> copyReplies(to, 2 * Integer.parseInt(number));
            case '$', '=', '!' -> copyBytes(to, Integer.parseInt(number));
            default -> {}
        }
    }

    private void copyReplies(ByteArrayOutputStream to, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            copyReply(to);
        }
    }

    private String copyLine(ByteArrayOutputStream to) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        do {
            c = in.read();
            if (c < 0) {
                throw new EOFException();
            }
            to.write(c);
            line.append((char) c);
        } while (c != '\n');
        return line.toString();
    }

    private void copyBytes(ByteArrayOutputStream to, int length) throws IOException {
        if (length >= 0) {
            to.write(in.readNBytes(length + 2));
        }
    }
}
