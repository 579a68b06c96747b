package io.github.ephemeralchat.benchmarks;

import io.github.ephemeralchat.benchmarks.load.Verdict;
import io.github.ephemeralchat.benchmarks.load.Workload;
import io.github.ephemeralchat.benchmarks.servers.Contestant;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The runs of one workload as a table in Markdown; each ratio is to a peer's run of the same round. */
record WorkTable(Workload workload, List<Measurement> all) {

    private List<Contestant> contestants(boolean peersOnly) {
        return all.stream()
                .map(Measurement::contestant)
                .distinct()
                .filter(one -> !peersOnly || one.isPeer())
                .toList();
    }

    private Figures figures(Contestant one, ToDoubleFunction<Measurement> figure) {
        return new Figures(of(one).stream().map(figure::applyAsDouble).toList());
    }

    private List<Measurement> of(Contestant one) {
        return all.stream().filter(run -> run.contestant() == one).toList();
    }

    private Figures ratios(Contestant one, Contestant peer, ToDoubleFunction<Measurement> figure) {
        return new Figures(of(one).stream()
                .flatMap(mine -> of(peer).stream()
                        .filter(other -> other.round() == mine.round())
                        .map(other -> figure.applyAsDouble(mine) / figure.applyAsDouble(other)))
                .toList());
    }

    String markdown() {
        List<Contestant> peers = contestants(true);
        String ratioHeads = peers.stream()
                .map(peer -> " x " + peer + " (rounds) | p99 x " + peer + " |")
                .collect(Collectors.joining());
        StringBuilder text = new StringBuilder("### " + workload.name() + "\n\n");
        text.append("| server | CPU us/delivery (range) |")
                .append(ratioHeads)
                .append(
                        " p50 ms | p99 ms (range) | deliveries/s | lost, doubled, reordered, strayed | rooms that diverge"
                                + " | posts refused | streams cut |\n");
        text.append("|---|---|").append("---|---|".repeat(peers.size())).append("---|---|---|---|---|---|---|\n");
        for (Contestant one : contestants(false)) {
            text.append("| ")
                    .append(one)
                    .append(" | ")
                    .append(figures(one, Measurement::cpuPerDelivery).withRange("%.1f"));
            for (Contestant peer : peers) {
                Figures cpu = ratios(one, peer, Measurement::cpuPerDelivery);
                text.append(Texts.of(" | **%.2f** (%s)", cpu.median(), cpu))
                        .append(Texts.of(
                                " | %.2f", ratios(one, peer, Measurement::p99).median()));
            }
            text.append(rest(one));
        }
        return text.append('\n').toString();
    }

    private String rest(Contestant one) {
        Verdict verdict = of(one).stream().map(run -> run.result().verdict()).reduce(Verdict.CLEAN, Verdict::plus);
        return Texts.of(
                " | %.2f | %s | %.0f | %d, %d, %d, %d of %d | %d | %d | %d |%n",
                figures(one, Measurement::p50).median(),
                figures(one, Measurement::p99).withRange("%.2f"),
                figures(one, Measurement::perSecond).median(),
                verdict.lost(),
                verdict.doubled(),
                verdict.reordered(),
                verdict.strayed(),
                of(one).stream().mapToLong(run -> run.result().delivered()).sum(),
                verdict.divergentRooms(),
                of(one).stream().mapToLong(run -> run.result().refused()).sum(),
                of(one).stream().mapToLong(run -> run.result().streamsCut()).sum());
    }
}
