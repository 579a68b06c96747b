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
@SuppressWarnings("ImmutableEnumChecker") // A record of two texts is.
enum LuaScript {
    CREATE("guard", "room", "bodies", "keys", "log", "seats", "create"),
    FIND("guard", "room", "find"),
    AUTHENTICATE("guard", "room", "seats", "authenticate"),
    JOIN("guard", "room", "bodies", "keys", "log", "seats", "proof", "join"),
    POST("guard", "actor", "bodies", "keys", "log", "post"),
    LEAVE("guard", "room", "actor", "steer", "bodies", "keys", "log", "seats", "leave"),
    DEADLINE("guard", "room", "actor", "steer", "bodies", "keys", "log", "deadline"),
    ADMISSION("guard", "room", "actor", "steer", "bodies", "keys", "log", "proof", "admission"),
    ASSIGN("guard", "room", "actor", "steer", "bodies", "keys", "log", "seats", "assign"),
    PROPERTY("guard", "room", "actor", "steer", "bodies", "keys", "log", "property"),
    FORGET("guard", "room", "actor", "steer", "bodies", "keys", "log", "forget"),
    CLAIM("guard", "room", "actor", "steer", "bodies", "keys", "log", "claim"),
    READ("guard", "bodies", "keys", "read"),
    DESTROY("guard", "room", "actor", "steer", "destroy"),
    COUNT("count");

    private final Source plain;
    private final Source sharded;

    /** A script as Redis gets it. */
    record Source(String text, String digest) {

        private static Source of(String text) {
            return new Source(text, Base16.digest(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    LuaScript(String... parts) {
        plain = Source.of(Stream.of(parts).map(LuaScript::resource).collect(Collectors.joining()));
        sharded = Source.of(plain.text.replace("redis.call('PUBLISH'", "redis.call('SPUBLISH'"));
    }

    /**
     * Returns what Redis gets.
     *
     * @param isSharded whether signals go over sharded pub/sub, which servers before Redis 7 do not know
     */
    Source source(boolean isSharded) {
        return isSharded ? sharded : plain;
    }

    String text() {
        return plain.text;
    }

    private static String resource(String part) {
        try (InputStream in = LuaScript.class.getResourceAsStream(part + ".lua")) {
            return new String(Objects.requireNonNull(in, part).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
