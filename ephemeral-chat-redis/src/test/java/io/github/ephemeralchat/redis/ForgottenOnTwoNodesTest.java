package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ephemeralchat.Authority;
import io.github.ephemeralchat.model.BodyLife;
import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.Forgotten;
import io.github.ephemeralchat.model.ForgottenException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Message;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotPermittedException;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.MessageClaimed;
import io.github.ephemeralchat.model.RoomEvent.MessageExpired;
import io.github.ephemeralchat.model.RoomEvent.MessageForgotten;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Promise 15 over two nodes: what subscribers of both get of messages that end before their room. */
class ForgottenOnTwoNodesTest {

    private static final int PARTICIPANTS = 20;
    private static final int CLAIMS = 3;
    private static final int ROUNDS = 30;
    private static final int ALL_ROUNDS = 1_000;
    private static final int TOGETHER = Rounds.of(2_000, 10_000);
    /** What a post may take: of so many on a busy machine more than of few. */
    private static final long POST_MILLIS = Rounds.of(2, 6);

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration NEARLY_OVER = RoomStore.CLAIM_REPEATS.minusSeconds(4);
    private static final Duration GONE = RoomStore.CLAIM_REPEATS.plusSeconds(5);

    private final List<ChatNode> nodes = List.of(
            ChatNode.open(RedisServer.shared().uri()),
            ChatNode.open(RedisServer.shared().uri()));

    @AfterEach
    void closeNodes() {
        nodes.forEach(ChatNode::close);
    }

    private ChatNode node(int caller) {
        return nodes.get(caller % 2);
    }

    private ConcurrentLinkedQueue<RoomEvent> listen(ChatNode node, Membership room) {
        ConcurrentLinkedQueue<RoomEvent> events = new ConcurrentLinkedQueue<>();
        node.service().subscribe(room.room().id(), Cursor.start(), events::add);
        return events;
    }

    private static Authority as(ChatNode node, Membership member) {
        return node.service().as(member.room().id(), member.token());
    }

    private static <E extends RoomEvent> long count(Iterable<RoomEvent> events, Class<E> type) {
        long count = 0;
        for (RoomEvent event : events) {
            count += type.isInstance(event) ? 1 : 0;
        }
        return count;
    }

    private static boolean hasText(Iterable<RoomEvent> events, String text) {
        for (RoomEvent event : events) {
            if (event instanceof MessagePosted posted && posted.message().text().equals(text)) {
                return true;
            }
        }
        return false;
    }

    private BodyLife life(ChatNode node, Membership room, Message message) {
        return node.service()
                .history(room.room().id(), message.sequence() - 1, 1)
                .messages()
                .get(0)
                .life();
    }

    // ---- Claims ----

    @Test
    void claims_of_many_at_once_on_both_nodes_are_as_many_as_there_are() {
        try (Crowd crowd = new Crowd(PARTICIPANTS)) {
            for (int round = 0; round < ROUNDS; round++) {
                nodes.get(0)
                        .service()
                        .asHost(claimAtOnce(crowd, "secret").room())
                        .destroy();
            }
        }
    }

    /** A text, who claimed it, and who came too late. */
    private record Claimed(Message secret, List<Membership> claimants, List<Membership> others) {

        RoomId room() {
            return claimants.get(0).room().id();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "test.rounds", matches = "full", disabledReason = "a long round: -Pfull")
    void claimed_texts_may_be_repeated_for_30_seconds_and_are_nowhere_5_seconds_later() {
        List<Claimed> all = new ArrayList<>();
        try (Crowd crowd = new Crowd(PARTICIPANTS)) {
            for (int round = 0; round < ALL_ROUNDS; round++) {
                all.add(claimAtOnce(crowd, "secret-" + UUID.randomUUID()));
            }
        }
        long begin = System.nanoTime();
        RedisServer.sleep(NEARLY_OVER.toMillis());
        Claimed last = all.get(ALL_ROUNDS - 1);
        for (ChatNode node : nodes) {
            assertThat(last.claimants()).allMatch(claimant -> claims(node, claimant, last.secret()));
            assertThat(last.others()).noneMatch(other -> claims(node, other, last.secret()));
        }
        RedisServer.sleep(GONE.minusNanos(System.nanoTime() - begin).toMillis());
        assertThat(TestNodes.holds(TestNodes.look(RedisServer.shared()), "secret-"))
                .isFalse();
        for (Claimed one : all) {
            for (ChatNode node : nodes) {
                assertThat(one.claimants()).noneMatch(claimant -> claims(node, claimant, one.secret()));
                assertThat(life(node, one.claimants().get(0), one.secret()).forgotten())
                        .isEqualTo(Forgotten.CLAIMED);
            }
        }
    }

    private Claimed claimAtOnce(Crowd crowd, String text) {
        Membership owner = nodes.get(0).room();
        List<Membership> participants = new ArrayList<>();
        for (int i = 0; i < PARTICIPANTS; i++) {
            participants.add(node(i).service().join(owner.room().id(), Identity.anonymous()));
        }
        List<ConcurrentLinkedQueue<RoomEvent>> heard =
                nodes.stream().map(node -> listen(node, owner)).toList();
        Message secret = as(nodes.get(0), owner).post(NewMessage.of(text).withClaims(CLAIMS));

        List<Boolean> got = crowd.all(caller -> claims(node(caller), participants.get(caller), secret));

        assertThat(got).filteredOn(has -> has).hasSize(CLAIMS);
        for (int caller = 0; caller < PARTICIPANTS; caller++) {
            // On the other node, as after a lost answer.
            assertThat(claims(node(caller + 1), participants.get(caller), secret))
                    .isEqualTo(got.get(caller));
        }
        assertThatExceptionOfType(NotPermittedException.class)
                .isThrownBy(() -> as(nodes.get(1), owner).claim(secret.sequence()));
        for (ConcurrentLinkedQueue<RoomEvent> events : heard) {
            Await.until(SOON, "the last claim is told", () -> count(events, MessageForgotten.class) == 1);
            assertThat(count(events, MessageClaimed.class)).isEqualTo(CLAIMS - 1);
            assertThat(hasText(events, text)).isFalse();
        }
        return new Claimed(secret, those(participants, got, true), those(participants, got, false));
    }

    private static List<Membership> those(List<Membership> participants, List<Boolean> got, boolean lucky) {
        return IntStream.range(0, PARTICIPANTS)
                .filter(caller -> got.get(caller) == lucky)
                .mapToObj(participants::get)
                .toList();
    }

    private static boolean claims(ChatNode node, Membership member, Message secret) {
        try {
            return as(node, member).claim(secret.sequence()).text().startsWith("secret");
        } catch (ForgottenException e) {
            return false;
        }
    }

    // ---- Deletion and time ----

    @Test
    void deleted_message_is_told_on_both_nodes_and_in_no_answer() {
        Membership owner = nodes.get(0).room();
        List<ConcurrentLinkedQueue<RoomEvent>> heard =
                nodes.stream().map(node -> listen(node, owner)).toList();
        Message message = as(nodes.get(0), owner).post("secret");
        heard.forEach(events -> Await.until(SOON, "the message is told", () -> hasText(events, "secret")));

        as(nodes.get(1), owner).forget(message.sequence());

        for (ConcurrentLinkedQueue<RoomEvent> events : heard) {
            Await.until(SOON, "the deletion is told", () -> count(events, MessageForgotten.class) == 1);
        }
        for (ChatNode node : nodes) {
            assertThat(life(node, owner, message).forgotten()).isEqualTo(Forgotten.DELETED);
            ConcurrentLinkedQueue<RoomEvent> late = listen(node, owner);
            Await.until(SOON, "the history is told", () -> count(late, MessageForgotten.class) == 1);
            assertThat(hasText(late, "secret")).isFalse();
        }
    }

    @Test
    void messages_that_end_in_the_same_second_are_told_in_time() throws InterruptedException {
        Membership owner = nodes.get(0).room();
        List<ConcurrentLinkedQueue<RoomEvent>> heard =
                nodes.stream().map(node -> listen(node, owner)).toList();
        // Each is to end at the same moment, however long it takes to post them.
        long end = System.nanoTime()
                + Duration.ofSeconds(9).plusMillis(POST_MILLIS * TOGETHER).toNanos();
        Message last = null;
        for (int i = 0; i < TOGETHER; i++) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            last = as(node(i), owner).post(NewMessage.of("short").withTtl(left));
        }
        Duration untilEnd =
                Duration.between(nodes.get(0).service().now(), last.life().expiresAt());
        assertThat(untilEnd).as("all are posted before they end").isPositive();
        Thread.sleep(untilEnd.toMillis());
        for (ConcurrentLinkedQueue<RoomEvent> events : heard) {
            Await.until(
                    Duration.ofSeconds(2), "the ends are told", () -> count(events, MessageExpired.class) == TOGETHER);
        }
        assertThat(life(nodes.get(0), owner, last).forgotten()).isEqualTo(Forgotten.EXPIRED);
    }
}
