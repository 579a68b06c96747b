package io.github.ephemeralchat.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A figure that grows is told from one that goes up and down. */
class TrendTest {

    private static Trend of(LongStream values) {
        return new Trend(values.boxed().toList());
    }

    @Test
    void whatGoesUpAndDownIsFlat() {
        assertThat(of(LongStream.of(100, 180, 90, 110, 100, 120, 105, 90, 200)).isFlat(0))
                .isTrue();
    }

    @Test
    void whatGrowsWithoutEndIsNotFlat() {
        Trend leak = of(LongStream.range(100, 160));
        assertThat(leak.first()).isEqualTo(110);
        assertThat(leak.last()).isEqualTo(150);
        assertThat(leak.isFlat(10)).isFalse();
        assertThat(leak.isFlat(40)).isTrue();
    }

    @Test
    void fewValuesAreNoTrend() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Trend(List.of(1L, 2L)));
    }
}
