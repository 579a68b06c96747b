package io.github.ephemeralchat.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogEntryTest {

    private static final Identity NYX = new Identity("p_1", "Nyx");

    private static LogEntry entry(String body) {
        return new LogEntry(new EntryId(1, 1), LogEntry.MESSAGE, NYX, "k", body, Instant.EPOCH);
    }

    @Test
    void size_isTheLengthInUtf8() {
        StringBuilder all = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                String text = Character.toString(codePoint);
                int length = text.getBytes(StandardCharsets.UTF_8).length;
                if (entry(text).size() != length) {
                    assertThat(entry(text).size()).as("U+%x", codePoint).isEqualTo(length);
                }
                all.append(text);
            }
        }
        assertThat(entry(all.toString()).size()).isEqualTo(all.toString().getBytes(StandardCharsets.UTF_8).length);
        assertThat(entry("").size()).isZero();
    }

    /** It is asked for at each append and at each link. */
    @Test
    void size_encodesNothing() {
        LogEntry entry = entry("\u00e9".repeat(4_000));
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int sum = entry.size();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_000; i++) {
            sum += entry.size();
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
        assertThat(sum).isEqualTo(1_001 * 8_000);
    }
}
