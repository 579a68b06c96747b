package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.tck.Await;
import io.github.ephemeralchat.tck.HistoryChecker;
import io.github.ephemeralchat.testsupport.TcpProxy;
import io.github.ephemeralchat.transport.ChatTransport.PostResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** D6: what Redis publishes is lost on its way to a node, some of it or all. */
class LossySignalsTest {

    private static final int POSTS = 300;
    /** Where no signal comes, the next look at the store finds what was missed: after 15 to 30 s. */
    private static final Duration CHECK = Duration.ofSeconds(35);

    /** A node whose link loses so many of 100 messages. */
    private record DeafNode(int percent, AtomicInteger lost, TcpProxy wire, ChatNode node) implements AutoCloseable {

        static DeafNode losing(int percent) {
            AtomicInteger lost = new AtomicInteger();
            TcpProxy wire =
                    new TcpProxy(RedisServer.shared().port(), replies -> new LossyReplies(replies, percent, lost));
            return new DeafNode(percent, lost, wire, ChatNode.open(RedisServer.uri(wire.port())));
        }

        @Override
        public void close() {
            node.close();
            wire.close();
        }
    }

    @Test
    void everySubscriberConvergesAndKeepsTheOrder() {
        try (ChatNode writer = ChatNode.open(RedisServer.shared().uri());
                DeafNode some = DeafNode.losing(10);
                DeafNode half = DeafNode.losing(50);
                DeafNode all = DeafNode.losing(100)) {
            List<DeafNode> deaf = List.of(some, half, all);
            Membership room = writer.room();
            List<Heard> heard = deaf.stream()
                    .flatMap(
                            one -> Stream.of(one.node().listen(room), one.node().listen(room)))
                    .toList();
            HistoryChecker checker = new HistoryChecker();
            for (int i = 0; i < POSTS; i++) {
                PostResult posted = writer.post(room, "message " + i, "m" + i);
                checker.acknowledged(posted.message().sequence(), "message " + i);
            }
            Await.until(CHECK, "all messages", () -> heard.stream().allMatch(one -> one.messages() == POSTS));
            for (int i = 0; i < heard.size(); i++) {
                heard.get(i).tell(checker, "subscriber " + i);
            }
            assertThat(checker.findings()).isEmpty();
            assertThat(heard).allSatisfy(one -> assertThat(one.resets()).isZero());
            assertThat(some.lost()).hasValueBetween(POSTS / 20, POSTS / 5);
            assertThat(half.lost()).hasValueBetween(POSTS / 3, POSTS * 2 / 3);
            assertThat(all.lost()).hasValueGreaterThanOrEqualTo(POSTS);
        }
    }
}
