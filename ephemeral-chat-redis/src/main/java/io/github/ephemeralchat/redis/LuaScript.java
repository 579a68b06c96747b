package io.github.ephemeralchat.redis;

import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A script, and the digest by which Redis knows it. */
enum LuaScript {
    CREATE("guard", "room", "log", "seats", "create"),
    FIND("guard", "room", "find"),
    AUTHENTICATE("guard", "room", "seats", "authenticate"),
    JOIN("guard", "room", "log", "seats", "proof", "join"),
    POST("guard", "actor", "log", "post"),
    LEAVE("guard", "room", "actor", "steer", "log", "seats", "leave"),
    DEADLINE("guard", "room", "actor", "steer", "log", "deadline"),
    ADMISSION("guard", "room", "actor", "steer", "log", "proof", "admission"),
    ASSIGN("guard", "room", "actor", "steer", "log", "seats", "assign"),
    PROPERTY("guard", "room", "actor", "steer", "log", "property"),
    READ("guard", "read"),
    DESTROY("guard", "room", "actor", "steer", "destroy"),
    COUNT("count");

    private final String text;
    private final String digest;

    LuaScript(String... parts) {
        text = Stream.of(parts).map(LuaScript::resource).collect(Collectors.joining());
        digest = Base16.digest(text.getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        return text;
    }

    String digest() {
        return digest;
    }

    private static String resource(String part) {
        try (InputStream in = LuaScript.class.getResourceAsStream(part + ".lua")) {
            return new String(Objects.requireNonNull(in, part).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
