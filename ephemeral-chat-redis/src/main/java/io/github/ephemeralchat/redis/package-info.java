/**
 * Rooms in Redis, shared by any number of nodes: {@link io.github.ephemeralchat.redis.RedisChat} connects, and offers a
 * store and a broadcaster.
 *
 * <pre>{@code
 * RedisChat redis = RedisChat.connect(RedisURI.create("redis://localhost"));
 * EphemeralChatService chat = EphemeralChatService.create(redis.store(), redis.broadcaster());
 *
 * chat.close();
 * redis.close(); // after the service; rooms live on
 * }</pre>
 */
@NullMarked
package io.github.ephemeralchat.redis;

import org.jspecify.annotations.NullMarked;
