package io.github.ephemeralchat.model;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes ids and names of a host's users fit, whatever they are there. */
final class HostUser {

    private static final String NAMELESS = "User";
    private static final String CUT = "…";

    /** What is behind that is cut off anyway. */
    private static final int LONGEST = 1_000;

    private HostUser() {}

    /** The id, or its hash: two users whose ids are cut could become one. */
    static String id(String id) {
        return Identity.isValidId(id) ? id : hash(id);
    }

    /** Of its chars, since an encoding makes one of all that it cannot express. */
    private static String hash(String id) {
        ByteBuffer chars = ByteBuffer.allocate(id.length() * Character.BYTES);
        chars.asCharBuffer().put(id);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(chars.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The name, or what is left of it: without what is not allowed, and with spaces in place of line breaks. */
    static String name(String name) {
        if (Identity.isValidName(name)) {
            return name;
        }
        StringBuilder kept = new StringBuilder();
        name.codePoints().limit(LONGEST).forEach(codePoint -> keep(kept, codePoint));
        String fitted = cut(kept.toString().strip());
        return Identity.isValidName(fitted) ? fitted : NAMELESS;
    }

    private static void keep(StringBuilder kept, int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE -> {}
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> kept.append(' ');
            default -> kept.appendCodePoint(codePoint);
        }
    }

    private static String cut(String name) {
        if (name.codePointCount(0, name.length()) <= Identity.MAX_NAME_LENGTH) {
            return name;
        }
        int end = name.offsetByCodePoints(0, Identity.MAX_NAME_LENGTH - 1);
        return name.substring(0, end).strip() + CUT;
    }
}
