package io.github.ephemeralchat.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A connection that takes everything. */
final class CollectingSink implements StreamSink {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void write(byte[] bytes) {
        written.writeBytes(bytes);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
