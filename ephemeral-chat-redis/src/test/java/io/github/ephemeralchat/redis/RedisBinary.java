package io.github.ephemeralchat.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.RedisExecProvider;

/** A server's program: one from the PATH, else the one that comes with the tests, so that none is ever missing. */
record RedisBinary(Path program, String origin) {

    private static final RedisBinary REDIS = find();

    static RedisBinary redis() {
        return REDIS;
    }

    /** Redis, and Valkey where this machine has it. */
    static List<RedisBinary> all() {
        return Stream.concat(Stream.of(REDIS), onPath("valkey-server").stream()).toList();
    }

    private static RedisBinary find() {
        RedisBinary redis = onPath("redis-server").orElseGet(RedisBinary::embedded);
        System.out.println("TESTS RUN ON " + redis
                + onPath("valkey-server")
                        .map(valkey -> ", contracts on " + valkey + " too")
                        .orElse("; no Valkey here"));
        return redis;
    }

    private static Optional<RedisBinary> onPath(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> new RedisBinary(program, "PATH"));
    }

    static RedisBinary embedded() {
        try {
            return new RedisBinary(RedisExecProvider.defaultProvider().get().toPath(), "embedded");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
