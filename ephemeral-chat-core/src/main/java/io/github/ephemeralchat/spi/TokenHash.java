package io.github.ephemeralchat.spi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of a token: all of a token that a store ever sees. Immutable; compared in constant time. */
public final class TokenHash {

    /** Kept, because to look one up costs more than to use it. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(TokenHash::sha256);

    private final byte[] bytes;

    private TokenHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Hashes a token.
     *
     * @param token any string
     * @return its SHA-256
     */
    public static TokenHash of(String token) {
        Objects.requireNonNull(token, "token");
        MessageDigest sha256 = SHA_256.get();
        byte[] hash = sha256.digest(token.getBytes(StandardCharsets.UTF_8));
        sha256.reset(); // It would hold the token until the thread's next one.
        return new TokenHash(hash);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** {@return the hash for storing: 64 lower-case hexadecimal digits} */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenHash that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns nothing of the hash. */
    @Override
    public String toString() {
        return "TokenHash[...]";
    }
}
