package io.github.ephemeralchat.benchmarks.load;

/** Somebody's place in a room of a target: what a request has to name. */
record Seat(String room, String token, int seats) {

    @Override
    public String toString() {
        return "Seat";
    }
}
