package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Which of the host's connections to Redis rooms follow, however these are declared. */
class HostRedisTest {

    private static RedisProcess redis;

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EphemeralChatAutoConfiguration.class, EphemeralChatRedisAutoConfiguration.class))
            .withPropertyValues("ephemeral-chat.store=redis");

    @BeforeAll
    static void start() throws Exception {
        redis = RedisProcess.startWithPassword();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static LettuceConnectionFactory lettuce() {
        RedisStandaloneConfiguration where = new RedisStandaloneConfiguration("localhost", redis.port());
        where.setPassword(RedisProcess.PASSWORD);
        return new LettuceConnectionFactory(where);
    }

    private static RedisConnectionFactory another() {
        return (RedisConnectionFactory) Proxy.newProxyInstance(
                HostRedisTest.class.getClassLoader(),
                new Class<?>[] {RedisConnectionFactory.class},
                (proxy, method, arguments) -> method.getName().equals("hashCode") ? 1 : null);
    }

    private static void assertRunning(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed().hasSingleBean(RedisChat.class);
    }

    /** A host that has Lettuce, and does not say so. */
    @Configuration(proxyBeanMethods = false)
    static class AsAnyFactory {

        @Bean
        RedisConnectionFactory any() {
            return lettuce();
        }
    }

    /** A host with another client. */
    @Configuration(proxyBeanMethods = false)
    static class Other {

        @Bean
        @Primary
        RedisConnectionFactory other() {
            return another();
        }
    }

    /** A host that names Lettuce. */
    @Configuration(proxyBeanMethods = false)
    static class AsLettuce {

        @Bean
        LettuceConnectionFactory named() {
            return lettuce();
        }
    }

    @Test
    void lettuceFactory_declaredAsAnyFactory_isFound() {
        application.withUserConfiguration(AsAnyFactory.class).run(HostRedisTest::assertRunning);
    }

    @Test
    void lettuceFactory_besideOneOfAnotherClient_isFound() {
        application.withUserConfiguration(AsLettuce.class, Other.class).run(HostRedisTest::assertRunning);
    }

    @Test
    void severalLettuceFactories_noneOfThemPrimary_areRefused() {
        application
                .withUserConfiguration(AsLettuce.class, AsAnyFactory.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("or one LettuceConnectionFactory"));
    }

    @Test
    void factoryOfAnotherClient_isNamed() {
        application
                .withUserConfiguration(Other.class)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("or one LettuceConnectionFactory")
                        .hasMessageContaining(another().getClass().getName()));
    }

    @Test
    void factoryOfAnotherClient_doesNotMatter_ifTheAddressIsSet() {
        application
                .withUserConfiguration(Other.class)
                .withPropertyValues(
                        "ephemeral-chat.redis.uris=redis://:" + RedisProcess.PASSWORD + "@localhost:" + redis.port())
                .run(HostRedisTest::assertRunning);
    }
}
