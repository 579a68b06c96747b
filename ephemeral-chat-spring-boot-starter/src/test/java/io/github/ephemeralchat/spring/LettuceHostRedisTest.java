package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisSocketConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Whatever a host's factory connects to, rooms connect to as well. */
class LettuceHostRedisTest {

    private static LettuceHostRedis of(RedisConfiguration where) {
        return new LettuceHostRedis(
                new LettuceConnectionFactory(where, LettuceClientConfiguration.defaultConfiguration()));
    }

    private static RedisCredentials credentials(RedisURI uri) {
        return uri.getCredentialsProvider().resolveCredentials().block(Duration.ofSeconds(1));
    }

    @Test
    void oneServer_isTakenOver() {
        RedisStandaloneConfiguration where = new RedisStandaloneConfiguration("redis.example", 6380);
        where.setDatabase(3);
        where.setUsername("chat");
        where.setPassword("secret");
        RedisURI uri = new LettuceHostRedis(new LettuceConnectionFactory(where)).server();
        assertThat(uri.getHost()).isEqualTo("redis.example");
        assertThat(uri.getPort()).isEqualTo(6380);
        assertThat(uri.getDatabase()).isEqualTo(3);
        assertThat(credentials(uri).getUsername()).isEqualTo("chat");
        assertThat(credentials(uri).getPassword()).containsExactly('s', 'e', 'c', 'r', 'e', 't');
        assertThat(uri.isSsl()).isFalse();
    }

    @Test
    void tls_isTakenOver() {
        LettuceClientConfiguration how = LettuceClientConfiguration.builder()
                .clientName("host")
                .useSsl()
                .verifyPeer(SslVerifyMode.CA)
                .build();
        RedisStandaloneConfiguration where = new RedisStandaloneConfiguration("redis.example");
        RedisURI uri = new LettuceHostRedis(new LettuceConnectionFactory(where, how)).server();
        assertThat(uri.isSsl()).isTrue();
        assertThat(uri.getVerifyMode()).isEqualTo(SslVerifyMode.CA);
        assertThat(uri.getClientName()).isEqualTo("host");
    }

    @Test
    void sentinels_areTakenOver() {
        RedisSentinelConfiguration where = new RedisSentinelConfiguration().master("rooms");
        where.sentinel("one.example", 26379).sentinel("two.example", 26380);
        where.setPassword("secret");
        where.setSentinelPassword("other");
        RedisURI uri = of(where).server();
        assertThat(uri.getSentinelMasterId()).isEqualTo("rooms");
        assertThat(uri.getSentinels()).extracting(RedisURI::getPort).containsExactlyInAnyOrder(26379, 26380);
        assertThat(credentials(uri).getPassword()).hasSize(6);
        assertThat(credentials(uri.getSentinels().get(0)).getPassword()).hasSize(5);
    }

    @Test
    void unknownServer_isRefused() {
        LettuceHostRedis unknown = of(new RedisStandaloneConfiguration("redis.example"));
        assertThatIllegalStateException()
                .isThrownBy(unknown::server)
                .withMessageContaining("ephemeral-chat.redis.uris");
    }

    @Test
    void socket_isTakenOver() {
        assertThat(of(new RedisSocketConfiguration("/run/redis.sock")).server().getSocket())
                .isEqualTo("/run/redis.sock");
    }

    @Test
    void cluster_isTakenOver() {
        RedisClusterConfiguration where =
                new RedisClusterConfiguration(List.of("one.example:7000", "two.example:7001"));
        where.setPassword("secret");
        RedisURI[] nodes = of(where).nodes(where);
        assertThat(nodes).extracting(RedisURI::getPort).containsExactlyInAnyOrder(7000, 7001);
        assertThat(credentials(nodes[0]).getPassword()).hasSize(6);
    }
}
