package io.github.ephemeralchat.postgresql;

/** How often something is tried: a few times in every build, the full number behind {@code -Pfull}. */
final class Rounds {

    private Rounds() {}

    static int of(int usual, int full) {
        return System.getProperty("test.rounds", "1").equals("full") ? full : usual;
    }
}
