package io.github.ephemeralchat.examples.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TalkTest {

    /** As a user starts it: a JVM of its own. A line is heard before the next one is typed. */
    @Test
    @Timeout(120)
    void whatIsTypedIsHeardAndTheEndIsTold() throws Exception {
        Process talk = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Talk.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader screen = talk.inputReader(StandardCharsets.UTF_8)) {
            type(talk, screen);
            assertThat(screen.readLine()).isEqualTo("The room is over: DESTROYED");
            assertThat(talk.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(talk.exitValue()).isZero();
        } finally {
            talk.destroyForcibly();
        }
    }

    private static void type(Process talk, BufferedReader screen) throws IOException {
        try (Writer keyboard = talk.outputWriter(StandardCharsets.UTF_8)) {
            for (String line : new String[] {"hello", "is anybody there?"}) {
                keyboard.write(line + "\n");
                keyboard.flush();
                assertThat(screen.readLine()).isEqualTo("Ben hears: " + line);
            }
        }
    }
}
