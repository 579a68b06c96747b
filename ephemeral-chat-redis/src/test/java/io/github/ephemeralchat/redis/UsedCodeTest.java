package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Cursor;
import io.github.ephemeralchat.model.EphemeralChatException;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.Room;
import io.github.ephemeralchat.model.RoomEvent;
import io.github.ephemeralchat.model.RoomEvent.EndReason;
import io.github.ephemeralchat.model.RoomEvent.MessagePosted;
import io.github.ephemeralchat.model.RoomIncarnation;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.RoomStore;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.Crowd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C4: a room is destroyed while it is used, and its code is used again at once. */
class UsedCodeTest {

    private static final String TOKEN = "a token of the new room";

    private final ChatNode here = ChatNode.open(RedisServer.shared().uri());
    private final ChatNode there = ChatNode.open(RedisServer.shared().uri());

    @AfterEach
    void closeNodes() {
        here.close();
        there.close();
    }

    @Test
    void twoLivesUnderOneCodeShareNothing() {
        try (Crowd crowd = new Crowd(7)) {
            for (int round = 0; round < Rounds.of(40, 300); round++) {
                // With the store's own destroy no signal tells of the end, as if it had been lost.
                assertTwoLives(crowd, round % 2 == 0);
            }
        }
    }

    private void assertTwoLives(Crowd crowd, boolean signalled) {
        Membership old = here.room();
        List<Heard> before = List.of(here.listen(old), there.listen(old));
        Room next = new Room(
                new RoomIncarnation(old.room().id(), ThreadLocalRandom.current().nextLong()),
                old.room().createdAt(),
                old.room().expiresAt(),
                50,
                false);
        Heard after = new Heard();
        List<Heard> meanwhile = new CopyOnWriteArrayList<>();
        crowd.all(i -> {
            switch (i) {
                case 0 -> replace(old, next, signalled);
                case 1 -> ignoringEnd(() -> there.service().join(old.room().id(), Identity.anonymous()));
                case 2 -> ignoringEnd(() -> meanwhile.add(listen(old, Cursor.start())));
                case 3 ->
                    ignoringEnd(() -> meanwhile.add(listen(old, before.get(0).place())));
                default -> ignoringEnd(() -> postForAWhile(i % 2 == 0 ? here : there, old));
            }
            return i;
        });
        there.service().subscribe(next.id(), Cursor.start(), after);
        there.service().as(next.id(), TOKEN).post("new");
        Await.until(Duration.ofSeconds(5), "the new message", () -> after.hasText("new"));
        Await.until(Duration.ofSeconds(5), "the old ends", () -> before.stream().allMatch(Heard::hasEnded));
        assertThat(texts(after)).containsExactly("new");
        assertThat(before).allSatisfy(one -> {
            assertThat(one.ends()).hasSize(1).containsAnyOf(EndReason.DESTROYED, EndReason.LOST);
            assertThat(texts(one)).allMatch(text -> text.startsWith("old"));
            assertThat(one.events().get(one.events().size() - 1)).isInstanceOf(RoomEvent.RoomDestroyed.class);
        });
        here.service().asHost(next.id()).destroy();
        Await.until(Duration.ofSeconds(5), "the new one ends", after::hasEnded);
        assertThat(after.ends()).containsExactly(EndReason.DESTROYED);
        Await.until(Duration.ofSeconds(5), "all end", () -> meanwhile.stream().allMatch(Heard::hasEnded));
        assertThat(meanwhile).allSatisfy(one -> {
            assertThat(one.ends()).hasSize(1);
            assertThat(texts(one).stream().map(text -> text.equals("new")).distinct())
                    .as("texts of one life only")
                    .hasSizeLessThanOrEqualTo(1);
        });
    }

    private Heard listen(Membership room, Cursor from) {
        Heard heard = new Heard();
        there.service().subscribe(room.room().id(), from, heard);
        return heard;
    }

    private void replace(Membership old, Room next, boolean signalled) {
        RoomStore store = here.redis().store();
        RedisServer.sleep(2);
        if (signalled) {
            here.service().asHost(old.room().id()).destroy();
        } else {
            store.destroy(old.room().incarnation(), new Actor.Host("Host"));
        }
        assertThat(store.create(next, Identity.anonymous(), TokenHash.of(TOKEN)))
                .isTrue();
    }

    private static void postForAWhile(ChatNode node, Membership as) {
        for (int i = 0; i < 200; i++) {
            node.post(as, "old " + i);
        }
    }

    private static void ignoringEnd(Runnable call) {
        try {
            call.run();
        } catch (EphemeralChatException e) {
            // It came too late.
        }
    }

    private static List<String> texts(Heard heard) {
        return heard.events().stream()
                .filter(MessagePosted.class::isInstance)
                .map(event -> ((MessagePosted) event).message().text())
                .toList();
    }
}
