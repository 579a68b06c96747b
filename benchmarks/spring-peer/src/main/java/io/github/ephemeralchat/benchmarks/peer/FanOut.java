package io.github.ephemeralchat.benchmarks.peer;

/** How a message gets to everyone in its room. */
interface FanOut {
    void send(SpringPeer.Message message);
}
