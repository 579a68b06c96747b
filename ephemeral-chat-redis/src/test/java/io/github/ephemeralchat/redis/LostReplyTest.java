package io.github.ephemeralchat.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.ChatUnavailableException;
import io.github.ephemeralchat.model.Membership;
import io.github.ephemeralchat.testsupport.TcpProxy;
import java.util.ArrayList;
import java.util.List;
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
            List<String> posted = new ArrayList<>();
            // Now and then it is the reply to something else that is cut: such a post is one more.
            while (unanswered < rounds) {
                String text = "message " + posted.size();
                wire.cutNextReply();
                try {
                    node.post(room, text, "m" + posted.size());
                } catch (ChatUnavailableException e) {
                    unanswered++;
                    node.postUntilStored(room, text, "m" + posted.size());
                }
                posted.add(text);
            }
            assertThat(node.texts(room)).isEqualTo(posted);
        }
    }
}
