package io.github.ephemeralchat.redis;

import io.github.ephemeralchat.spi.LogLimits;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** TestNodes over one server that a test opens, and a client of the test's own to look at it. */
final class TestNodes implements AutoCloseable {

    private static final RedisClient CLIENT = RedisClient.create();
    private static final Map<RedisServer, RedisCommands<String, String>> LOOKS = new ConcurrentHashMap<>();

    private final RedisURI uri;
    private final List<RedisChat> open = new ArrayList<>();

    TestNodes(RedisURI uri) {
        this.uri = uri;
    }

    /** A node with a client that all tests share: quick to open. */
    RedisChat light(LogLimits limits) {
        return keep(RedisChat.builder().client(CLIENT, uri).logLimits(limits).connect());
    }

    RedisChat own() {
        return keep(RedisChat.connect(uri));
    }

    private RedisChat keep(RedisChat node) {
        open.add(node);
        return node;
    }

    static RedisCommands<String, String> look(RedisServer server) {
        return LOOKS.computeIfAbsent(
                server, one -> CLIENT.connect(one.adminUri()).sync());
    }

    /** The bytes of a key, all its elements counted: by default Redis estimates them from five, so one large element counts many times. */
    static long bytes(RedisCommands<String, String> look, String key) {
        return look.dispatch(
                CommandType.MEMORY,
                new IntegerOutput<>(StringCodec.UTF8),
                new CommandArgs<>(StringCodec.UTF8)
                        .add("USAGE")
                        .addKey(key)
                        .add("SAMPLES")
                        .add(0));
    }

    /** All that is in a key. A hash's fields are sorted: Redis moves them while it only reads. */
    static String content(RedisCommands<String, String> look, String key) {
        return look.type(key).equals("hash")
                ? new TreeMap<>(look.hgetall(key)).toString()
                : HexFormat.of().formatHex(look.dump(key));
    }

    /** Whether a text is under any key, and readable: looks at each. */
    static boolean holds(RedisCommands<String, String> look, String text) {
        return look.keys("*").stream().anyMatch(key -> readable(look, key).contains(text));
    }

    private static String readable(RedisCommands<String, String> look, String key) {
        return switch (look.type(key)) {
            case "hash" -> look.hgetall(key).toString();
            case "string" -> String.valueOf(look.get(key));
            case "zset" -> look.zrange(key, 0, -1).toString();
            default -> "";
        };
    }

    @Override
    public void close() {
        open.forEach(RedisChat::close);
        open.clear();
    }
}
