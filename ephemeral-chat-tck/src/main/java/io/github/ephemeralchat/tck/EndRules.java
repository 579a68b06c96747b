package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Guest;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a store has to hold about the end of a room, by its deadline or by {@link RoomStore#destroy}. */
abstract class EndRules extends StoreRules {

    private static final Duration HELD_AT_MOST = Duration.ofSeconds(5);
    private static final int CHECKS = 50;

    EndRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    void s7RoomIsOverAtItsDeadline() {
        TestRoom room = shortLivedRoom();
        room.post(room.owner(), "k");

        passDeadline(room);

        room.assertOver();
        onOtherNode(room).assertOver();
    }

    @Test
    void s7RoomLivesUntilItsDeadline() {
        TestRoom room = shortLivedRoom();
        Instant deadline = room.room().expiresAt();
        Instant last = deadline.minus(timeTolerance()).minusMillis(1);
        passTime(Duration.between(room.store().now(), last));

        boolean found = room.store().find(room.id()).isPresent();

        // Where time cannot be stopped, the test may have come too late to say anything.
        boolean inTime = room.store().now().plus(timeTolerance()).isBefore(deadline);
        assertThat(found || !inTime).as("found just before the deadline").isTrue();
    }

    @Test
    void s7NothingMovesTheDeadline() {
        TestRoom room = shortLivedRoom();
        Guest guest = room.join();
        room.post(guest, "k");
        room.leave(guest);
        room.log();

        passDeadline(room);

        room.assertOver();
    }

    @Test
    void s7TimeGoesForward() {
        RoomStore store = store();
        Instant before = store.now();

        passTime(Duration.ofMillis(20));

        assertThat(store.now()).isAfter(before);
    }

    @Test
    void s7ExpiredRoomTakesNoOtherWithIt() {
        TestRoom expired = shortLivedRoom();
        TestRoom room = TestRoom.create(expired.store(), RoomId.random(), LONG_LIFE, SEATS);

        passDeadline(expired);

        room.post(room.owner(), "k");
        assertThat(room.keys()).containsExactly("k");
    }

    @Test
    void s8DestroyedRoomIsOverOnEveryNode() {
        TestRoom room = room();
        room.post(room.owner(), "k");

        assertThat(room.destroy()).isTrue();

        room.assertOver();
        onOtherNode(room).assertOver();
    }

    @Test
    void s8DestroyTakesNoOtherRoomWithIt() {
        TestRoom destroyed = room();
        TestRoom room = TestRoom.create(destroyed.store(), RoomId.random(), LONG_LIFE, SEATS);

        destroyed.destroy();

        assertThat(room.members()).hasSize(1);
    }

    @Test
    void s9LateCallsLeaveTheCodeFree() {
        TestRoom old = room();
        old.destroy();
        old.assertOver();

        TestRoom room = again(old);

        assertThat(room.sequences()).containsExactly(1L);
        assertThat(room.members()).containsExactly(room.owner().identity());
    }

    @Test
    void s9KeyOfAnEarlierLifeDestroysNothing() {
        TestRoom old = room();
        old.destroy();
        TestRoom room = again(old);

        assertThat(old.destroy()).isFalse();

        assertThat(room.members()).containsExactly(room.owner().identity());
    }

    @Test
    void s11NothingOfADestroyedRoomIsHeld() {
        TestRoom room = room();
        List<WeakReference<?>> content = contentOf(room);

        room.destroy();

        assertNothingHeld(room, content);
    }

    @Test
    void s11NothingOfAnExpiredRoomIsHeld() {
        TestRoom room = shortLivedRoom();
        List<WeakReference<?>> content = contentOf(room);
        passDeadline(room);

        assertNothingHeld(room, content);
    }

    /** Writes something into a room and keeps no hold of it. */
    private static List<WeakReference<?>> contentOf(TestRoom room) {
        Guest guest = room.join();
        String text = "a text that is " + room.post(guest, "earlier").entry().id();
        room.post(guest, "k", text);
        return List.of(
                new WeakReference<>(text), new WeakReference<>(guest.identity()), new WeakReference<>(guest.token()));
    }

    private void assertNothingHeld(TestRoom room, List<WeakReference<?>> content) {
        for (int i = 0; i < CHECKS && isHeld(room, content); i++) {
            passTime(HELD_AT_MOST.dividedBy(CHECKS));
            use(room.store());
        }
        assertThat(isHeld(room, content))
                .as("something of the room is still held")
                .isFalse();
    }

    /** Does what other rooms do: a store may clean up when it is called, and on a thread of its own. */
    private static void use(RoomStore store) {
        TestRoom.create(store, RoomId.random(), LONG_LIFE, SEATS).destroy();
        Await.pause(Duration.ofMillis(10));
    }

    private boolean isHeld(TestRoom room, List<WeakReference<?>> content) {
        System.gc();
        return holdsOutsideThisJvm(room.incarnation())
                || !content.stream().allMatch(reference -> reference.refersTo(null));
    }
}
