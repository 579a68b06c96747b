package io.github.ephemeralchat.spring;

import io.github.ephemeralchat.redis.RedisChat;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
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
        RedisClusterConfiguration cluster = factory.getClusterConfiguration();
        if (cluster != null) {
            builder.cluster(nodes(cluster));
        } else {
            builder.server(server());
        }
        ClientResources resources = factory.getClientResources();
        if (resources != null) {
            builder.basedOn(client.getClientOptions().orElseGet(ClientOptions::create), resources);
        }
    }

    RedisURI[] nodes(RedisClusterConfiguration cluster) {
        return cluster.getClusterNodes().stream()
                .map(node -> with(cluster, RedisURI.Builder.redis(host(node), port(node))))
                .toArray(RedisURI[]::new);
    }

    RedisURI server() {
        RedisSentinelConfiguration sentinel = factory.getSentinelConfiguration();
        if (sentinel != null) {
            return sentinels(sentinel);
        }
        RedisSocketConfiguration socket = factory.getSocketConfiguration();
        if (socket != null) {
            return with(socket, RedisURI.Builder.socket(socket.getSocket()).withDatabase(factory.getDatabase()));
        }
        RedisStandaloneConfiguration standalone = standalone();
        return with(
                standalone,
                RedisURI.Builder.redis(standalone.getHostName(), standalone.getPort())
                        .withDatabase(standalone.getDatabase()));
    }

    /** The factory has one even where it goes elsewhere, which is then not known here. */
    private RedisStandaloneConfiguration standalone() {
        RedisStandaloneConfiguration standalone = factory.getStandaloneConfiguration();
        if (standalone.getPort() != factory.getPort()
                || !standalone.getHostName().equals(factory.getHostName())) {
            throw new IllegalStateException(
                    "this LettuceConnectionFactory does not say where it connects to: set ephemeral-chat.redis.uris");
        }
        return standalone;
    }

    private RedisURI sentinels(RedisSentinelConfiguration sentinel) {
        RedisURI.Builder builder = RedisURI.builder()
                .withSentinelMasterId(
                        Objects.requireNonNull(sentinel.getMaster()).getName())
                .withDatabase(factory.getDatabase());
        for (RedisNode node : sentinel.getSentinels()) {
            RedisURI.Builder one = RedisURI.Builder.redis(host(node), port(node));
            credentials(factories -> factories.createSentinelCredentialsProvider(sentinel), one);
            builder.withSentinel(tls(one).build());
        }
        return with(sentinel, builder);
    }

    private RedisURI with(RedisConfiguration configuration, RedisURI.Builder builder) {
        credentials(factories -> factories.createCredentialsProvider(configuration), builder);
        client.getClientName().ifPresent(builder::withClientName);
        return tls(builder).build();
    }

    /** The host's own way to credentials, else what its configuration says. */
    private void credentials(
            Function<RedisCredentialsProviderFactory, RedisCredentialsProvider> provider, RedisURI.Builder builder) {
        RedisCredentialsProviderFactory factories =
                client.getRedisCredentialsProviderFactory().orElseGet(() -> new RedisCredentialsProviderFactory() {});
        builder.withAuthentication(provider.apply(factories));
    }

    private RedisURI.Builder tls(RedisURI.Builder builder) {
        return builder.withSsl(client.isUseSsl())
                .withVerifyPeer(client.getVerifyMode())
                .withStartTls(client.isStartTls());
    }

    private static String host(RedisNode node) {
        String host = node.getHost();
        if (host == null) {
            throw new IllegalStateException("a node of Redis has a host");
        }
        return host;
    }

    private static int port(RedisNode node) {
        Integer port = node.getPort();
        return port == null ? RedisURI.DEFAULT_REDIS_PORT : port;
    }
}
