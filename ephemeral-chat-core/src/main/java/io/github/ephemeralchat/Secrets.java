package io.github.ephemeralchat;

import java.security.SecureRandom;
import java.util.Base64;

/** Everything random that somebody might try to guess. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 24;
    private static final int MESSAGE_ID_BYTES = 12;

    private Secrets() {}

    /** A bearer token of 192 random bits in base64url. */
    static String token() {
        return base64(TOKEN_BYTES);
    }

    /** An id of 96 random bits in base64url: 16 characters. */
    static String messageId() {
        return base64(MESSAGE_ID_BYTES);
    }

    private static String base64(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static long number() {
        return RANDOM.nextLong();
    }
}
