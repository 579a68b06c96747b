package io.github.ephemeralchat.examples.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** The proof that a passcode stands for in a plain room, made without a browser. */
final class PasscodeProof {

    private static final byte[] SALT = "ec1 plain passcode".getBytes(StandardCharsets.UTF_8);
    private static final int ITERATIONS = 600_000;
    private static final int BITS = 256;

    private PasscodeProof() {}

    static String of(String passcode) {
        char[] normalized = Normalizer.normalize(passcode, Normalizer.Form.NFKC).toCharArray();
        try {
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(normalized, SALT, ITERATIONS, BITS))
                    .getEncoded();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
