package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.examples.server.SealedStrings.Place;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * One AES-GCM ciphertext that two keys open, each to a well-formed padded plaintext. It is four blocks of text without
 * padding, so both plaintexts have to begin with the same length: the keys are two of many whose key streams begin alike.
 * The third block is then chosen so that both keys make the same tag of the ciphertext.
 *
 * @param first the secret of one room
 * @param second the secret of another
 * @param sealed what the first room's key commits to
 */
record TwoKeys(
        @SuppressWarnings("ArrayRecordComponent") byte[] first,
        @SuppressWarnings("ArrayRecordComponent") byte[] second,
        String sealed) {

    private static final int BLOCK = 16;
    private static final int BLOCKS = 4;
    private static final int FREE = 2;

    /** GCM's polynomial, and its way of writing the bits: the first one is the one of the lowest power. */
    private static final BigInteger POLYNOMIAL = BigInteger.ONE.shiftLeft(128).or(BigInteger.valueOf(0x87));

    static TwoKeys of(Place place, byte[] nonce) {
        Map<Integer, byte[]> beginnings = new HashMap<>();
        for (int i = 0; ; i++) {
            byte[] secret = Arrays.copyOf(SealedStrings.utf8("room number " + i), 32);
            byte[] own = messageKey(secret, place, nonce);
            int beginning = ByteBuffer.wrap(block(own, nonce, 2)).getInt();
            byte[] other = beginnings.put(beginning, secret);
            if (other != null) {
                byte[] sealed = sealed(own, messageKey(other, place, nonce), nonce, place.bytes());
                byte[] key = SealedStrings.key(secret, place.room());
                byte[] commitment = SealedStrings.commitment(key, nonce, place);
                return new TwoKeys(secret, other, SealedStrings.string(nonce, commitment, sealed));
            }
        }
    }

    static byte[] messageKey(byte[] secret, Place place, byte[] nonce) {
        return SealedStrings.messageKey(SealedStrings.key(secret, place.room()), nonce, place.purpose());
    }

    private static byte[] sealed(byte[] one, byte[] other, byte[] nonce, byte[] bound) {
        byte[] ciphertext = SealedStrings.padded(new byte[BLOCKS * BLOCK - 4]);
        for (int i = 0; i < BLOCKS; i++) {
            byte[] stream = block(one, nonce, i + 2);
            for (int j = 0; j < BLOCK; j++) {
                ciphertext[i * BLOCK + j] ^= stream[j];
            }
        }
        Arrays.fill(ciphertext, FREE * BLOCK, (FREE + 1) * BLOCK, (byte) 0);
        BigInteger difference = tag(one, nonce, bound, ciphertext).xor(tag(other, nonce, bound, ciphertext));
        int power = BLOCKS - FREE + 1;
        BigInteger factor = power(hashKey(one), power).xor(power(hashKey(other), power));
        byte[] free = bytes(times(difference, inverse(factor)));
        System.arraycopy(free, 0, ciphertext, FREE * BLOCK, BLOCK);
        return SealedStrings.joined(ciphertext, bytes(tag(one, nonce, bound, ciphertext)));
    }

    private static BigInteger tag(byte[] key, byte[] nonce, byte[] bound, byte[] ciphertext) {
        byte[] lengths = ByteBuffer.allocate(BLOCK)
                .putLong(8L * bound.length)
                .putLong(8L * ciphertext.length)
                .array();
        byte[] filled = Arrays.copyOf(bound, (bound.length + BLOCK - 1) / BLOCK * BLOCK);
        byte[] all = SealedStrings.joined(filled, ciphertext, lengths);
        BigInteger hash = BigInteger.ZERO;
        for (int i = 0; i < all.length; i += BLOCK) {
            hash = times(hash.xor(number(Arrays.copyOfRange(all, i, i + BLOCK))), hashKey(key));
        }
        return hash.xor(number(block(key, nonce, 1)));
    }

    private static BigInteger hashKey(byte[] key) {
        return number(aes(key, new byte[BLOCK]));
    }

    private static byte[] block(byte[] key, byte[] nonce, int counter) {
        return aes(key, ByteBuffer.allocate(BLOCK).put(nonce).putInt(counter).array());
    }

    private static byte[] aes(byte[] key, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BigInteger power(BigInteger base, int exponent) {
        BigInteger product = BigInteger.ONE;
        for (int i = 0; i < exponent; i++) {
            product = times(product, base);
        }
        return product;
    }

    /** By Fermat: to the power of 2^128 - 2. */
    private static BigInteger inverse(BigInteger number) {
        BigInteger product = BigInteger.ONE;
        BigInteger square = number;
        for (int i = 1; i < 128; i++) {
            square = times(square, square);
            product = times(product, square);
        }
        return product;
    }

    private static BigInteger times(BigInteger one, BigInteger other) {
        BigInteger product = BigInteger.ZERO;
        for (int i = 0; i < 128; i++) {
            if (other.testBit(i)) {
                product = product.xor(one.shiftLeft(i));
            }
        }
        for (int i = product.bitLength() - 1; i >= 128; i--) {
            if (product.testBit(i)) {
                product = product.xor(POLYNOMIAL.shiftLeft(i - 128));
            }
        }
        return product;
    }

    private static BigInteger number(byte[] block) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < 128; i++) {
            if ((block[i / 8] & (0x80 >> (i % 8))) != 0) {
                number = number.setBit(i);
            }
        }
        return number;
    }

    private static byte[] bytes(BigInteger number) {
        byte[] block = new byte[BLOCK];
        for (int i = 0; i < 128; i++) {
            if (number.testBit(i)) {
                block[i / 8] |= (byte) (0x80 >> (i % 8));
            }
        }
        return block;
    }
}
