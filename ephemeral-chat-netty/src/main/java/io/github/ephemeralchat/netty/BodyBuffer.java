package io.github.ephemeralchat.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** A request's body, as far as the API wants to see it: what is more than that is counted and dropped. */
final class BodyBuffer {

    /** One byte more than the API takes, so that it sees that there is more. */
    private static final int MAX_KEPT = (64 << 10) + 1;

    /** So much more is read, so that a client that is still sending gets to see the refusal. */
    private static final int MAX_DROPPED = 1 << 20;

    private @Nullable ByteBuf kept;
    private int size;

    /** Returns false where no more is read of it. */
    boolean add(ByteBuf part) {
        int length = part.readableBytes();
        int wanted = Math.min(length, MAX_KEPT - Math.min(size, MAX_KEPT));
        size += length;
        if (wanted > 0) {
            keep(part.readRetainedSlice(wanted));
        }
        return size <= MAX_KEPT + MAX_DROPPED;
    }

    private void keep(ByteBuf part) {
        ByteBuf present = kept;
        if (present == null) {
            kept = part;
        } else if (present instanceof CompositeByteBuf parts) {
            parts.addComponent(true, part);
        } else {
            kept = Unpooled.compositeBuffer(Integer.MAX_VALUE)
                    .addComponent(true, present)
                    .addComponent(true, part);
        }
    }

    /** The bytes, which leave room for the next body. */
    byte[] take() {
        byte[] bytes = kept == null ? Unpooled.EMPTY_BUFFER.array() : ByteBufUtil.getBytes(kept);
        release();
        return bytes;
    }

    void release() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
        size = 0;
    }
}
