package io.github.ephemeralchat.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A script, and the digest by which Redis knows it. */
enum LuaScript {
    CREATE("head", "log", "seats", "create"),
    FIND("head", "find"),
    AUTHENTICATE("head", "authenticate"),
    JOIN("head", "log", "seats", "join"),
    LEAVE("head", "log", "seats", "leave"),
    APPEND("head", "log", "append"),
    READ("head", "read"),
    DESTROY("head", "destroy");

    private final String text;
    private final String digest;

    LuaScript(String... parts) {
        StringBuilder whole = new StringBuilder();
        for (String part : parts) {
            whole.append(resource(part + ".lua"));
        }
        text = whole.toString();
        digest = sha1(text);
    }

    String text() {
        return text;
    }

    String digest() {
        return digest;
    }

    private static String resource(String name) {
        try (InputStream in = LuaScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            // The name under which Redis keeps a script; it protects nothing.
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
