package io.github.ephemeralchat.internal.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private final Deadlines deadlines = new Deadlines();
    private final CompletableFuture<String> underWay = new CompletableFuture<>();

    private void add(long nanosFromNow) {
        deadlines.add(underWay, System.nanoTime() + nanosFromNow, () -> underWay.complete("late"));
    }

    @Test
    void whatIsOverIsEnded() {
        add(-1);
        deadlines.tick();
        assertThat(underWay).isCompletedWithValue("late");
    }

    @Test
    void whatHasTimeIsNotEnded() {
        add(TimeUnit.HOURS.toNanos(1));
        deadlines.tick();
        assertThat(underWay).isNotDone();
    }

    @Test
    void whatIsCompleteIsNoLongerLookedAt() {
        int[] ended = {0};
        deadlines.add(underWay, System.nanoTime() - 1, () -> ended[0]++);
        underWay.complete("in time");
        deadlines.tick();
        deadlines.add(underWay, System.nanoTime() - 1, () -> ended[0]++);
        deadlines.tick();
        assertThat(ended).containsExactly(0);
    }
}
