package io.github.ephemeralchat.netty;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A body that is at hand as a whole: who reads it in one go needs no buffer for what might come. */
final class BodyStream extends ByteArrayInputStream {

    BodyStream(byte[] bytes) {
        super(bytes);
    }

    @Override
    public synchronized byte[] readNBytes(int length) throws IOException {
        return available() <= length ? readAllBytes() : super.readNBytes(length);
    }
}
