package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.RedisProcess;
import io.github.ephemeralchat.testsupport.TcpProxy;
import io.github.ephemeralchat.testsupport.WebUser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** On Jetty, on virtual threads where Java has them, in the Redis that Spring Data knows of. */
class JettyRedisTest extends StarterContract {

    private RedisProcess redis;
    private TcpProxy wire;

    @Override
    ConfigurableApplicationContext start() throws Exception {
        redis = RedisProcess.startWithPassword();
        wire = new TcpProxy(redis.port());
        return run(
                List.of(Containers.OnJetty.class),
                "spring.autoconfigure.exclude=" + GracefulShutdownTest.NO_DATABASE,
                "spring.threads.virtual.enabled=true",
                "ephemeral-chat.store=redis",
                "spring.data.redis.host=localhost",
                "spring.data.redis.port=" + wire.port(),
                "spring.data.redis.password=" + RedisProcess.PASSWORD);
    }

    @AfterAll
    void stopRedis() {
        wire.close();
        redis.close();
    }

    @Test
    void rooms_areInTheHostsRedis() {
        String room = guest().post("/chat/rooms", "{}").text("id");
        StringRedisTemplate hosts = application().getBean(StringRedisTemplate.class);
        assertThat(hosts.hasKey("ec:{" + room + "}")).isTrue();
        assertThat(application().getBeansOfType(RedisChat.class)).hasSize(1);
    }

    /** The pub/sub connection is cut and the commands live: a PING would see nothing. */
    @Test
    void health_isDown_whileSubscriptionsAreSilent_andRecovers() {
        WebUser probe = guest();
        assertThat(probe.get("/actuator/health").status()).isEqualTo(200);
        wire.loseSubscriptions();
        try {
            Await.until(
                    Duration.ofSeconds(30),
                    "red",
                    () -> probe.get("/actuator/health").status() == 503);
            assertThat(probe.get("/actuator/health").body()).contains("\"delivery\":\"silent\"");
            assertThat(guest().post("/chat/rooms", "{}").status())
                    .as("commands")
                    .isEqualTo(201);
        } finally {
            wire.mend();
        }
        Await.until(
                Duration.ofSeconds(30),
                "green",
                () -> probe.get("/actuator/health").status() == 200);
    }
}
