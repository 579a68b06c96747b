/**
 * Rooms in Redis, shared by any number of nodes: {@link io.github.ephemeralchat.redis.RedisChat} connects, and offers a
 * store and a broadcaster.
 */
@NullMarked
package io.github.ephemeralchat.redis;

import org.jspecify.annotations.NullMarked;
