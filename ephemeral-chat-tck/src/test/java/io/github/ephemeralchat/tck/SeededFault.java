package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.spi.LogLimits;
import java.time.InstantSource;
import java.util.function.BiFunction;

/** A store with one fault, and the test that has to find it. */
interface SeededFault {

    /**
     * What a fault is made of.
     *
     * @param foundBy the name of the test
     * @param store makes a store with the fault
     */
    record Seed(String foundBy, BiFunction<LogLimits, InstantSource, ReferenceRoomStore> store) {}

    String name();

    Seed seed();

    default String foundBy() {
        return seed().foundBy();
    }

    default ReferenceRoomStore store(LogLimits limits, InstantSource time) {
        return seed().store().apply(limits, time);
    }

    /** Gives the store's lock away for a moment, in the middle of a step that should be atomic. */
    static void letOthersIn(ReferenceRoomStore store) {
        try {
            store.wait(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
