package io.github.ephemeralchat.examples.server;

import io.github.ephemeralchat.redis.RedisChat;
import io.lettuce.core.RedisURI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where a Redis is. What was written is not repeated if it is wrong: it may hold a password. */
final class RedisAddress implements ITypeConverter<RedisURI> {

    /** Between two addresses. Those of Sentinels have commas of their own. */
    static final String SEPARATOR = ",\\s*(?=[^,/]+://)";

    RedisAddress() {}

    @Override
    public RedisURI convert(String text) {
        try {
            return RedisChat.address(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
