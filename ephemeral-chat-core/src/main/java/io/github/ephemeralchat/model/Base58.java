package io.github.ephemeralchat.model;

import java.security.SecureRandom;

/** Random strings that people can read out: no {@code 0}, {@code O}, {@code I} or {@code l}. */
final class Base58 {

    static final SecureRandom RANDOM = new SecureRandom();

    private static final String DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private Base58() {}

    static String random(int length) {
        StringBuilder result = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            result.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        }
        return result.toString();
    }

    static boolean isDigit(int character) {
        return DIGITS.indexOf(character) >= 0;
    }
}
