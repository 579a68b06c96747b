package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ephemeralchat.internal.support.Failures;
import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.NotAParticipantException;
import io.github.ephemeralchat.spi.Actor;
import io.github.ephemeralchat.spi.TokenHash;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.testsupport.TcpProxy;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import io.netty.channel.EventLoop;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Posts from event loops, for which no thread waits. */
class AsyncPostsTest {

    private static final Duration CLOSED = Duration.ofMillis(2500);

    /** The connection is on the loop: nothing of a post is done elsewhere. */
    @Test
    void postIsAnsweredOnTheLoopThatHasSentIt() {
        try (ChatNode node = ChatNode.openOnLoops(2, RedisServer.shared().uri())) {
            Membership room = node.room();
            for (EventLoop loop : loops(node)) {
                assertThat(isAnsweredThere(node, loop, room)).isTrue();
            }
            assertThat(node.texts(room)).hasSize(2);
        }
    }

    /** The loop sends it and has other work: the answer finds whoever depends on it. */
    private static boolean isAnsweredThere(ChatNode node, EventLoop loop, Membership room) {
        NewMessage message = NewMessage.of("text").withId("m" + loop.hashCode());
        Actor actor = new Actor.ByToken(TokenHash.of(room.token()));
        return CompletableFuture.supplyAsync(
                        () -> node.service()
                                .transport()
                                .postAsync(room.room().id(), actor, message, Runnable::run)
                                .thenApply(posted -> loop.inEventLoop()),
                        loop)
                .thenCompose(answered -> answered)
                .join();
    }

    @Test
    void refusalIsWhatThePostThrowsElsewhere() {
        try (ChatNode node = ChatNode.openOnLoops(1, RedisServer.shared().uri())) {
            Membership room = node.room();
            Membership outsider = new Membership(room.room(), room.participant(), "another token");
            assertThatExceptionOfType(NotAParticipantException.class)
                    .isThrownBy(() -> node.post(outsider, "text", "m1"));
        }
    }

    /** S12, and a loop is never held. */
    @Test
    void silentServerHoldsNoLoopAndNoMorePostsThanItsBound() throws Exception {
        try (RedisServer server = RedisServer.start();
                ChatNode node = ChatNode.openOnLoops(1, server.uri())) {
            Membership room = node.room();
            EventLoop loop = node.loops().next();
            server.freeze();
            List<CompletableFuture<Duration>> posts = IntStream.range(0, AsyncRedisCalls.MAX_UNDER_WAY + 500)
                    .mapToObj(i -> failing(node.postOnLoop(loop, room, "text", "m" + i)))
                    .toList();
            long start = System.nanoTime();
            loop.submit(() -> {}).get(CLOSED.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("a task of the loop")
                    .isLessThan(Duration.ofSeconds(1));
            assertThat(posts.stream().filter(CompletableFuture::isDone).count())
                    .as("refused at once")
                    .isEqualTo(500);
            assertThat(posts.stream().map(CompletableFuture::join)).allMatch(took -> took.compareTo(CLOSED) < 0);
            server.thaw();
            node.postUntilStored(room, "after", "after");
            assertThat(node.texts(room))
                    .as("what was given up is not done later")
                    .containsExactly("after");
        }
    }

    private static CompletableFuture<Duration> failing(CompletableFuture<PostResult> posting) {
        long start = System.nanoTime();
        return posting.handle((posted, failure) -> {
            if (failure != null && Failures.causeOf(failure) instanceof ChatUnavailableException) {
                return Duration.ofNanos(System.nanoTime() - start);
            }
            throw new CompletionException(new AssertionError("a silent server has answered", failure));
        });
    }

    @Test
    void serverThatHasForgottenTheScriptIsToldItAgain() {
        try (RedisServer server = RedisServer.start();
                ChatNode node = ChatNode.openOnLoops(1, server.uri())) {
            Membership room = node.room();
            node.post(room, "before", "m1");
            TestNodes.look(server).scriptFlush();
            assertThat(node.post(room, "after", "m2").stored()).isTrue();
            assertThat(node.texts(room)).containsExactly("before", "after");
        }
    }

    /** D3: the reply of a post is lost, and the client tries again under the same id. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20})
    void retriedPostIsStoredOnce(int batchDelayMillis) {
        try (TcpProxy wire = new TcpProxy(RedisServer.shared().port());
                ChatNode node =
                        ChatNode.openOnLoops(1, RedisServer.uri(wire.port()), Duration.ofMillis(batchDelayMillis))) {
            Membership room = node.room();
            List<String> posted = new ArrayList<>();
            int unanswered = 0;
            while (unanswered < Rounds.of(20, 500)) {
                String text = "message " + posted.size();
                String id = "m" + posted.size();
                wire.cutNextReply();
                try {
                    node.post(room, text, id);
                } catch (ChatUnavailableException e) {
                    unanswered++;
                    node.postUntilStored(room, text, id);
                }
                posted.add(text);
            }
            assertThat(node.texts(room)).isEqualTo(posted);
        }
    }

    /** Posts that come every 5 ms: each would be sent on its own. */
    @Test
    void postsThatFollowEachOtherGoInBatches() {
        AtomicInteger sends = new AtomicInteger();
        try (TcpProxy wire = new TcpProxy(RedisServer.shared().port(), in -> counting(in, sends), in -> in);
                ChatNode node = ChatNode.openOnLoops(1, RedisServer.uri(wire.port()), Duration.ofMillis(100))) {
            Membership room = node.room();
            EventLoop loop = node.loops().next();
            node.post(room, "first", "first"); // Redis knows the script from now on.
            int before = sends.get();
            List<CompletableFuture<PostResult>> posts = new ArrayList<>();
            for (int i = 0; i < 2 * BatchedFlush.MAX_WAITING; i++) {
                posts.add(node.postOnLoop(loop, room, "text " + i, "m" + i));
                RedisServer.sleep(5);
            }
            assertThat(posts).allMatch(post -> ChatNode.answerOf(post).stored());
            assertThat(sends.get() - before).isBetween(2, BatchedFlush.MAX_WAITING - 1);
            assertThat(node.texts(room))
                    .startsWith("first", "text 0", "text 1")
                    .endsWith("text " + (posts.size() - 1))
                    .hasSize(1 + posts.size());
        }
    }

    /** Counts how often something has come: what was sent at once comes at once. */
    private static InputStream counting(InputStream from, AtomicInteger count) {
        return new FilterInputStream(from) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int read = super.read(into, offset, length);
                count.incrementAndGet();
                return read;
            }
        };
    }

    @Test
    void postThatWaitsWhenTheConnectionIsLost_isOverSoonAndStoredOnceByTheNextTry() throws Exception {
        try (TcpProxy wire = new TcpProxy(RedisServer.shared().port());
                ChatNode node = ChatNode.openOnLoops(1, RedisServer.uri(wire.port()), Duration.ofMillis(100))) {
            Membership room = node.room();
            EventLoop loop = node.loops().next();
            assertThat(node.post(room, "sent", "m1").stored()).isTrue();
            CompletableFuture<PostResult> waiting = node.postOnLoop(loop, room, "waiting", "m2");
            wire.cut();
            assertThat(waiting.handle((posted, failure) ->
                                    failure == null || Failures.causeOf(failure) instanceof ChatUnavailableException)
                            .get(CLOSED.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
            wire.mend();
            node.postUntilStored(room, "waiting", "m2");
            assertThat(node.texts(room)).containsExactly("sent", "waiting");
        }
    }

    @Test
    void batchDelay_isAtMostATenthOfASecond() {
        RedisChat.Builder builder = RedisChat.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxBatchDelay(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.maxBatchDelay(Duration.ofMillis(101)));
        assertThat(builder.maxBatchDelay(Duration.ofMillis(100))).isSameAs(builder);
    }

    @Test
    void serverThatIsAwayFailsPostsAndAnswersThemOnceItIsBack() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                ChatNode node = ChatNode.openOnLoops(2, server.uri())) {
            Membership room = node.room();
            Heard heard = node.listen(room);
            server.kill();
            Await.until(Duration.ofSeconds(5), "posts fail", () -> isRefused(node, room));
            server.restart();
            for (EventLoop loop : loops(node)) {
                ChatNode.untilAnswered(
                        () -> ChatNode.answerOf(node.postOnLoop(loop, room, "back", "m" + loop.hashCode())));
            }
            Await.until(Duration.ofSeconds(10), "they are heard", () -> heard.messages() >= 2);
            assertThat(node.texts(room)).containsExactly("back", "back");
        }
    }

    private static boolean isRefused(ChatNode node, Membership room) {
        try {
            node.post(room, "text", "lost");
            return false;
        } catch (ChatUnavailableException e) {
            return true;
        }
    }

    private static List<EventLoop> loops(ChatNode node) {
        return StreamSupport.stream(node.loops().spliterator(), false)
                .map(EventLoop.class::cast)
                .toList();
    }
}
