package io.github.ephemeralchat.benchmarks.load;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Hands the messages of a phase to the publishers. Where there are rooms enough, a room belongs to one publisher. */
final class Pacer {

    private static final long SECOND_NANOS = 1_000_000_000L;

    private final List<Publisher> publishers;
    private final int rooms;

    Pacer(List<Publisher> publishers, int rooms) {
        this.publishers = publishers;
        this.rooms = rooms;
    }

    /** Each publisher posts again as soon as it has its answer; its rooms take turns. */
    void closedLoop(Phase phase, int perRoom) {
        int[] next = new int[rooms];
        for (Publisher publisher : publishers) {
            int first = publisher.index() % rooms;
            int[] room = {first};
            publisher.loop.execute(() -> publisher.begin(phase, () -> take(room, first, next, perRoom)));
        }
    }

    private @Nullable Post take(int[] room, int first, int[] next, int perRoom) {
        int now = room[0];
        if (next[now] == perRoom) {
            return null;
        }
        room[0] = now + publishers.size() < rooms ? now + publishers.size() : first;
        return new Post(now, next[now]++, 0);
    }

    /** So many a second over all rooms, whether the server keeps up or not. Returns when the last one was due. */
    void openLoop(Phase phase, int perRoom, int rate) {
        publishers.forEach(publisher -> publisher.loop.execute(() -> publisher.begin(phase, () -> null)));
        long begin = System.nanoTime();
        for (long i = 0; i < (long) rooms * perRoom; i++) {
            long due = begin + i * SECOND_NANOS / rate;
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            int room = (int) (i % rooms);
            int publisher = rooms >= publishers.size() ? room % publishers.size() : (int) (i % publishers.size());
            post(publishers.get(publisher), new Post(room, (int) (i / rooms), due));
        }
    }

    private static void post(Publisher publisher, Post post) {
        publisher.loop.execute(() -> publisher.post(post));
    }
}
