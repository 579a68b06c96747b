package io.github.ephemeralchat.tck;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomStore;
import java.time.Duration;
import java.time.Instant;

/** What the groups of a store's rules have in common: rooms in a store, and time. */
abstract class StoreRules {

    static final Duration LONG_LIFE = Duration.ofMinutes(10);
    static final int SEATS = 5;

    private final RoomStoreContract contract;

    StoreRules(RoomStoreContract contract) {
        this.contract = contract;
    }

    RoomStore store() {
        return contract.createStore(LogLimits.DEFAULT);
    }

    TestRoom room() {
        return room(SEATS);
    }

    TestRoom room(int seats) {
        return TestRoom.create(store(), RoomId.random(), LONG_LIFE, seats);
    }

    TestRoom room(LogLimits limits) {
        return TestRoom.create(contract.createStore(limits), RoomId.random(), LONG_LIFE, SEATS);
    }

    TestRoom shortLivedRoom() {
        return TestRoom.create(store(), RoomId.random(), contract.shortLife(), SEATS);
    }

    /** Another life under the same code. */
    static TestRoom again(TestRoom room) {
        return TestRoom.create(room.store(), room.id(), LONG_LIFE, SEATS);
    }

    /** The same room as another node sees it; for rooms with the usual limits. */
    TestRoom onOtherNode(TestRoom room) {
        return room.on(contract.createOtherNode(room.store(), LogLimits.DEFAULT));
    }

    void passTime(Duration duration) {
        contract.passTime(duration);
    }

    Duration timeTolerance() {
        return contract.timeTolerance();
    }

    /** Lets time pass until the room's deadline is there, and no longer than it must. */
    void passDeadline(TestRoom room) {
        Instant over = room.room().expiresAt().plus(timeTolerance());
        while (room.store().now().isBefore(over)) {
            passTime(Duration.between(room.store().now(), over));
        }
    }

    boolean holdsOutsideThisJvm(RoomIncarnation room) {
        return contract.holdsOutsideThisJvm(room);
    }
}
