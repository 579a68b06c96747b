package io.github.ephemeralchat.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.LogPage;
import io.github.ephemeralchat.tck.Await;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryLogTest {

    private static final Identity SENDER = Identity.anonymous();

    @Test
    void log_keepsExactlyTheNewest_forEveryLimitAndLength() {
        for (int max = 1; max <= 20; max++) {
            MemoryLog log = log(max);
            for (int count = 1; count <= 70; count++) {
                append(log, count);
                int first = Math.max(1, count - max + 1);
                assertThat(sequences(log.page(EntryId.at(first - 1L), 100)))
                        .isEqualTo(IntStream.rangeClosed(first, count)
                                .mapToObj(Long::valueOf)
                                .toList());
                assertThat(log.find(SENDER.id(), "k" + first)).isPresent();
                assertThat(log.find(SENDER.id(), "k" + (first - 1))).isEmpty();
            }
        }
    }

    @Test
    void trimmedEntry_isUnreachable() {
        MemoryLog log = log(1);
        WeakReference<LogEntry> first = new WeakReference<>(append(log, 1));

        append(log, 2);

        Await.untilUnreachable(Duration.ofSeconds(5), "the first entry is unreachable", first);
        assertThat(log.head().sequence()).isEqualTo(2);
    }

    private static MemoryLog log(int maxEntries) {
        return new MemoryLog(new LogLimits(maxEntries, 1 << 20), new MemoryBudget(Long.MAX_VALUE).new Account());
    }

    private static LogEntry append(MemoryLog log, int number) {
        return log.append(LogEntry.MESSAGE, SENDER, "k" + number, "text", Instant.EPOCH, BodyLife.OF_THE_ROOM);
    }

    private static List<Long> sequences(LogPage page) {
        return page.entries().stream().map(entry -> entry.id().sequence()).toList();
    }
}
