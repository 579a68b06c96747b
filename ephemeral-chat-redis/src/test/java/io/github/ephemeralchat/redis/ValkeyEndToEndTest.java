package io.github.ephemeralchat.redis;

import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.github.ephemeralchat.redis.RedisBinary#hasValkey")
class ValkeyEndToEndTest extends RedisEndToEndTest {

    @Override
    RedisServer server() {
        return RedisServer.sharedValkey();
    }
}
