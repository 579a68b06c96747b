package io.github.ephemeralchat.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomNotFoundException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.RoomChange;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Posts for which no thread of the caller's waits, as servers with event loops make them. */
class AsyncPostsTest {

    private static final TestDatabase DATABASE = TestDatabase.start();
    private static final Duration CLOSED = Duration.ofMillis(2500);
    private static final Duration HEARD = Duration.ofSeconds(5);
    private static final int TOO_MANY = 20;

    @AfterAll
    static void stop() {
        DATABASE.close();
    }

    private static CompletableFuture<PostResult> posting(ChatNode node, Membership as, String text, String id) {
        Actor actor = new Actor.ByToken(TokenHash.of(as.token()));
        return node.service()
                .transport()
                .postAsync(as.room().id(), actor, NewMessage.of(text).withId(id), Runnable::run)
                .toCompletableFuture();
    }

    @Test
    void postsAreHeardOnAllNodes_andRepeatedOnesAreStoredOnce() {
        try (ChatNode here = ChatNode.open(DATABASE);
                ChatNode there = ChatNode.open(DATABASE)) {
            assertThat(here.service().transport().postsAsync()).isTrue();
            Membership room = here.room();
            List<Heard> heard = List.of(here.listen(room), there.listen(room));
            for (int i = 0; i < 20; i++) {
                String text = "text " + i;
                assertThat(posting(here, room, text, "m" + i).join().stored()).isTrue();
                assertThat(posting(there, room, text, "m" + i).join().stored()).isFalse();
                Await.until(HEARD, "all hear", () -> heard.stream().allMatch(one -> one.hasText(text)));
            }
            assertThat(heard).allSatisfy(one -> assertThat(one.messages()).isEqualTo(20));
        }
    }

    @Test
    void refusalsAreThoseOfAPostThatWaits() {
        try (ChatNode node = ChatNode.open(DATABASE)) {
            Membership room = node.room();
            Membership outsider = new Membership(room.room(), room.participant(), "another token");
            assertThatThrownBy(() -> posting(node, outsider, "text", "m1").join())
                    .hasCauseInstanceOf(NotAParticipantException.class);
            node.service().asHost(room.room().id()).destroy();
            assertThatThrownBy(() -> posting(node, room, "text", "m1").join())
                    .hasCauseInstanceOf(RoomNotFoundException.class);
            assertThat(node.postgresql()
                            .store()
                            .changeAsync(room.room().id(), new Actor.Host("Desk"), new RoomChange.Leave(null)))
                    .failsWithin(HEARD)
                    .withThrowableThat()
                    .withCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    /** S12; the caller is never held, and no more posts are under way than the bound says. */
    @Test
    @Tag("S12")
    void silentServerHoldsNoCallerAndNoMorePostsThanItsBound() {
        try (ChatNode node = ChatNode.open(DATABASE)) {
            Membership room = node.room();
            DATABASE.server().freeze();
            long start = System.nanoTime();
            List<CompletableFuture<PostResult>> posts = new ArrayList<>();
            int refused = 0;
            for (int i = 0; i < DatabaseCalls.MAX_UNDER_WAY + TOO_MANY; i++) {
                posts.add(posting(node, room, "text", "m" + i));
                refused += posts.get(i).isDone() ? 1 : 0;
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("what the caller's thread takes")
                    .isLessThan(Duration.ofMillis(500));
            assertThat(refused).as("refused at once").isEqualTo(TOO_MANY);
            posts.forEach(AsyncPostsTest::assertUnavailable);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(CLOSED);
            DATABASE.server().thaw();
            node.postUntilStored(room, "after", "after");
            assertThat(node.service().history(room.room().id(), 0, 100).messages())
                    .as("what was given up is not done later")
                    .extracting(message -> message.text())
                    .containsExactly("after");
            assertThat(posting(node, room, "again", "again").join().stored()).isTrue();
        }
    }

    private static void assertUnavailable(CompletableFuture<PostResult> posting) {
        assertThatThrownBy(posting::join).hasCauseInstanceOf(ChatUnavailableException.class);
    }

    @Test
    void closedStoreFailsAtOnce() {
        ChatNode node = ChatNode.open(DATABASE);
        node.close();
        CompletionStage<?> posting = node.postgresql()
                .store()
                .changeAsync(RoomId.random(), new Actor.ById("anybody"), new RoomChange.Leave(null));
        assertThat(posting)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(ChatUnavailableException.class);
    }
}
