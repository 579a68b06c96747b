package io.github.ephemeralchat.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.MessageNotFoundException;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Appended;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.EntryBody;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.LogLimits;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.tck.TestRoom.Caller;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How bodies are deleted before their room ends. */
@Tag("S17")
abstract class ForgetRules extends ForgetRulesBase {

    // ---- By somebody ----

    @Test
    void s17_sender_forgets() {
        TestRoom room = room();
        var member = room.join();
        assertForgets(room, room.post(member, "k").entry(), member.actor(), member.identity());
    }

    @Test
    void s17_owner_forgets_what_another_has_posted() {
        TestRoom room = room();
        var member = room.join();
        assertForgets(
                room,
                room.post(member, "k").entry(),
                room.owner().actorById(),
                room.owner().identity());
    }

    @Test
    void s17_host_forgets() {
        TestRoom room = room();
        Identity host = ((Actor.Host) TestRoom.HOST).identity();
        assertForgets(room, room.post("k").entry(), TestRoom.HOST, host);
    }

    private void assertForgets(TestRoom room, LogEntry entry, Actor actor, Identity by) {
        room.post("between");

        Appended appended =
                assertStored(onOtherNode(room), () -> onOtherNode(room).forget(actor, entry));

        String told = EntryBody.forgotten(entry.id().sequence(), Forgotten.DELETED);
        assertEntry(appended.entry(), LogEntry.FORGOTTEN, by, null, told);
        assertThat(room.now(entry)).isEqualTo(gone(entry, Forgotten.DELETED));
        assertThat(onOtherNode(room).now(entry)).isEqualTo(gone(entry, Forgotten.DELETED));
        assertDense(room.log(), 1, appended.entry().id().sequence());
    }

    @Test
    @Tag("S14")
    void s14_s17_others_do_not_forget() {
        TestRoom room = room();
        LogEntry entry = room.post("k").entry();
        var member = room.join();
        var outsider = Caller.create();

        room.assertRefused(NotPermittedException.class, () -> room.forget(member.actor(), entry));
        room.assertRefused(NotAParticipantException.class, () -> room.forget(outsider.actor(), entry));
    }

    @Test
    @Tag("S14")
    void s14_s17_reader_does_not_forget_what_it_has_posted() {
        TestRoom room = room();
        var member = room.join();
        LogEntry entry = room.post(member, "k").entry();
        room.assign(member, Role.READER);

        room.assertRefused(NotPermittedException.class, () -> room.forget(member.actor(), entry));

        room.assign(member, Role.MEMBER);
        assertThat(room.forget(member.actor(), entry)).isPresent();
    }

    @Test
    void s17_what_is_forgotten_is_forgotten_once() {
        TestRoom room = room();
        LogEntry entry = room.post("k").entry();
        room.forget(TestRoom.HOST, entry);

        assertNothingStored(room, () -> room.forget(room.owner().actor(), entry));
        assertNothingStored(onOtherNode(room), () -> onOtherNode(room).forget(TestRoom.HOST, entry));
    }

    @Test
    void s17_only_what_was_posted_is_forgotten() {
        TestRoom room = room();
        LogEntry entry = room.post("k").entry();
        LogEntry forgotten = room.forget(TestRoom.HOST, entry).orElseThrow().entry();
        LogEntry joined = room.log().get(0);

        for (long sequence : List.of(0L, joined.id().sequence(), forgotten.id().sequence(), 99L, Long.MAX_VALUE)) {
            room.assertRefused(
                    MessageNotFoundException.class, () -> room.change(TestRoom.HOST, new RoomChange.Forget(sequence)));
        }
    }

    @Test
    @Tag("S10")
    void s10_s17_what_was_trimmed_is_not_there_to_be_forgotten() {
        TestRoom room = room(new LogLimits(3, MUCH_TEXT));
        LogEntry entry = room.post("k").entry();
        room.post("a", "b", "c");

        room.assertRefused(MessageNotFoundException.class, () -> room.forget(TestRoom.HOST, entry));
    }

    @Test
    @Tag("S4")
    void s4_s17_retry_of_what_is_forgotten_stores_nothing() {
        TestRoom room = room();
        LogEntry entry = room.post("k").entry();
        room.forget(TestRoom.HOST, entry);
        EntryId head = room.head();

        Appended retry = onOtherNode(room).post(room.owner(), "k");

        assertThat(retry.stored()).isFalse();
        assertThat(retry.entry()).isEqualTo(gone(entry, Forgotten.DELETED));
        assertThat(room.head()).isEqualTo(head);
    }

    @Test
    @Tag("S10")
    void s10_s17_bytes_of_what_is_forgotten_are_credited() {
        TestRoom room = room();
        LogEntry entry = room.post(room.owner(), "k", "x".repeat(3000)).entry();
        long before = room.post("a").logBytes();

        long after = room.forget(TestRoom.HOST, entry).orElseThrow().logBytes();

        long told =
                EntryBody.forgotten(entry.id().sequence(), Forgotten.DELETED).length();
        assertThat(after).isEqualTo(before - 3000 + told + LogEntry.OVERHEAD_BYTES);
    }

    @Test
    @Tag("S10")
    void s10_s17_what_is_forgotten_pushes_nothing_out() {
        TestRoom room = room(new LogLimits(100, 1000));
        LogEntry entry = room.post(room.owner(), "k", "x".repeat(900)).entry();
        room.forget(TestRoom.HOST, entry);

        room.post(room.owner(), "next", "y".repeat(900));

        assertThat(room.keys()).containsExactly("k", "next");
    }

    @Test
    @Tag("S20")
    void s17_s20_entry_of_an_unknown_kind_is_forgotten() {
        TestRoom room = room();
        LogEntry entry =
                room.append(room.owner(), new Draft("x-unknown", "k", "body")).entry();

        room.forget(room.owner().actor(), entry);

        assertThat(room.now(entry)).isEqualTo(gone(entry, Forgotten.DELETED));
    }

    @Test
    void s17_one_of_two_bodies_is_forgotten() {
        TestRoom room = room();
        LogEntry first = room.post("first").entry();
        LogEntry second = room.post("second").entry();

        room.forget(TestRoom.HOST, first);

        assertThat(room.now(second)).isEqualTo(second);
        assertThat(room.post(room.owner(), "second").entry()).isEqualTo(second);
    }

    @Test
    @Tag("S1")
    void s1_s17_forgotten_at_once_is_told_once() {
        for (int round = 0; round < ROUNDS; round++) {
            TestRoom room = room();
            LogEntry entry = room.post("k").entry();

            List<Optional<Appended>> all = crowd.all(i -> onOtherNode(room).forget(TestRoom.HOST, entry));

            assertThat(all).filteredOn(Optional::isPresent).hasSize(1);
            assertThat(room.log())
                    .filteredOn(one -> one.kind().equals(LogEntry.FORGOTTEN))
                    .hasSize(1);
        }
    }

    // ---- Nothing left ----

    @Test
    @Tag("S11")
    void s17_nothing_is_held_of_what_was_forgotten() {
        TestRoom room = room();
        String copy = "canary-" + UUID.randomUUID();
        WeakReference<String> body = post(room, copy, null);
        room.forget(TestRoom.HOST, room.log().get(1));

        assertBodyNotHeld(room.store(), "a body that was deleted", body, copy);
        assertThat(room.keys()).containsExactly("k");
    }
}
