package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.ChatUnavailableException;
import io.github.ephemeralchat.HistoryPage;
import io.github.ephemeralchat.Membership;
import io.github.ephemeralchat.Message;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** D3: the reply of a post is lost, and the client tries again under the same id. */
class LostReplyTest {

    @Test
    void retriedPostIsStoredOnce() {
        int rounds = Rounds.of(100, 1000);
        int unanswered = 0;
        try (TcpProxy wire = new TcpProxy(RedisServer.shared().port());
                ChatNode node = ChatNode.open(RedisServer.uri(wire.port()))) {
            Membership room = node.room();
            for (int i = 0; i < rounds; i++) {
                wire.cutNextReply();
                try {
                    node.post(room, "message " + i, "m" + i);
                } catch (ChatUnavailableException e) {
                    unanswered++;
                    node.postUntilStored(room, "message " + i, "m" + i);
                }
            }
            HistoryPage page = node.service().history(room.room().id(), 0, 500);
            assertThat(page.messages().stream().map(Message::text).limit(500))
                    .isEqualTo(IntStream.range(0, Math.min(rounds, 500))
                            .mapToObj(i -> "message " + i)
                            .toList());
            assertThat(page.lastSequence()).isEqualTo(1 + rounds);
        }
        assertThat(unanswered).as("replies that were really lost").isGreaterThan(rounds * 9 / 10);
    }
}
