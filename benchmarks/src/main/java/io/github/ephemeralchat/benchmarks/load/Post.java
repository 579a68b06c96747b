package io.github.ephemeralchat.benchmarks.load;

/** A message to post: its room's number, its own number there, and when it is due, 0 for at once. */
record Post(int room, int sequence, long dueNanos) {}
