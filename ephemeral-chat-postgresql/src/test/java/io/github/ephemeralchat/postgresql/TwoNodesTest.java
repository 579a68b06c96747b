package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.model.RoomLockedException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.Draft;
import io.github.ephemeralchat.spi.LogEntry;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many people over two nodes. */
class TwoNodesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(2);

    private final ChatNode here = ChatNode.open(TestDatabase.shared());
    private final ChatNode there = ChatNode.open(TestDatabase.shared());

    @AfterEach
    void closeNodes() {
        here.close();
        there.close();
    }

    private ChatNode node(int number) {
        return number % 2 == 0 ? here : there;
    }

    private RoomStore store(int number) {
        return node(number).postgresql().store();
    }

    /** C1: 100 at once want one of 49 seats. */
    @Test
    void seatsAreNeverOverfilled() {
        try (Crowd people = new Crowd(100)) {
            for (int round = 0; round < Rounds.of(5, 200); round++) {
                Membership room = here.room();
                List<Boolean> seated = people.all(i -> takesASeat(node(i), room));
                assertThat(seated).filteredOn(got -> got).hasSize(49);
                assertThat(there.service().participants(room.room().id())).hasSize(50);
            }
        }
    }

    private static boolean takesASeat(ChatNode node, Membership room) {
        try {
            node.service().join(room.room().id(), Identity.anonymous());
            return true;
        } catch (RoomFullException e) {
            return false;
        }
    }

    /** D1: each message once and in order, for every subscriber of every room. */
    @Test
    void everySubscriberGetsEachMessageOnceAndInOrder() {
        int posts = Rounds.of(100, 500);
        List<Membership> rooms = Stream.generate(here::room).limit(20).toList();
        List<List<Heard>> heard = new ArrayList<>();
        List<HistoryChecker> checkers =
                Stream.generate(HistoryChecker::new).limit(20).toList();
        for (Membership room : rooms) {
            heard.add(Stream.iterate(0, n -> n + 1)
                    .limit(10)
                    .map(n -> node(n).listen(room))
                    .toList());
        }
        try (Crowd writers = new Crowd(20)) {
            writers.all(i -> {
                for (int n = 0; n < posts; n++) {
                    String text = "message " + n;
                    PostResult posted = node(n).post(rooms.get(i), text, "m" + n);
                    checkers.get(i).acknowledged(posted.message().sequence(), text);
                }
                return posts;
            });
        }
        for (int i = 0; i < rooms.size(); i++) {
            assertComplete(heard.get(i), checkers.get(i), posts);
        }
    }

    private static void assertComplete(List<Heard> subscribers, HistoryChecker checker, int posts) {
        for (int i = 0; i < subscribers.size(); i++) {
            Heard one = subscribers.get(i);
            Await.until(LIMIT, "all messages", () -> one.messages() >= posts);
            one.tell(checker, "subscriber " + i);
        }
        assertThat(checker.findings()).isEmpty();
        assertThat(subscribers).allSatisfy(one -> {
            assertThat(one.messages()).isEqualTo(posts);
            assertThat(one.resets()).isZero();
        });
    }

    /** The node has stored it, and fails before it can say so: the retry, on whichever node, tells all of it. */
    @Test
    void postWhoseAnswerWasLostIsHeardOnceItIsRepeated() {
        Membership room = here.room();
        List<Heard> heard = List.of(here.listen(room), there.listen(room));
        store(0).change(room.room().id(), member(room), new RoomChange.Post(draft("k1", "one")));
        assertThat(here.post(room, "one", "k1").stored()).isFalse();
        Await.until(SOON, "all hear it", () -> heard.stream().allMatch(one -> one.hasText("one")));

        store(0).change(room.room().id(), member(room), new RoomChange.Post(draft("k2", "two")));
        PostResult repeated = there.service()
                .transport()
                .postAsync(room.room().id(), member(room), NewMessage.of("two").withId("k2"), Runnable::run)
                .toCompletableFuture()
                .join();
        assertThat(repeated.stored()).isFalse();
        Await.until(SOON, "all hear it", () -> heard.stream().allMatch(one -> one.hasText("two")));
        assertThat(heard).allSatisfy(one -> assertThat(one.messages()).isEqualTo(2));
    }

    /** What a node has answered just before it closes is heard, also what waits to be joined. */
    @Test
    void roomsDestroyedByANodeThatClosesEndOnAllNodes() {
        List<Membership> rooms = Stream.generate(here::room).limit(2).toList();
        List<Heard> heard = rooms.stream().map(there::listen).toList();
        rooms.forEach(room -> here.service().asHost(room.room().id()).destroy());
        here.close();
        Await.until(
                SOON,
                "all ends are heard",
                () -> heard.stream().noneMatch(one -> one.ends().isEmpty()));
        assertThat(heard).allSatisfy(one -> assertThat(one.ends()).containsExactly(EndReason.DESTROYED));
    }

    /** Promise 14: once the lock has returned, no node lets in anybody new. */
    @Test
    @Tag("S15")
    void lockThatHasReturnedLetsNobodyNewIn() {
        int joined = 0;
        try (Crowd people = new Crowd(6)) {
            for (int round = 0; round < Rounds.of(20, 500); round++) {
                Membership room = here.room(Duration.ofMinutes(10), 1_000);
                AtomicBoolean locked = new AtomicBoolean();
                List<Integer> each = people.all(i -> {
                    if (i == 0) {
                        here.service().asHost(room.room().id()).lock();
                        locked.set(true);
                        return 0;
                    }
                    return joinUntilLocked(node(i), room, locked);
                });
                int members = there.service().participants(room.room().id()).size() - 1;
                assertThat(each.stream().mapToInt(Integer::intValue).sum()).isEqualTo(members);
                joined += members;
            }
        }
        assertThat(joined).as("some came before the lock").isPositive();
    }

    private static int joinUntilLocked(ChatNode node, Membership room, AtomicBoolean locked) {
        for (int joined = 0; ; joined++) {
            boolean mustFail = locked.get();
            try {
                node.service().join(room.room().id(), Identity.anonymous());
                assertThat(mustFail).as("a join after the lock had returned").isFalse();
            } catch (RoomLockedException e) {
                return joined;
            }
        }
    }

    /** Six on two nodes want a body that three may have. */
    @Test
    @Tag("S18")
    void bodyIsClaimedByNoMoreThanItHasClaims() {
        try (Crowd people = new Crowd(6)) {
            for (int round = 0; round < Rounds.of(20, 500); round++) {
                Membership room = here.room();
                List<Membership> members = Stream.generate(
                                () -> there.service().join(room.room().id(), Identity.anonymous()))
                        .limit(6)
                        .toList();
                Draft draft = new Draft(LogEntry.MESSAGE, "k", "for three").withLife(null, 3);
                long sequence = store(0).change(room.room().id(), member(room), new RoomChange.Post(draft))
                        .orElseThrow()
                        .entry()
                        .id()
                        .sequence();
                List<Boolean> got = people.all(i -> claims(store(i), members.get(i), sequence));
                assertThat(got).filteredOn(one -> one).hasSize(3);
            }
        }
    }

    private static Draft draft(String key, String text) {
        return new Draft(LogEntry.MESSAGE, key, text);
    }

    private static Actor member(Membership membership) {
        return new Actor.ByToken(TokenHash.of(membership.token()));
    }

    private static boolean claims(RoomStore store, Membership by, long sequence) {
        try {
            return store.claim(by.room().id(), member(by), sequence)
                    .entry()
                    .body()
                    .equals("for three");
        } catch (EphemeralChatException e) {
            return false;
        }
    }
}
