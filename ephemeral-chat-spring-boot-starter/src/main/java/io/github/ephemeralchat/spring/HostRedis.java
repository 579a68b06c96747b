package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.redis.RedisChat;

/** Where the host's own connections to Redis go. */
interface HostRedis {

    void applyTo(RedisChat.Builder builder);
}
