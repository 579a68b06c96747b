package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of the host's own kinds. */
class EntryApiTest {

    private static final String PROOF = "proof_0123456789-abcdefg";

    private final TestApi api = TestApi.with(settings -> settings.entryKinds(Set.of("x-vote", "x-1-")));
    private final Reply owner = api.createRoom();
    private final String room = "/rooms/" + owner.roomId();

    @AfterEach
    void close() {
        api.close();
    }

    private Reply post(Reply member, String json) {
        return api.send(TestRequest.post("/rooms/" + member.roomId() + "/entries")
                .token(member.token())
                .json(json));
    }

    private Reply post(String json) {
        return post(owner, json);
    }

    private Reply get(String target) {
        return api.send(TestRequest.get(room + target).token(owner.token()));
    }

    @Test
    void entry_isStored_andStreamsTellOfItByItsKind() {
        Reply stored =
                post("{\"kind\":\"x-vote\",\"body\":\"tea\\n\",\"id\":\"v1\"}").is(201);
        JsonNode entry = stored.json();
        assertThat(entry.path("sequence").asLong()).isEqualTo(2);
        assertThat(entry.path("kind").asText()).isEqualTo("x-vote");
        assertThat(entry.path("body").asText()).isEqualTo("tea\n");
        assertThat(entry.path("id").asText()).isEqualTo("v1");
        assertThat(entry.at("/sender/id").asText()).isEqualTo(owner.participantId());
        assertThat(entry.size()).isEqualTo(6);
        assertThat(get("/events").frames())
                .containsPattern("id: 2-\\d+\nevent: x-vote\n")
                .contains("data: " + stored.text() + "\n\n");
    }

    @Test
    void entry_isInNoPageOfMessages() {
        post("{\"kind\":\"x-vote\",\"body\":\"tea\"}").is(201);
        JsonNode page = get("/messages").json();
        assertThat(page.path("messages")).isEmpty();
        assertThat(page.path("lastSequence").asLong()).isEqualTo(2);
        assertThat(page.path("nextAfter").asLong()).isEqualTo(2);
    }

    @Test
    void sameIdAgain_isAnsweredByTheStoredEntry() {
        Reply first =
                post("{\"kind\":\"x-vote\",\"body\":\"tea\",\"id\":\"v1\"}").is(201);
        Reply again =
                post("{\"kind\":\"x-vote\",\"body\":\"coffee\",\"id\":\"v1\"}").is(200);
        assertThat(again.text()).isEqualTo(first.text());
    }

    @Test
    void idOfAMessage_isNoIdOfAnEntry() {
        post("{\"kind\":\"x-vote\",\"body\":\"tea\",\"id\":\"v1\"}").is(201);
        api.send(TestRequest.post(room + "/messages").token(owner.token()).json("{\"text\":\"a\",\"id\":\"v1\"}"))
                .is(400, "invalid_request");
        api.send(TestRequest.post(room + "/messages").token(owner.token()).json("{\"text\":\"a\",\"id\":\"m1\"}"))
                .is(201);
        post("{\"kind\":\"x-vote\",\"body\":\"tea\",\"id\":\"m1\"}").is(400, "invalid_request");
    }

    @Test
    void kindThatTheHostDoesNotAllow_isForbidden() {
        post("{\"kind\":\"x-other\",\"body\":\"tea\"}").is(403, "forbidden");
        post("{\"kind\":\"x-1-\",\"body\":\"tea\"}").is(201);
        try (TestApi usual = TestApi.create()) {
            Reply other = usual.createRoom();
            usual.send(TestRequest.post("/rooms/" + other.roomId() + "/entries")
                            .token(other.token())
                            .json("{\"kind\":\"x-vote\",\"body\":\"tea\"}"))
                    .is(403, "forbidden");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"body\":\"a\"}",
                "{\"kind\":\"\",\"body\":\"a\"}",
                "{\"kind\":\"x-\",\"body\":\"a\"}",
                "{\"kind\":\"x-A\",\"body\":\"a\"}",
                "{\"kind\":\"x-vote\\n\",\"body\":\"a\"}",
                "{\"kind\":\"x-0123456789012345678901234567890\",\"body\":\"a\"}",
                "{\"kind\":\"message\",\"body\":\"a\"}",
                "{\"kind\":1,\"body\":\"a\"}",
                "{\"kind\":\"x-vote\"}",
                "{\"kind\":\"x-vote\",\"body\":\"\"}",
                "{\"kind\":\"x-vote\",\"body\":\"\\uD83D\"}",
                "{\"kind\":\"x-vote\",\"body\":{}}",
                "{\"kind\":\"x-vote\",\"body\":\"a\",\"id\":\"a b\"}",
                "{\"kind\":\"x-vote\",\"body\":\"a\",\"text\":\"a\"}"
            })
    void malformedEntry_isRefused(String json) {
        post(json).is(400, "invalid_request");
    }

    @Test
    void bodyHas4096Characters() {
        String most = "\uD83D\uDE80".repeat(4096);
        post("{\"kind\":\"x-vote\",\"body\":\"" + most + "\"}").is(201);
        post("{\"kind\":\"x-vote\",\"body\":\"" + most + "a\"}").is(400, "invalid_request");
    }

    @Test
    void reader_andStranger_postNone() {
        Reply guest = api.join(owner.roomId());
        api.send(TestRequest.patch(room + "/participants/" + guest.participantId())
                        .token(owner.token())
                        .json("{\"role\":\"reader\"}"))
                .is(200);
        String vote = "{\"kind\":\"x-vote\",\"body\":\"tea\"}";
        post(guest, vote).is(403, "forbidden");
        api.send(TestRequest.post(room + "/entries")
                        .token("nobodys-token-nobodys-token")
                        .json(vote))
                .is(401, "unauthorized");
    }

    @Test
    void hostsParticipant_postsWithoutToken() {
        Identity anna = new Identity("anna", "Anna");
        Reply seat = api.send(TestRequest.post(room + "/participants").as(anna)).is(201);
        Reply stored =
                api.send(TestRequest.post(room + "/entries").as(anna).json("{\"kind\":\"x-vote\",\"body\":\"tea\"}"));
        assertThat(stored.is(201).json().at("/sender/id").asText())
                .isEqualTo(seat.participantId())
                .isNotEqualTo("anna");
    }

    @Test
    void encryptedRoom_wantsAnIdAndAnOpaqueBody() {
        Reply sealed = api.createRoom("{\"encrypted\":true,\"proof\":\"" + PROOF + "\"}");
        post(sealed, "{\"kind\":\"x-vote\",\"body\":\"v1.tea\"}").is(400, "invalid_request");
        post(sealed, "{\"kind\":\"x-vote\",\"body\":\"plain tea\",\"id\":\"1\"}")
                .is(400, "invalid_request");
        post(sealed, "{\"kind\":\"x-vote\",\"body\":\"v1.tea\",\"id\":\"1\"}").is(201);
    }

    @Test
    void entries_countAsMessagesForTheRateLimits() {
        Limit two = Limit.of(2, Duration.ofDays(1));
        RateLimits limits = RateLimits.off().withMessagesPerParticipant(two);
        try (TestApi limited =
                TestApi.with(settings -> settings.entryKinds(Set.of("x-vote")).rateLimits(limits))) {
            Reply member = limited.createRoom();
            limited.say(member, "hi").is(201);
            TestRequest vote = TestRequest.post("/rooms/" + member.roomId() + "/entries")
                    .token(member.token())
                    .json("{\"kind\":\"x-vote\",\"body\":\"tea\"}");
            limited.send(vote).is(201);
            limited.send(vote).is(429, "rate_limited");
        }
    }

    @Test
    void kindsOfTheHosts_areChecked() {
        assertThatThrownBy(() -> ChatHttpSettings.builder().entryKinds(Set.of("vote")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
