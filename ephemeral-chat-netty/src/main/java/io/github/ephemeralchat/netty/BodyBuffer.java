package io.github.ephemeralchat.netty;

import io.github.ephemeralchat.sse.ApiRequest;
import io.github.ephemeralchat.sse.ByteBudget;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request's body, as far as the API wants to see it: what is more than that is counted and dropped. */
final class BodyBuffer {

    /** One byte more than the API takes, so that it sees that there is more. */
    private static final int MAX_KEPT = ApiRequest.MAX_BODY_BYTES + 1;

    /** So much more is read, so that a client that is still sending sees the problem. */
    private static final int MAX_DROPPED = 1 << 20;

    private static final byte[] NOTHING = {};

    private final ByteBudget.Share share;
    private byte[] kept = NOTHING;
    /** How much of the array is filled. */
    private int length;
    /** How much has come. */
    private int size;

    BodyBuffer(ByteBudget incoming) {
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
        int coming = part.readableBytes();
        int wanted = Math.min(coming, MAX_KEPT - Math.min(size, MAX_KEPT));
        size += coming;
        if (wanted > 0) {
            if (!share.hold(Math.min(size, MAX_KEPT))) {
                return HttpResponseStatus.SERVICE_UNAVAILABLE;
            }
            // Not by the buffer's own way to a stream, which leaves a copy in buffers of the thread and of the pool.
            byte[] bytes = new byte[wanted];
            part.readBytes(bytes);
            keep(bytes);
        }
        return size <= MAX_KEPT + MAX_DROPPED ? null : HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
    }

    /** Most bodies come in one part, which is not copied again. */
    private void keep(byte[] part) {
        if (length == 0) {
            kept = part;
        } else {
            if (kept.length < length + part.length) {
                kept = Arrays.copyOf(kept, Math.max(2 * length, length + part.length));
            }
            System.arraycopy(part, 0, kept, length, part.length);
        }
        length += part.length;
    }

    /** The bytes, which leave room for the next body. */
    byte[] take() {
        byte[] bytes = kept.length == length ? kept : Arrays.copyOf(kept, length);
        clear();
        return bytes;
    }

    /** Keeps nothing. */
    void clear() {
        kept = NOTHING;
        length = 0;
        size = 0;
        share.hold(0);
    }
}
