package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.MessageGuard.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client is told of the host's guard. */
class GuardApiTest {

    private boolean strict;

    private final TestApi api = TestApi.guardedBy((room, sender, text) -> strict || text.contains("spam")
            ? Verdict.refuse("no_spam")
            : Verdict.replace(text.replace("damn", "d***")));
    private final Reply owner = api.createRoom();
    private final String room = "/rooms/" + owner.roomId();

    @AfterEach
    void close() {
        api.close();
    }

    private Reply post(String json) {
        return api.send(
                TestRequest.post(room + "/messages").token(owner.token()).json(json));
    }

    @Test
    void refusedMessage_is403_withTheHostsReason() {
        JsonNode problem = post("{\"text\":\"spam\"}").is(403, "refused").json();
        assertThat(problem.path("reason").asText()).isEqualTo("no_spam");
    }

    @Test
    void repeatThatIsRefused_isAnsweredByTheStoredMessage() {
        Reply first = post("{\"text\":\"damn\",\"id\":\"1\"}").is(201);
        assertThat(first.json().path("text").asText()).isEqualTo("d***");
        strict = true;
        assertThat(post("{\"text\":\"damn\",\"id\":\"1\"}").is(200).text()).isEqualTo(first.text());
        post("{\"text\":\"damn\",\"id\":\"2\"}").is(403, "refused");
    }

    @Test
    void guardIsAsked_aboutEntries() {
        Reply first = vote("damn", "1").is(201);
        assertThat(first.json().path("body").asText()).isEqualTo("d***");
        vote("spam", "2").is(403, "refused");
        strict = true;
        assertThat(vote("damn", "1").is(200).text()).isEqualTo(first.text());
        post("{\"text\":\"damn\",\"id\":\"1\"}").is(403, "refused");
    }

    private Reply vote(String body, String id) {
        String json = "{\"kind\":\"x-vote\",\"body\":\"" + body + "\",\"id\":\"" + id + "\"}";
        return api.send(TestRequest.post(room + "/entries").token(owner.token()).json(json));
    }

    @Test
    void guardIsAsked_forPostsOnly() {
        try (TestApi unguarded = TestApi.create()) {
            assertThat(api.asksGuard("POST", room + "/messages")).isTrue();
            assertThat(api.asksGuard("POST", room + "/entries")).isTrue();
            assertThat(api.asksGuard("GET", room + "/messages")).isFalse();
            assertThat(api.asksGuard("POST", "/rooms")).isFalse();
            assertThat(api.asksGuard("POST", "/nothing/%")).isFalse();
            assertThat(unguarded.asksGuard("POST", room + "/messages")).isFalse();
        }
    }
}
