package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a store has to hold about the end of a room, by its deadline or by {@link RoomStore#destroy}. */
abstract class EndRules extends StoreRules {

    private static final Duration HELD_AT_MOST = Duration.ofSeconds(5);
    private static final int CHECKS = 50;

    EndRules(RoomStoreContract contract) {
        super(contract);
    }

    @Test
    @Tag("S7")
    void s7_room_has_ended_at_its_deadline_which_nothing_moves() {
        TestRoom room = shortLivedRoom();
        TestRoom other = roomBeside(room);
        Caller member = room.join();
        room.post(member, "k");
        room.leave(member);
        room.log();

        passDeadline(room);

        room.assertEnded();
        onOtherNode(room).assertEnded();
        other.post("k");
        assertThat(other.keys()).as("another room's log").containsExactly("k");
    }

    @Test
    @Tag("S7")
    void s7_room_lives_until_its_deadline() {
        TestRoom room = shortLivedRoom();
        Instant deadline = room.room().expiresAt();
        Instant last = deadline.minus(timeTolerance()).minusMillis(1);
        passTime(Duration.between(room.store().now(), last));

        boolean found = room.store().find(room.id()).isPresent();

        // If time cannot be stopped, the test may have come too late to say anything.
        boolean inTime = room.store().now().plus(timeTolerance()).isBefore(deadline);
        assertThat(found || !inTime).as("found just before the deadline").isTrue();
    }

    @Test
    @Tag("S7")
    void s7_time_goes_forward() {
        RoomStore store = store();
        Instant before = store.now();

        passTime(Duration.ofMillis(20));

        assertThat(store.now()).isAfter(before);
    }

    @Test
    @Tag("S8")
    void s8_destroyed_room_has_ended_on_every_node() {
        TestRoom room = room();
        TestRoom other = roomBeside(room);
        room.post("k");

        assertThat(room.destroy()).isTrue();

        room.assertEnded();
        onOtherNode(room).assertEnded();
        assertThat(other.members()).as("another room's members").hasSize(1);
    }

    @Test
    @Tag("S9")
    void s9_late_calls_reach_no_later_room_under_the_code() {
        TestRoom old = destroyedRoom();
        old.assertEnded();
        TestRoom room = again(old);
        room.join(old.owner());

        old.assertIncarnationEnded();

        assertThat(room.sequences()).containsExactly(1L, 2L);
        assertThat(room.members())
                .containsExactly(room.owner().identity(), old.owner().identity());
        assertThat(room.isMember(old.owner())).isTrue();
    }

    @Test
    @Tag("S11")
    void s11_nothing_of_a_destroyed_room_is_held() {
        TestRoom room = room();
        Map<String, WeakReference<?>> content = write(room);

        room.destroy();

        assertNothingHeld(room, content);
    }

    @Test
    @Tag("S11")
    void s11_nothing_of_an_expired_room_is_held() {
        TestRoom room = shortLivedRoom();
        Map<String, WeakReference<?>> content = write(room);

        passDeadline(room);

        assertNothingHeld(room, content);
    }

    /** Writes something into a room and keeps no reference to it. */
    private static Map<String, WeakReference<?>> write(TestRoom room) {
        Caller member = room.join();
        String text = "a text that is " + room.post(member, "earlier").entry().id();
        room.post(member, "k", text);
        return Map.of(
                "the text of a message", new WeakReference<>(text),
                "a member's identity", new WeakReference<>(member.identity()),
                "a token's hash", new WeakReference<>(member.token()));
    }

    private void assertNothingHeld(TestRoom room, Map<String, WeakReference<?>> content) {
        for (int i = 0; i < CHECKS && !held(room, content).isEmpty(); i++) {
            passTime(HELD_AT_MOST.dividedBy(CHECKS));
            use(room.store());
        }
        assertThat(held(room, content))
                .as("what is still held %s after the room's end", HELD_AT_MOST)
                .isEmpty();
    }

    /** Does what other rooms do: a store may clean up when it is called, and on a thread of its own. */
    private static void use(RoomStore store) {
        TestRoom.create(store, RoomId.random(), LONG_LIFE, SEATS).destroy();
        Await.pause(Duration.ofMillis(10));
    }

    private List<String> held(TestRoom room, Map<String, WeakReference<?>> content) {
        System.gc();
        if (holdsOutsideThisJvm(room.incarnation())) {
            return List.of("something outside of this JVM");
        }
        return content.entrySet().stream()
                .filter(part -> !part.getValue().refersTo(null))
                .map(Map.Entry::getKey)
                .toList();
    }
}
