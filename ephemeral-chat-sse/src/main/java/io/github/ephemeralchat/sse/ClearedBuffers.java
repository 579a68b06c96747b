package io.github.ephemeralchat.sse;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.Arrays;

/**
 * The buffers in which JSON is read and written, each cleared before it is kept for the next use: what was written in it
 * would stay long after its room has ended. Larger ones than usual are not kept.
 */
final class ClearedBuffers extends BufferRecycler {

    static final RecyclerPool<BufferRecycler> POOL = new Pool();

    @Override
    public void releaseByteBuffer(int index, byte[] buffer) {
        if (buffer.length <= byteBufferLength(index)) {
            Arrays.fill(buffer, (byte) 0);
            super.releaseByteBuffer(index, buffer);
        }
    }

    @Override
    public void releaseCharBuffer(int index, char[] buffer) {
        if (buffer.length <= charBufferLength(index)) {
            Arrays.fill(buffer, '\0');
            super.releaseCharBuffer(index, buffer);
        }
    }

    /** Not one for each thread: a container's threads outlive the application. */
    private static final class Pool extends RecyclerPool.BoundedPoolBase<BufferRecycler> {

        private static final long serialVersionUID = 1L;
        private static final int MAX_KEPT = 16;

        Pool() {
            super(MAX_KEPT);
        }

        @Override
        public BufferRecycler createPooled() {
            return new ClearedBuffers();
        }
    }
}
