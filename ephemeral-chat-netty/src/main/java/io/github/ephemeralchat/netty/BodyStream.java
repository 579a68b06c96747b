package io.github.ephemeralchat.netty;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A body that is at hand as a whole: who reads it in one go gets the array itself, which is nobody else's. */
final class BodyStream extends ByteArrayInputStream {

    BodyStream(byte[] bytes) {
        super(bytes);
    }

    @Override
    public synchronized byte[] readNBytes(int length) throws IOException {
        if (pos > 0 || count > length) {
            return super.readNBytes(length);
        }
        pos = count;
        return buf;
    }
}
