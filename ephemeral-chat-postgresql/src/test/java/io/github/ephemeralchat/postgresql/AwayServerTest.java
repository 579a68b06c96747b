package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.EntryId;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.JoinRequest;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomSignal;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The server does not answer, or dies and comes back. */
class AwayServerTest {

    private static final TestDatabase DATABASE = TestDatabase.start();
    private static final Duration CLOSED = Duration.ofMillis(2500);
    private static final Duration TOLD = Duration.ofSeconds(5);
    private static final TokenHash TOKEN = TokenHash.of("token");
    private static final Actor HOST = new Actor.Host("Desk");

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    @Test
    @Tag("S12")
    void silentServerFailsEveryCallInTimeAndNothingIsDoneLater() {
        try (ChatNode node = ChatNode.open(DATABASE)) {
            Membership member = node.room();
            RoomStore store = node.postgresql().store();
            RoomId room = member.room().id();
            Actor actor = new Actor.ByToken(TokenHash.of(member.token()));
            EntryId head = store.find(room).orElseThrow().head();
            DATABASE.server().freeze();
            List<Runnable> calls = List.of(
                    () -> store.create(member.room(), Identity.anonymous(), TOKEN),
                    () -> store.find(room),
                    () -> store.authenticate(room, TOKEN),
                    () -> store.join(room, JoinRequest.anonymous(Identity.anonymous(), TOKEN)),
                    () -> store.change(room, actor, new RoomChange.Post(new Draft(LogEntry.MESSAGE, "k", "text"))),
                    () -> store.claim(room, actor, 1),
                    () -> store.readAfter(member.room().incarnation(), EntryId.START, 10),
                    () -> store.destroy(member.room().incarnation(), HOST));
            try (Crowd callers = new Crowd(calls.size())) {
                assertThat(callers.all(i -> failing(calls.get(i)))).allMatch(took -> took.compareTo(CLOSED) < 0);
            }
            long start = System.nanoTime();
            store.now();
            node.postgresql().broadcaster().publish(new RoomSignal.Missed(room));
            node.postgresql().broadcaster().subscribe(room, signal -> {}).close();
            assertThat(System.nanoTime() - start)
                    .as("what never waits")
                    .isLessThan(Duration.ofMillis(200).toNanos());
            DATABASE.server().thaw();
            Await.until(TOLD, "it answers again", () -> answers(store));
            assertThat(store.find(room).orElseThrow().head())
                    .as("what was given up is not done later")
                    .isEqualTo(head);
        }
    }

    private static Duration failing(Runnable call) {
        long start = System.nanoTime();
        try {
            call.run();
        } catch (ChatUnavailableException e) {
            return Duration.ofNanos(System.nanoTime() - start);
        }
        throw new AssertionError("a call was answered by a silent server");
    }

    private static boolean answers(RoomStore store) {
        try {
            return store.find(RoomId.random()).isEmpty();
        } catch (ChatUnavailableException e) {
            return false;
        }
    }

    /** UNLOGGED tables are empty after a crash: every room is lost, and everybody is told. */
    @Test
    void killedServerHasLostAllRoomsAndEverySubscriberIsTold() {
        try (ChatNode here = ChatNode.open(DATABASE);
                ChatNode there = ChatNode.open(DATABASE)) {
            for (int round = 0; round < Rounds.of(2, 10); round++) {
                assertLost(here, there);
            }
        }
    }

    private static void assertLost(ChatNode here, ChatNode there) {
        Membership room = here.room();
        List<Heard> heard = new ArrayList<>(List.of(here.listen(room), there.listen(room)));
        there.post(room, "hello");
        Await.until(TOLD, "it is heard", () -> heard.stream().allMatch(one -> one.hasText("hello")));
        DATABASE.server().kill();
        assertThat(here.failToPost(room, "into nothing")).isLessThan(CLOSED);
        DATABASE.server().restart();
        Await.until(
                TOLD,
                "everybody is told",
                () -> heard.stream().noneMatch(one -> one.ends().isEmpty()));
        assertThat(heard).allSatisfy(one -> assertThat(one.ends()).containsExactly(EndReason.LOST));
        assertThatExceptionOfType(RoomNotFoundException.class).isThrownBy(() -> there.post(room, "too late"));
        assertThat(DATABASE.holdsRoom(room.room().id().value())).isFalse();
        Membership next = there.room();
        here.postUntilStored(next, "a room after it", "k");
    }
}
