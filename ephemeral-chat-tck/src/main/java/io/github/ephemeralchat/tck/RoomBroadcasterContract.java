package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomBroadcaster;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;

/**
 * What every {@link RoomBroadcaster} has to hold, rule by rule: a broadcaster's own test extends this class and says how
 * to create it. Each test's name begins with the rule that it judges, which is also its tag. Nothing may get lost while
 * a test runs.
 *
 * <p>Rule B6 is not judged here, because only the backend's own tests can cut it off. B5 is judged by {@link #disturb}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public abstract class RoomBroadcasterContract {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** For subclasses. */
    protected RoomBroadcasterContract() {}

    /** Two broadcasters that share their rooms; the same one twice if it serves one JVM only. */
    public record Nodes(RoomBroadcaster here, RoomBroadcaster there) {}

    /**
     * Creates the broadcasters under test. A test calls this once.
     *
     * @return the broadcasters of two nodes
     */
    protected abstract Nodes createNodes();

    /**
     * Interrupts the connections of both nodes so that signals may have been lost, and lets them come back.
     *
     * @return whether it did; false, the default, says that nothing can be lost, which is tested then
     */
    protected boolean disturb() {
        return false;
    }

    /**
     * Sends the listeners of a room what a newer version may send: a signal, well formed, of a kind that this version does not
     * know.
     *
     * @param room the room's code
     * @return whether it did; false, the default, says that signals do not leave this JVM, so that there is no other version
     */
    protected boolean publishUnknownKind(RoomId room) {
        return false;
    }

    /**
     * Tells whether anything is held for a room elsewhere than in this JVM's memory, such as a subscribed channel.
     *
     * @param room a room whose registrations are all closed
     * @return whether anything is held; false if the broadcaster has no such place
     */
    protected abstract boolean holdsOutsideThisJvm(RoomId room);

    /**
     * Returns how long a test waits for a signal before it fails.
     *
     * @return a duration; by default 5 seconds
     */
    protected Duration signalTimeout() {
        return DEFAULT_TIMEOUT;
    }

    @Nested
    class Delivery extends DeliveryRules {
        @Override
        RoomBroadcasterContract contract() {
            return RoomBroadcasterContract.this;
        }
    }

    @Nested
    class Listeners extends ListenerRules {
        @Override
        RoomBroadcasterContract contract() {
            return RoomBroadcasterContract.this;
        }
    }

    @Nested
    class SignalsToAll extends NodeSignalRules {
        @Override
        RoomBroadcasterContract contract() {
            return RoomBroadcasterContract.this;
        }
    }
}
