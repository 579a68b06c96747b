package io.github.ephemeralchat.redis;

import io.lettuce.core.codec.StringCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** UTF-8. Lettuce's own codec decodes in a buffer that its thread keeps, with what somebody wrote in it. */
final class TextCodec extends StringCodec {

    static final TextCodec INSTANCE = new TextCodec();

    private TextCodec() {
        super(StandardCharsets.UTF_8);
    }

    @Override
    public String decodeKey(ByteBuffer bytes) {
        return decodeValue(bytes);
    }

    @Override
    public String decodeValue(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
