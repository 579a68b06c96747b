package io.github.ephemeralchat.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import redis.embedded.RedisExecProvider;

/**
 * The program of a server: one from the PATH, else the one that comes with the tests, so that none is ever missing.
 *
 * @param program its file
 * @param origin where it was found
 */
public record RedisBinary(Path program, String origin) {

    private static final RedisBinary REDIS = find();

    /** {@return the Redis that tests run on} */
    public static RedisBinary redis() {
        return REDIS;
    }

    /** {@return Redis, and Valkey if this machine has it} */
    public static List<RedisBinary> all() {
        return Stream.concat(Stream.of(REDIS), valkey().stream()).toList();
    }

    /** {@return the Redis that comes with the tests} */
    public static RedisBinary embedded() {
        try {
            return new RedisBinary(RedisExecProvider.defaultProvider().get().toPath(), "embedded");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RedisBinary find() {
        RedisBinary redis = onPath("redis-server").orElseGet(RedisBinary::embedded);
        String valkey =
                valkey().map(binary -> ", contracts on " + binary + " too").orElse("; no Valkey here");
        System.out.println("TESTS RUN ON " + redis + valkey);
        return redis;
    }

    private static Optional<RedisBinary> valkey() {
        return onPath("valkey-server");
    }

    private static Optional<RedisBinary> onPath(String name) {
        return LocalMachine.program(name).map(program -> new RedisBinary(program, "PATH"));
    }
}
