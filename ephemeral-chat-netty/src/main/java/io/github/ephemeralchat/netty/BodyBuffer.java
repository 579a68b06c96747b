package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.IncomingBytes;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A request's body, as far as the API wants to see it: what is more than that is counted and dropped. */
final class BodyBuffer {

    /** One byte more than the API takes, so that it sees that there is more. */
    private static final int MAX_KEPT = ApiRequest.MAX_BODY_BYTES + 1;

    /** So much more is read, so that a client that is still sending sees the problem. */
    private static final int MAX_DROPPED = 1 << 20;

    private static final byte[] NOTHING = {};

    private final IncomingBytes.Share share;
    private @Nullable ByteArrayOutputStream kept;
    private int size;

    BodyBuffer(IncomingBytes incoming) {
        share = incoming.newShare();
    }

    /** Whether a body would not be read to its end, by the length that its head has. */
    static boolean isTooLong(HttpRequest head) {
        long length = HttpUtil.getContentLength(head, 0L);
        return length > (HttpUtil.is100ContinueExpected(head) ? ApiRequest.MAX_BODY_BYTES : MAX_KEPT + MAX_DROPPED);
    }

    /** Returns the status to refuse the request with if no more of it is read; null if it is. */
    @Nullable
    HttpResponseStatus add(ByteBuf part) {
        int length = part.readableBytes();
        int wanted = Math.min(length, MAX_KEPT - Math.min(size, MAX_KEPT));
        size += length;
        if (wanted > 0) {
            if (!share.hold(Math.min(size, MAX_KEPT))) {
                return HttpResponseStatus.SERVICE_UNAVAILABLE;
            }
            // Not by the buffer's own way to a stream, which leaves a copy in buffers of the thread and of the pool.
            byte[] bytes = new byte[wanted];
            part.readBytes(bytes);
            kept = kept == null ? new ByteArrayOutputStream(wanted) : kept;
            kept.writeBytes(bytes);
        }
        return size <= MAX_KEPT + MAX_DROPPED ? null : HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
    }

    /** The bytes, which leave room for the next body. */
    byte[] take() {
        byte[] bytes = kept == null ? NOTHING : kept.toByteArray();
        clear();
        return bytes;
    }

    /** Keeps nothing. */
    void clear() {
        kept = null;
        size = 0;
        share.hold(0);
    }
}
