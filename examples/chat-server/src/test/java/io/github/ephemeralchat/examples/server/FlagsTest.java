package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class FlagsTest {

    private static final Backend CLUSTER = new Backend(
            9, List.of(RedisURI.create("redis://:secret@one:1"), RedisURI.create("rediss://two")), Duration.ZERO, null);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private @Nullable ServerOptions served;
    private @Nullable Backend backend;

    @Test
    void withoutFlagsTheServerIsForThisMachineOnly() {
        assertThat(run(Map.of())).isZero();
        assertThat(served).isEqualTo(ServerOptions.local(8080));
        assertThat(backend).isEqualTo(new Backend(100_000, List.of(), Duration.ZERO, null));
    }

    @Test
    void everyFlagIsTakenFromTheCommandLine() {
        int exit = run(
                Map.of(),
                "--host=0.0.0.0",
                "--port=0",
                "--rate-limits=off",
                "--max-streams=7",
                "--max-rooms=9",
                "--redis=redis://:secret@one:1",
                "--redis",
                "rediss://two",
                "--behind-proxy",
                "--public-base-url=https://chat.example.org/chat");
        assertThat(exit).isZero();
        assertThat(served)
                .isEqualTo(new ServerOptions(
                        "0.0.0.0", 0, false, 7, true, URI.create("https://chat.example.org/chat"), null));
        assertThat(backend).isEqualTo(CLUSTER);
    }

    @Test
    void everyFlagIsTakenFromTheEnvironment() {
        int exit = run(Map.of(
                "EPHEMERAL_CHAT_HOST", "0.0.0.0",
                "EPHEMERAL_CHAT_PORT", "0",
                "EPHEMERAL_CHAT_RATE_LIMITS", "OFF",
                "EPHEMERAL_CHAT_MAX_STREAMS", "7",
                "EPHEMERAL_CHAT_MAX_ROOMS", "9",
                "EPHEMERAL_CHAT_REDIS", "redis://:secret@one:1, rediss://two",
                "EPHEMERAL_CHAT_BEHIND_PROXY", "true",
                "EPHEMERAL_CHAT_PUBLIC_BASE_URL", "https://chat.example.org/"));
        assertThat(exit).isZero();
        assertThat(served)
                .isEqualTo(
                        new ServerOptions("0.0.0.0", 0, false, 7, true, URI.create("https://chat.example.org/"), null));
        assertThat(backend).isEqualTo(CLUSTER);
    }

    @Test
    void postsToOneRedisMayWaitForEachOther() {
        Backend batched = new Backend(100_000, List.of(RedisURI.create("redis://one")), Duration.ofMillis(20), null);
        assertThat(run(Map.of(), "--redis=redis://one", "--redis-batch-delay=20"))
                .isZero();
        assertThat(backend).isEqualTo(batched);
        backend = null;
        assertThat(run(Map.of("EPHEMERAL_CHAT_REDIS", "redis://one", "EPHEMERAL_CHAT_REDIS_BATCH_DELAY", "20")))
                .isZero();
        assertThat(backend).isEqualTo(batched);
    }

    @Test
    void aCertificateIsNamedOrMade() {
        assertThat(run(Map.of(), "--port", "0", "--tls-cert", "server.pem", "--tls-key", "server.key"))
                .isZero();
        assertThat(served)
                .isEqualTo(ServerOptions.local(0).withTls(new Tls.Given(Path.of("server.pem"), Path.of("server.key"))));
        assertThat(run(Map.of("EPHEMERAL_CHAT_TLS_SELF_SIGNED", "true"), "--port", "0"))
                .isZero();
        assertThat(served).isEqualTo(ServerOptions.local(0).withTls(new Tls.SelfSigned()));
    }

    @Test
    void theCommandLineWinsOverTheEnvironment() {
        assertThat(run(Map.of("EPHEMERAL_CHAT_PORT", "1"), "--port", "2")).isZero();
        assertThat(served).isEqualTo(ServerOptions.local(2));
    }

    @Test
    void whatIsWrongIsSaidInShortWithExitCodeTwo() {
        for (List<String> wrong : List.of(
                List.of("--port=http"),
                List.of("--port=70000"),
                List.of("--port=-1"),
                List.of("--port"),
                List.of("--max-rooms=0"),
                List.of("--max-streams=0"),
                List.of("--redis-batch-delay=-1"),
                List.of("--redis=redis://one", "--redis-batch-delay=101"),
                List.of("--redis-batch-delay=20"),
                List.of("--redis=redis://one", "--redis=redis://two", "--redis-batch-delay=20"),
                List.of("--rate-limits=maybe"),
                List.of("--public-base-url=chat.example.org"),
                List.of("--public-base-url=https://chat.example.org/below?it"),
                List.of("--public-base-url=https://chat.example.org/a\"b"),
                List.of("--public-base-url=ftp://chat.example.org"),
                List.of("--tls-cert=server.pem"),
                List.of("--tls-key=server.key"),
                List.of("--tls-cert=server.pem", "--tls-key=server.key", "--tls-self-signed"),
                List.of("--no-such-flag"),
                List.of("no-such-word"))) {
            err.getBuffer().setLength(0);
            assertThat(run(Map.of(), wrong.toArray(String[]::new)))
                    .as("%s", wrong)
                    .isEqualTo(2);
            assertThat(err.toString().lines()).as("%s", wrong).hasSize(2).last().isEqualTo("Try --help.");
        }
        assertThat(run(Map.of("EPHEMERAL_CHAT_PORT", "http"))).isEqualTo(2);
        assertThat(served).isNull();
    }

    @Test
    void theCommasBetweenSentinelsSeparateNoAddresses() {
        String sentinels = "redis-sentinel://:secret@one,two:2,three#rooms";
        assertThat(run(Map.of("EPHEMERAL_CHAT_REDIS", sentinels))).isZero();
        assertThat(backend).isEqualTo(new Backend(100_000, List.of(RedisURI.create(sentinels)), Duration.ZERO, null));
        assertThat(backend.redis().get(0).getSentinels()).hasSize(3);
    }

    @Test
    void aWrongAddressOfRedisIsAnsweredWithoutItsPassword() {
        for (String wrong : List.of(
                "",
                "user:secret@host",
                "http://:secret@host",
                "redis://",
                "redis:/:secret@host",
                "redis://:secret@",
                "redis://:sec ret@host",
                "redis://:secret/rest@host",
                "redis://:secret#rest@host",
                "redis://:secret@host:70000",
                "redis://:secret@host:port",
                "redis://:secret@host/database",
                "redis-socket:///secret",
                "redis-sentinel://:secret@one,two",
                "redis://:secret@one,http://:secret@two",
                "redis://:secret@one,redis-sentinel://:secret@two#rooms")) {
            err.getBuffer().setLength(0);
            assertThat(run(Map.of(), "--redis", wrong)).as(wrong).isEqualTo(2);
            assertThat(err.toString()).as(wrong).contains("--redis").doesNotContain("sec");
            assertThat(err.toString().lines()).as(wrong).hasSize(2).last().isEqualTo("Try --help.");
        }
        assertThat(served).isNull();
    }

    @Test
    void roomsAreInPostgresql() {
        String url = "jdbc:postgresql://db:5433/shop?user=chat&password=secret";
        assertThat(run(Map.of(), "--postgresql", url)).isZero();
        assertThat(backend).isEqualTo(new Backend(100_000, List.of(), Duration.ZERO, new PostgresqlAddress(url)));
        assertThat(backend.toString()).doesNotContain("secret");
        assertThat(run(Map.of("EPHEMERAL_CHAT_POSTGRESQL", "jdbc:postgresql://[::1],two:1/shop")))
                .isZero();
        assertThat(run(Map.of("EPHEMERAL_CHAT_POSTGRESQL", url), "--redis", "redis://localhost"))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("rooms are in --redis or in --postgresql");
    }

    @Test
    void aWrongAddressOfPostgresqlIsAnsweredWithoutItsPassword() {
        for (String wrong : List.of(
                "",
                "postgresql://db/shop?password=secret",
                "jdbc:mysql://db/shop?password=secret",
                "jdbc:postgresql:shop?password=secret",
                "jdbc:postgresql://chat:secret@db/shop",
                "jdbc:postgresql://db:secret/shop",
                "jdbc:postgresql://db?password=secret",
                "jdbc:postgresql://db/shop?password=sec ret",
                "jdbc:postgresql://db/shop#secret",
                "jdbc:postgresql://db/shop?password=secret%")) {
            err.getBuffer().setLength(0);
            assertThat(run(Map.of(), "--postgresql", wrong)).as(wrong).isEqualTo(2);
            assertThat(err.toString()).as(wrong).contains("--postgresql").doesNotContain("sec");
            assertThat(err.toString().lines()).as(wrong).hasSize(2).last().isEqualTo("Try --help.");
        }
        assertThat(run(Map.of(), "--port=jdbc:postgresql://db/shop?user=chat&password=secret"))
                .isEqualTo(2);
        assertThat(err.toString()).doesNotContain("secret");
        assertThat(served).isNull();
    }

    @Test
    void anAddressOfRedisWhereItDoesNotBelongIsAnsweredWithoutItsPassword() {
        for (List<String> wrong : List.of(
                List.of("--redis", "redis://one", "redis://:secret@two"),
                List.of("--no-such-flag=redis://:secret@host"),
                List.of("--port=redis://:secret@host"),
                List.of("redis://:secret@host"))) {
            assertThat(run(Map.of(), wrong.toArray(String[]::new))).isEqualTo(2);
        }
        assertThat(err.toString()).doesNotContain("secret");
    }

    @Test
    void helpNamesEveryFlagWithItsVariable() {
        assertThat(run(Map.of(), "--help")).isZero();
        for (OptionSpec option : commandLine(Map.of()).getCommandSpec().options()) {
            assertThat(out.toString()).contains(option.longestName());
            if (!option.usageHelp() && !option.versionHelp()) {
                assertThat(out.toString()).contains("[" + EnvironmentDefaults.variable(option));
            }
        }
    }

    @Test
    void theVersionIsTheBuilds() {
        assertThat(run(Map.of(), "--version")).isZero();
        assertThat(out.toString()).matches("ephemeral-chat \\d+\\.\\d+.*\\R");
    }

    private int run(Map<String, String> environment, String... args) {
        return commandLine(environment).execute(args);
    }

    private CommandLine commandLine(Map<String, String> environment) {
        return Main.commandLine(environment, this::serve)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
    }

    private void serve(ServerOptions options, Backend where, PrintWriter writer) {
        served = options;
        backend = where;
    }
}
