package io.github.ephemeralchat.benchmarks;

import java.util.List;
import java.util.stream.Collectors;

/** Several figures of the same kind. */
record Figures(List<Double> all) {

    Figures {
        all = all.stream().sorted().toList();
    }

    double median() {
        int size = all.size();
        return size == 0 ? Double.NaN : (all.get((size - 1) / 2) + all.get(size / 2)) / 2;
    }

    double smallest() {
        return all.isEmpty() ? Double.NaN : all.get(0);
    }

    double largest() {
        return all.isEmpty() ? Double.NaN : all.get(all.size() - 1);
    }

    String withRange(String format) {
        return Texts.of(format + " (" + format + "-" + format + ")", median(), smallest(), largest());
    }

    @Override
    public String toString() {
        return all.stream().map(one -> Texts.of("%.2f", one)).collect(Collectors.joining(" "));
    }
}
