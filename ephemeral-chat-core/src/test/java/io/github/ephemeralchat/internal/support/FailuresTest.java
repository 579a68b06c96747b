package io.github.ephemeralchat.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        Failures.withoutMessages(failure).printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void messages_areNowhere() {
        Throwable failure = new IllegalStateException("secret 1", new IOException("secret 2", new Error("secret 3")));
        failure.addSuppressed(new RuntimeException("secret 4", new Exception("secret 5")));
        assertThat(printed(failure)).doesNotContain("secret");
        assertThat(Failures.withoutMessages(failure).getMessage()).isNull();
        assertThat(Failures.withoutMessages(failure)).hasToString("java.lang.IllegalStateException");
    }

    @Test
    void classesFramesAndCauses_areKept() {
        Throwable failure = new IllegalStateException("x", new IOException("x", new Error("x")));
        failure.addSuppressed(new UnsupportedOperationException("x"));
        assertThat(printed(failure))
                .startsWith("java.lang.IllegalStateException")
                .contains(
                        "at io.github.ephemeralchat.internal.support.FailuresTest.classesFramesAndCauses_areKept",
                        "Caused by: java.io.IOException",
                        "Caused by: java.lang.Error",
                        "Suppressed: java.lang.UnsupportedOperationException");
        assertThat(Failures.withoutMessages(failure).getStackTrace()).isEqualTo(failure.getStackTrace());
    }

    @Test
    void cyclicCauses_end() {
        IOException first = new IOException("x");
        IllegalStateException second = new IllegalStateException("x", first);
        first.initCause(second);
        assertThat(printed(first)).startsWith("java.io.IOException").contains("java.lang.IllegalStateException");
    }

    /** Each is copied once: the copies do not multiply. */
    @Test
    void cyclicSuppressedFailures_end() {
        Throwable[] all = new Throwable[12];
        for (int i = 0; i < all.length; i++) {
            all[i] = new IOException("secret");
        }
        for (Throwable one : all) {
            for (Throwable other : all) {
                if (one != other) {
                    one.addSuppressed(other);
                }
            }
        }
        assertThat(printed(all[0])).doesNotContain("secret").hasSizeLessThan(200_000);
    }

    @Test
    void deepCauses_areCutOff() {
        Throwable failure = new IOException("x");
        for (int i = 0; i < 1_000; i++) {
            failure = new IllegalStateException("x", failure);
        }
        assertThat(printed(failure).split("Caused by: ")).hasSizeBetween(10, 52);
    }
}
