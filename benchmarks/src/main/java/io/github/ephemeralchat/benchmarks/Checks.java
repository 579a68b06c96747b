package io.github.ephemeralchat.benchmarks;

/** Says of each demand whether it is met. */
final class Checks {

    private boolean allMet = true;

    void that(boolean met, String demand, Object... figures) {
        allMet &= met;
        System.out.println((met ? "PASS  " : "FAIL  ") + Texts.of(demand, figures));
    }

    /** The process's exit code. */
    int exitCode() {
        return allMet ? 0 : 1;
    }
}
