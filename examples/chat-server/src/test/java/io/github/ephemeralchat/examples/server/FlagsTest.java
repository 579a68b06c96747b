package io.github.ephemeralchat.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.spi.RoomStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class FlagsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private @Nullable ServerOptions served;

    @Test
    void withoutFlagsTheServerIsForThisMachineOnly() {
        assertThat(run(Map.of())).isZero();
        assertThat(served).isEqualTo(ServerOptions.local(8080));
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
                "--behind-proxy",
                "--public-base-url=https://chat.example.org");
        assertThat(exit).isZero();
        assertThat(served)
                .isEqualTo(new ServerOptions("0.0.0.0", 0, false, 7, true, URI.create("https://chat.example.org")));
    }

    @Test
    void everyFlagIsTakenFromTheEnvironment() {
        int exit = run(Map.of(
                "EPHEMERAL_CHAT_HOST", "0.0.0.0",
                "EPHEMERAL_CHAT_PORT", "0",
                "EPHEMERAL_CHAT_RATE_LIMITS", "OFF",
                "EPHEMERAL_CHAT_MAX_STREAMS", "7",
                "EPHEMERAL_CHAT_MAX_ROOMS", "9",
                "EPHEMERAL_CHAT_BEHIND_PROXY", "true",
                "EPHEMERAL_CHAT_PUBLIC_BASE_URL", "https://chat.example.org/"));
        assertThat(exit).isZero();
        assertThat(served)
                .isEqualTo(new ServerOptions("0.0.0.0", 0, false, 7, true, URI.create("https://chat.example.org/")));
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
                List.of("--rate-limits=maybe"),
                List.of("--public-base-url=chat.example.org"),
                List.of("--public-base-url=https://chat.example.org/below"),
                List.of("--public-base-url=ftp://chat.example.org"),
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

    private void serve(ServerOptions options, RoomStore store, PrintWriter writer) {
        served = options;
    }
}
