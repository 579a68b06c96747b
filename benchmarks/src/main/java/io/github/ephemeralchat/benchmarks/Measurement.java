package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.LoadResult;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;

/** One run of one server. */
record Measurement(Contestant contestant, Workload workload, int round, LoadResult result, long cpuMicros) {

    private static final int MEDIAN = 50;
    private static final int TAIL = 99;

    double cpuPerDelivery() {
        return result.delivered() == 0 ? Double.NaN : (double) cpuMicros / result.delivered();
    }

    double p50() {
        return result.latencyMillis(MEDIAN);
    }

    double p99() {
        return result.latencyMillis(TAIL);
    }

    double perSecond() {
        return result.delivered() * 1e9 / Math.max(1, result.took().toNanos());
    }

    @Override
    public String toString() {
        return Texts.of(
                "%s %s round %d: %.1f us, p50 %.2f ms, p99 %.2f ms, %.0f/s, %s%s",
                workload.name(),
                contestant,
                round,
                cpuPerDelivery(),
                p50(),
                p99(),
                perSecond(),
                result.isClean() ? "all right" : result.verdict(),
                result.failure() == null ? "" : " (" + result.failure() + ")");
    }
}
