package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.redis.RedisChat;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import java.util.Objects;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.RedisCredentialsProviderFactory;

/**
 * Reads a {@link LettuceConnectionFactory}: its server, credentials, TLS, and threads. The connections themselves are made
 * anew, because those of a host usually queue what they cannot send, and rooms must not.
 */
final class LettuceHostRedis implements HostRedis {

    private final LettuceConnectionFactory factory;
    private final LettuceClientConfiguration client;

    LettuceHostRedis(LettuceConnectionFactory factory) {
        this.factory = factory;
        this.client = factory.getClientConfiguration();
    }

    @Override
    public void applyTo(RedisChat.Builder builder) {
        var cluster = factory.getClusterConfiguration();
        if (cluster != null) {
            builder.cluster(nodes(cluster));
        } else {
            builder.server(server());
        }
        var resources = factory.getClientResources();
        if (resources != null) {
            builder.basedOn(client.getClientOptions().orElseGet(ClientOptions::create), resources);
        }
    }

    RedisURI[] nodes(RedisClusterConfiguration cluster) {
        return cluster.getClusterNodes().stream()
                .map(node -> with(cluster, builder(node)))
                .toArray(RedisURI[]::new);
    }

    RedisURI server() {
        var sentinel = factory.getSentinelConfiguration();
        if (sentinel != null) {
            return sentinels(sentinel);
        }
        var socket = factory.getSocketConfiguration();
        if (socket != null) {
            return with(socket, RedisURI.Builder.socket(socket.getSocket()).withDatabase(factory.getDatabase()));
        }
        // The factory has this one even if it connects elsewhere, which is then not known here.
        var standalone = factory.getStandaloneConfiguration();
        String host = standalone.getHostName();
        int port = standalone.getPort();
        if (port != factory.getPort() || !host.equals(factory.getHostName())) {
            throw new IllegalStateException(
                    "this LettuceConnectionFactory does not say where it connects to: set ephemeral-chat.redis.uris");
        }
        return with(standalone, RedisURI.Builder.redis(host, port).withDatabase(standalone.getDatabase()));
    }

    private RedisURI sentinels(RedisSentinelConfiguration sentinel) {
        String master = Objects.requireNonNull(sentinel.getMaster()).getName();
        var builder = RedisURI.builder().withSentinelMasterId(master).withDatabase(factory.getDatabase());
        var authentication = credentials().createSentinelCredentialsProvider(sentinel);
        for (RedisNode node : sentinel.getSentinels()) {
            builder.withSentinel(
                    tls(builder(node).withAuthentication(authentication)).build());
        }
        return with(sentinel, builder);
    }

    private RedisURI with(RedisConfiguration configuration, RedisURI.Builder builder) {
        builder.withAuthentication(credentials().createCredentialsProvider(configuration));
        client.getClientName().ifPresent(builder::withClientName);
        return tls(builder).build();
    }

    /** The host's own way to credentials, else what its configuration says. */
    private RedisCredentialsProviderFactory credentials() {
        return client.getRedisCredentialsProviderFactory().orElseGet(() -> new RedisCredentialsProviderFactory() {});
    }

    private RedisURI.Builder tls(RedisURI.Builder builder) {
        return builder.withSsl(client.isUseSsl())
                .withVerifyPeer(client.getVerifyMode())
                .withStartTls(client.isStartTls());
    }

    private static RedisURI.Builder builder(RedisNode node) {
        String host = Objects.requireNonNull(node.getHost(), "a node of Redis has a host");
        Integer port = node.getPort();
        return RedisURI.Builder.redis(host, port == null ? RedisURI.DEFAULT_REDIS_PORT : port);
    }
}
