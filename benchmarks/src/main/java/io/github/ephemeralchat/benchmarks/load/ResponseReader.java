package io.github.ephemeralchat.benchmarks.load;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes HTTP/1.1 answers apart: bodies with a length, in chunks, or up to the connection's end. */
final class ResponseReader {

    private static final Pattern LENGTH = Pattern.compile("\ncontent-length: *(\\d+)");
    private static final int STATUS_FROM = 9;
    private static final int STATUS_TO = 12;
    private static final int HEX = 16;

    /** Who is told what an answer has. */
    interface Handler {
        void head(int status) throws IOException;

        void body(byte[] bytes, int from, int to) throws IOException;

        void end(int status, boolean connectionCloses) throws IOException;
    }

    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER
    }

    private final Handler handler;
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder head = new StringBuilder();
    private State state = State.HEAD;
    private long left;
    private int status;
    private boolean closes;

    ResponseReader(Handler handler) {
        this.handler = handler;
    }

    void read(byte[] bytes, int length) throws IOException {
        int at = 0;
        while (at < length) {
            at = state == State.BODY || state == State.CHUNK
                    ? content(bytes, at, at + (int) Math.min(length - at, left))
                    : upToLine(bytes, at, length);
        }
    }

    private int content(byte[] bytes, int from, int to) throws IOException {
        handler.body(bytes, from, to);
        left -= to - from;
        if (left == 0) {
            if (state == State.CHUNK) {
                state = State.CHUNK_END;
            } else {
                end();
            }
        }
        return to;
    }

    private int upToLine(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        while (at < length && bytes[at] != '\n') {
            if (bytes[at] != '\r') {
                line.append((char) bytes[at]);
            }
            at++;
        }
        if (at == length) {
            return at;
        }
        String whole = line.toString();
        line.setLength(0);
        line(whole);
        return at + 1;
    }

    private void line(String whole) throws IOException {
        switch (state) {
            case HEAD -> headLine(whole);
            case CHUNK_SIZE -> {
                int semicolon = whole.indexOf(';');
                left = Long.parseLong(semicolon < 0 ? whole : whole.substring(0, semicolon), HEX);
                state = left == 0 ? State.TRAILER : State.CHUNK;
            }
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case TRAILER -> {
                if (whole.isEmpty()) {
                    end();
                }
            }
            default -> throw new IllegalStateException("a body has no lines");
        }
    }

    private void headLine(String whole) throws IOException {
        if (!whole.isEmpty()) {
            head.append(whole).append('\n');
            return;
        }
        String all = head.toString().toLowerCase(Locale.ROOT);
        head.setLength(0);
        status = Integer.parseInt(all.substring(STATUS_FROM, STATUS_TO));
        closes = all.contains("\nconnection: close");
        Matcher length = LENGTH.matcher(all);
        if (all.contains("\ntransfer-encoding: chunked")) {
            state = State.CHUNK_SIZE;
        } else {
            state = State.BODY;
            boolean none = status == 204;
            left = length.find() ? Long.parseLong(length.group(1)) : none ? 0 : Long.MAX_VALUE;
        }
        handler.head(status);
        if (state == State.BODY && left == 0) {
            end();
        }
    }

    private void end() throws IOException {
        state = State.HEAD;
        handler.end(status, closes);
    }
}
