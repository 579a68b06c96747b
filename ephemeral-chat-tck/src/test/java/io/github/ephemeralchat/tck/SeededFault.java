package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.spi.LogLimits;
import java.time.InstantSource;

/** A store with one fault, and the test that has to find it. */
interface SeededFault {

    String name();

    String foundBy();

    ReferenceRoomStore store(LogLimits limits, InstantSource time);

    /** Gives the store's lock away for a moment, in the middle of a step that should be atomic. */
    static void letOthersIn(ReferenceRoomStore store) {
        try {
            store.wait(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
