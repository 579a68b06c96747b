package io.github.ephemeralchat.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.postgresql.PostgresqlChat;
import io.github.ephemeralchat.redis.RedisChat;
import io.github.ephemeralchat.testsupport.RedisProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** What a host has set up wrong is told at the start: what it is, what is allowed, what to do, and no secret. */
class StartFailureTest {

    private static final String SECRET = "geheim";

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EphemeralChatAutoConfiguration.class,
                    EphemeralChatPostgresqlAutoConfiguration.class,
                    EphemeralChatRedisAutoConfiguration.class,
                    EphemeralChatServletAutoConfiguration.class));

    private static FailureAnalysis analysis(WebApplicationContextRunner application) {
        FailureAnalysis[] analysis = new FailureAnalysis[1];
        application.run(context -> analysis[0] = new ChatStartFailureAnalyzer().analyze(context.getStartupFailure()));
        assertThat(analysis[0]).as("an analysis").isNotNull();
        return analysis[0];
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-ttl=30s               | maxTtl is PT30S: it must be whole minutes from 1 to 1440",
                "min-ttl=25h               | minTtl is PT25H: it must be whole minutes from 1 to 1440",
                "longest-life=2d           | longestLife is PT48H: it must be from PT1M to PT24H",
                "max-participants=1        | maxParticipants is 1: it must be from 2 to 1000",
                "entry-kinds=vote          | entryKinds is [vote]: it must be kinds such as x-[a-z0-9-]{1,30}",
                "cue-kinds=cursor          | cueKinds is [cursor]: it must be kinds such as x-[a-z0-9-]{1,30}",
                "allowed-origins=shop      | allowedOrigins is shop: it must be a scheme, a host and perhaps a port",
                "public-base-url=/chat     | publicBaseUrl is a path: it must be an absolute http or https URL",
                "host-name=                | hostName is : it must be a name as participants have",
                "trusted-proxies=-1        | trustedProxies is -1: it must be 0 or more",
                "streams.max=0             | maxStreams is 0: it must be 1 or more",
                "streams.max-per-address=0 | maxStreamsPerAddress is 0: it must be 1 or more",
                "streams.max-per-participant=0 | maxStreamsPerParticipant is 0: it must be 1 or more",
                "log.max-entries=0         | maxEntries is 0: it must be 1 or more",
                "log.max-text=0            | maxTextBytes is 0: it must be 1 or more",
                "memory.max-rooms=0        | maxRooms is 0: it must be 1 or more",
                "memory.max-size=0         | maxBytes is 0: it must be 1 or more"
            })
    void aPropertyOutOfItsBounds_isNamed_withItsValueAndTheBounds(String property, String description) {
        FailureAnalysis analysis = analysis(application.withPropertyValues("ephemeral-chat." + property));
        String name = "ephemeral-chat." + property.substring(0, property.indexOf('='));
        assertThat(analysis.getDescription())
                .startsWith("The property " + name + " is refused: ")
                .contains(description);
        assertThat(analysis.getAction()).contains(name);
    }

    @Test
    void aMissingModule_isNamed() {
        FailureAnalysis redis = analysis(application
                .withPropertyValues("ephemeral-chat.store=redis")
                .withClassLoader(new FilteredClassLoader(RedisChat.class)));
        assertThat(redis.getAction()).contains("io.github.ephemeralchat:ephemeral-chat-redis");
        FailureAnalysis postgresql = analysis(application
                .withPropertyValues("ephemeral-chat.store=postgresql")
                .withClassLoader(new FilteredClassLoader(PostgresqlChat.class)));
        assertThat(postgresql.getAction()).contains("io.github.ephemeralchat:ephemeral-chat-postgresql");
    }

    @Test
    void noAddress_saysWhatIsNeeded() {
        assertThat(analysis(application.withPropertyValues("ephemeral-chat.store=redis"))
                        .getDescription())
                .contains("needs ephemeral-chat.redis.uris");
        assertThat(analysis(application.withPropertyValues("ephemeral-chat.store=postgresql"))
                        .getDescription())
                .contains("needs one DataSource");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://:pa^ss " + SECRET + "@localhost",
        "redis://:pa/" + SECRET + "@localhost",
        "http://:" + SECRET + "@localhost",
        SECRET
    })
    void aMalformedAddress_isNotRepeated(String address) {
        FailureAnalysis analysis = analysis(
                application.withPropertyValues("ephemeral-chat.store=redis", "ephemeral-chat.redis.uris=" + address));
        assertThat(analysis.getDescription())
                .contains("ephemeral-chat.redis.uris", "redis-sentinel://HOST:PORT,HOST:PORT#MASTER")
                .doesNotContain(SECRET);
        for (Throwable cause = analysis.getCause(); cause != null; cause = cause.getCause()) {
            assertThat(cause.getMessage()).doesNotContain(SECRET);
        }
    }

    @Test
    void aRedisThatIsAway_isTold() {
        FailureAnalysis analysis = analysis(application.withPropertyValues(
                "ephemeral-chat.store=redis", "ephemeral-chat.redis.uris=redis://:" + SECRET + "@localhost:1"));
        assertThat(analysis.getDescription()).contains("cannot be reached").doesNotContain(SECRET);
    }

    @Test
    void aWrongPassword_isTold_andNotShown() throws Exception {
        try (RedisProcess redis = RedisProcess.startWithPassword()) {
            FailureAnalysis analysis = analysis(application.withPropertyValues(
                    "ephemeral-chat.store=redis",
                    "ephemeral-chat.redis.uris=redis://:" + SECRET + "@localhost:" + redis.port()));
            assertThat(analysis.getDescription())
                    .contains("refuses this user or password")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void sentinelsOfOneAddress_areNotTornAtTheCommas() {
        application
                .withPropertyValues("ephemeral-chat.redis.uris=redis-sentinel://a:26379,b:26379,c:26379#m")
                .run(context -> assertThat(context.getBean(EphemeralChatProperties.class)
                                .redis()
                                .uris())
                        .containsExactly("redis-sentinel://a:26379,b:26379,c:26379#m"));
        application
                .withPropertyValues("ephemeral-chat.redis.uris=redis://a:6379,redis://b:6379")
                .run(context -> assertThat(context.getBean(EphemeralChatProperties.class)
                                .redis()
                                .uris())
                        .containsExactly("redis://a:6379", "redis://b:6379"));
    }

    /** A host that has a typing error. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Host {}

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void whoStartsTheApplication_readsIt(CapturedOutput output) {
        SpringApplication host = new SpringApplicationBuilder(Host.class)
                .web(WebApplicationType.NONE)
                .properties(
                        "ephemeral-chat.host-name= ",
                        "spring.autoconfigure.exclude=" + GracefulShutdownTest.NO_DATABASE)
                .build();
        assertThatThrownBy(host::run).isInstanceOf(Exception.class);
        assertThat(output)
                .contains("APPLICATION FAILED TO START", "The property ephemeral-chat.host-name is refused: ");
    }
}
