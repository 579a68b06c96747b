package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.NodeSignal;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import io.github.ephemeralchat.spi.RoomSignal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A broadcaster that does to signals whatever the rules allow: it drops, doubles and reorders them, by a seed that makes
 * a run repeatable for one publishing thread. {@link #recover} ends that and says so, as rule B5 demands. Thread-safe.
 */
public final class UnreliableBroadcaster implements RoomBroadcaster {

    private static final int HELD = 8;

    private final RoomBroadcaster target;
    private final Random random;
    private final int dropPercent;
    private final int doublePercent;
    private final int reorderPercent;
    /** Guarded by this: signals that come later than they should. */
    private final List<RoomSignal> held = new ArrayList<>();

    private boolean recovered;

    /**
     * Makes a broadcaster that spoils another one.
     *
     * @param target what carries the signals that are left
     * @param seed the seed of the random choices
     * @param dropPercent how many of a hundred are lost
     * @param doublePercent how many of a hundred are sent twice
     * @param reorderPercent how many of a hundred are held back, and come in any order later
     */
    public UnreliableBroadcaster(
            RoomBroadcaster target, long seed, int dropPercent, int doublePercent, int reorderPercent) {
        this.target = target;
        this.random = new Random(seed);
        this.dropPercent = dropPercent;
        this.doublePercent = doublePercent;
        this.reorderPercent = reorderPercent;
    }

    @Override
    public void publish(RoomSignal signal) {
        outcome(signal).forEach(target::publish);
    }

    private synchronized List<RoomSignal> outcome(RoomSignal signal) {
        if (recovered) {
            return List.of(signal);
        }
        List<RoomSignal> out = new ArrayList<>();
        if (!happens(dropPercent)) {
            List<RoomSignal> to = happens(reorderPercent) ? held : out;
            to.add(signal);
            if (happens(doublePercent)) {
                to.add(signal);
            }
        }
        if (held.size() >= HELD) {
            Collections.shuffle(held, random);
            out.addAll(held);
            held.clear();
        }
        return out;
    }

    private boolean happens(int percent) {
        return random.nextInt(100) < percent;
    }

    /**
     * Is reliable from now on, and tells the listeners of a room that they may have missed something.
     *
     * @param room the room's code
     */
    public void recover(RoomId room) {
        synchronized (this) {
            recovered = true;
            held.clear();
        }
        target.publish(new RoomSignal.Missed(room));
    }

    @Override
    public Registration subscribe(RoomId room, Consumer<RoomSignal> listener) {
        return target.subscribe(room, listener);
    }

    @Override
    public void publishToAll(NodeSignal signal) {
        for (int times = times(); times > 0; times--) {
            target.publishToAll(signal);
        }
    }

    private synchronized int times() {
        if (recovered) {
            return 1;
        }
        return happens(dropPercent) ? 0 : happens(doublePercent) ? 2 : 1;
    }

    @Override
    public Registration subscribeToAll(Consumer<NodeSignal> listener) {
        return target.subscribeToAll(listener);
    }
}
