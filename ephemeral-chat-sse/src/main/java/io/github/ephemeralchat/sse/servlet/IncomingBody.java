package io.github.ephemeralchat.sse.servlet;

import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ByteBudget;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request's body as it arrives: kept as far as the API wants to see it, dropped beyond. What has not arrived takes no
 * memory. Used by one thread at a time.
 */
final class IncomingBody {

    /** One byte more than the API takes, so that it sees that there is more. */
    private static final int MAX_KEPT = ApiRequest.MAX_BODY_BYTES + 1;

    /** So much more is read, so that a client that is still sending sees the problem. */
    private static final int MAX_DROPPED = 1 << 20;

    private static final int USUAL_BYTES = 512;
    private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final HttpServletRequest request;
    private final long announced;
    private byte[] kept = {};
    private int size;
    private long received;
    private boolean ended;
    private volatile @Nullable Throwable failure;
    private ByteBudget.@Nullable Share share;

    private IncomingBody(HttpServletRequest request, long announced) {
        this.request = request;
        this.announced = announced;
    }

    /** The body of a request, of which nothing is read yet. */
    static IncomingBody of(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        return new IncomingBody(request, length < 0 && !isOfUnknownLength(request) ? 0 : length);
    }

    private static boolean isOfUnknownLength(HttpServletRequest request) {
        // Over HTTP/2 no header tells.
        return request.getProtocol().startsWith("HTTP/1")
                ? request.getHeader("Transfer-Encoding") != null
                : METHODS_WITH_BODY.contains(request.getMethod());
    }

    /**
     * Whether some of it is still on its way, after all that has arrived is taken. A client that waits for an interim
     * response has sent nothing, and the first look at the body would make the container ask for it.
     */
    boolean isAwaited() {
        if (announced >= 0 && announced < MAX_KEPT && request.getHeader("Expect") == null) {
            takeArrived();
        }
        return !isOver() && failure == null;
    }

    private void takeArrived() {
        try {
            while (!isOver() && stream().available() > 0) {
                readOnce();
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /**
     * Counts all that may be kept, until {@link #release}: once it is waited for, it is not refused for want of memory.
     *
     * @return false if there is not so much left
     */
    boolean countIn(ByteBudget incoming) {
        share = incoming.newShare();
        return share.hold(announced < 0 ? MAX_KEPT : Math.min(announced, MAX_KEPT));
    }

    /** Holds nothing any more. */
    void release() {
        if (share != null) {
            share.hold(0);
        }
    }

    /** Has every later attempt to read it fail. */
    void fail(Throwable cause) {
        failure = cause;
    }

    /** Has a listener called when there is something to take. */
    void listen(ReadListener listener) throws IOException {
        stream().setReadListener(listener);
    }

    /** There is no more: not every container says so to a listener by a read of -1. */
    void end() {
        ended = true;
    }

    /** Takes what there is, for a listener. */
    void takeReady() throws IOException {
        ServletInputStream in = stream();
        while (!isOver() && in.isReady()) {
            readOnce();
        }
    }

    /** All bytes, or one more than the API takes; waits for those that have not arrived. */
    byte[] read() throws IOException {
        Throwable cause = failure;
        if (cause != null) {
            throw new IOException(cause);
        }
        while (!isOver()) {
            readOnce();
        }
        return size == kept.length ? kept : Arrays.copyOf(kept, size);
    }

    /** Whether all of it was received, so that the next request on its connection begins where this one ends. */
    boolean isWhole() {
        return ended || received == announced;
    }

    /** Whether no more of it is read. */
    boolean isOver() {
        return isWhole() || received >= MAX_KEPT + MAX_DROPPED;
    }

    private void readOnce() throws IOException {
        boolean keeps = size < MAX_KEPT;
        if (keeps && size == kept.length) {
            kept = Arrays.copyOf(kept, roomFor());
        }
        // Of a body that is longer nobody looks at a byte.
        int from = keeps ? size : 0;
        int read = stream().read(kept, from, kept.length - from);
        if (read < 0) {
            ended = true;
        } else {
            received += read;
            size += keeps ? read : 0;
        }
    }

    /** As much as is announced where that is little, and otherwise twice what has arrived. */
    private int roomFor() {
        int little = announced > 0 && announced <= USUAL_BYTES ? (int) announced : USUAL_BYTES;
        return Math.min(MAX_KEPT, Math.max(little, 2 * size));
    }

    private ServletInputStream stream() throws IOException {
        return request.getInputStream();
    }
}
