package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.RoomFullException;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.github.ephemeralchat.transport.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many people over two nodes: one whose threads wait for Redis, and one on event loops. */
class TwoNodesTest {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

    private final ChatNode here = ChatNode.open(RedisServer.shared().uri());
    private final ChatNode there = ChatNode.openOnLoops(2, RedisServer.shared().uri());

    @AfterEach
    void closeNodes() {
        here.close();
        there.close();
    }

    /** C1: 200 at once want one of 50 seats. */
    @Test
    void seatsAreNeverOverfilled() {
        try (Crowd people = new Crowd(200)) {
            for (int round = 0; round < Rounds.of(20, 200); round++) {
                Membership room = here.room();
                List<Boolean> seated = people.all(i -> takesASeat(i % 2 == 0 ? here : there, room));
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
        int posts = Rounds.of(200, 2000);
        List<Membership> rooms = new ArrayList<>();
        List<List<Heard>> heard = new ArrayList<>();
        List<HistoryChecker> checkers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Membership room = here.room();
            List<Heard> subscribers = new ArrayList<>();
            for (int n = 0; n < 10; n++) {
                subscribers.add((n % 2 == 0 ? here : there).listen(room));
            }
            rooms.add(room);
            heard.add(subscribers);
            checkers.add(new HistoryChecker());
        }
        try (Crowd writers = new Crowd(20)) {
            writers.all(i -> {
                for (int n = 0; n < posts; n++) {
                    String text = "message " + n;
                    PostResult posted = (n % 2 == 0 ? here : there).post(rooms.get(i), text, "m" + n);
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
            Await.until(COMMAND_TIMEOUT, "all messages", () -> one.messages() >= posts);
            one.tell(checker, "subscriber " + i);
        }
        assertThat(checker.findings()).isEmpty();
        assertThat(subscribers).allSatisfy(one -> {
            assertThat(one.messages()).isEqualTo(posts);
            assertThat(one.resets()).isZero();
        });
    }

    /** A rolling restart: clients move to another node, and go on where they were. */
    @Test
    void nodesMayBeRestartedOneByOne() {
        Membership room = here.room();
        Heard heard = new Heard();
        Subscription stream = there.service().subscribe(room.room().id(), Cursor.start(), heard);
        ChatNode serving = here;
        HistoryChecker checker = new HistoryChecker();
        for (int restart = 0; restart < 4; restart++) {
            for (int i = 0; i < 20; i++) {
                String text = restart + " " + i;
                checker.acknowledged(
                        serving.postUntilStored(room, text, "m" + restart + "-" + i)
                                .message()
                                .sequence(),
                        text);
                if (i == 10) {
                    stream.close();
                }
            }
            ChatNode next = ChatNode.open(RedisServer.shared().uri());
            stream = next.service().subscribe(room.room().id(), heard.place(), heard);
            if (restart > 0) {
                serving.close();
            }
            serving = next;
        }
        Await.until(COMMAND_TIMEOUT, "all messages", () -> heard.messages() == 80);
        serving.close();
        heard.tell(checker, "the one that moves");
        assertThat(checker.findings()).isEmpty();
        assertThat(heard.resets()).isZero();
    }
}
