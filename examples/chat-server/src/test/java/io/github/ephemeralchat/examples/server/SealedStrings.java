package io.github.ephemeralchat.examples.server;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The format of docs/ENCRYPTION.md with {@code javax.crypto} alone: it shares nothing with the browser client. */
final class SealedStrings {

    static final int NONCE = 12;
    static final int HEAD = 1 + NONCE + 32;

    private static final String PREFIX = "ec1.";
    private static final byte[] NOTHING = {};

    private SealedStrings() {}

    /** What a string is sealed for; parts that there are not are empty. */
    record Place(String purpose, String room, String sender, String id) {

        byte[] bytes() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            Stream.of(purpose, room, sender, id).map(SealedStrings::utf8).forEach(part -> {
                all.writeBytes(bigEndian(part.length));
                all.writeBytes(part);
            });
            return all.toByteArray();
        }
    }

    /** A string that does not open. */
    static final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RefusedException(String reason) {
            super(reason);
        }
    }

    static byte[] secret(byte[] linkKey, @Nullable String passcode) {
        if (passcode == null) {
            return linkKey;
        }
        return hkdf(joined(linkKey, stretched(passcode, linkKey)), NOTHING, "ec1 secret");
    }

    static byte[] stretched(String passcode, byte[] salt) {
        char[] normalized = Normalizer.normalize(passcode, Normalizer.Form.NFKC).toCharArray();
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(normalized, salt, 600_000, 256))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String proof(byte[] secret, byte[] invitation) {
        return text(hkdf(secret, invitation, "ec1 join"));
    }

    static byte[] key(byte[] secret, String room) {
        return hkdf(secret, utf8(room), "ec1 room");
    }

    static byte[] messageKey(byte[] key, byte[] nonce, String purpose) {
        return hkdf(key, nonce, "ec1 " + purpose);
    }

    static byte[] commitment(byte[] key, byte[] nonce, Place place) {
        return hmac(hkdf(key, nonce, "ec1 commit"), place.bytes());
    }

    static String seal(byte[] key, Place place, byte[] plaintext, byte[] nonce) {
        return sealPadded(key, place, padded(plaintext), nonce);
    }

    static String sealPadded(byte[] key, Place place, byte[] padded, byte[] nonce) {
        byte[] ciphertext =
                gcm(Cipher.ENCRYPT_MODE, messageKey(key, nonce, place.purpose()), nonce, place.bytes(), padded);
        return string(nonce, commitment(key, nonce, place), ciphertext);
    }

    static String string(byte[] nonce, byte[] commitment, byte[] ciphertext) {
        return PREFIX + text(joined(new byte[] {1}, nonce, commitment, ciphertext));
    }

    static byte[] open(byte[] key, Place place, String sealed) {
        byte[] all = sealed.startsWith(PREFIX) ? bytes(sealed.substring(PREFIX.length())) : NOTHING;
        if (all.length < HEAD + 64 + 16 || all[0] != 1) {
            throw new RefusedException("not the form");
        }
        byte[] nonce = Arrays.copyOfRange(all, 1, 1 + NONCE);
        byte[] commitment = Arrays.copyOfRange(all, 1 + NONCE, HEAD);
        if (!MessageDigest.isEqual(commitment, commitment(key, nonce, place))) {
            throw new RefusedException("not that key's or place's");
        }
        byte[] own = messageKey(key, nonce, place.purpose());
        byte[] ciphertext = Arrays.copyOfRange(all, HEAD, all.length);
        return unpadded(gcm(Cipher.DECRYPT_MODE, own, nonce, place.bytes(), ciphertext));
    }

    static byte[] gcm(int mode, byte[] key, byte[] nonce, byte[] bound, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(bound);
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new RefusedException("not that key's ciphertext");
        }
    }

    static byte[] padded(byte[] plaintext) {
        int length = 4 + plaintext.length;
        int step = length > 1024 ? 256 : 64;
        byte[] padded = new byte[(length + step - 1) / step * step];
        ByteBuffer.wrap(padded).putInt(plaintext.length).put(plaintext);
        return padded;
    }

    static byte[] unpadded(byte[] padded) {
        int length = ByteBuffer.wrap(padded).getInt();
        if (length < 0 || length > padded.length - 4) {
            throw new RefusedException("a length that cannot be");
        }
        byte[] plaintext = Arrays.copyOfRange(padded, 4, 4 + length);
        if (!Arrays.equals(padded(plaintext), padded)) {
            throw new RefusedException("not the padding");
        }
        return plaintext;
    }

    static byte[] tagged(byte[] tag, String text) {
        return joined(tag, utf8(text));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The bytes of the one base64url that stands for them. */
    static byte[] bytes(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return text(bytes).equals(text) ? bytes : NOTHING;
        } catch (IllegalArgumentException e) {
            return NOTHING;
        }
    }

    private static byte[] bigEndian(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Stream.of(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** RFC 5869, for 32 bytes: one block. */
    private static byte[] hkdf(byte[] input, byte[] salt, String info) {
        byte[] extracted = hmac(salt.length == 0 ? new byte[32] : salt, input);
        return hmac(extracted, joined(utf8(info), new byte[] {1}));
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
