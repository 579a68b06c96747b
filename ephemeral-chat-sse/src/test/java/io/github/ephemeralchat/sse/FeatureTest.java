package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a host has switched off. */
class FeatureTest {

    private static TestApi without(Feature feature) {
        return TestApi.with(settings -> settings.disabledFeatures(Set.of(feature)));
    }

    @Test
    void encryption() {
        try (TestApi api = without(Feature.ENCRYPTION)) {
            String proof = "\"proof\":\"proof_0123456789-abcdefg\"";
            api.send(TestRequest.post("/rooms").json("{\"encrypted\":true," + proof + "}"))
                    .is(403, "forbidden");
            api.createRoom("{\"encrypted\":false," + proof + "}");
        }
    }

    @Test
    void properties() {
        try (TestApi api = without(Feature.PROPERTIES)) {
            api.send(TestRequest.post("/rooms").json("{\"properties\":{\"topic\":\"tea\"}}"))
                    .is(403, "forbidden");
            Reply owner = api.createRoom("{\"properties\":{}}");
            String topic = "/rooms/" + owner.roomId() + "/properties/topic";
            api.send(TestRequest.put(topic).token(owner.token()).json("{\"value\":\"tea\"}"))
                    .is(403, "forbidden");
            api.service().asHost(new RoomId(owner.roomId())).setProperty("topic", "the host's");
            api.send(TestRequest.delete(topic).token(owner.token())).is(403, "forbidden");
            assertThat(api.send(TestRequest.get("/rooms/" + owner.roomId()).token(owner.token()))
                            .json()
                            .at("/properties/topic")
                            .asText())
                    .isEqualTo("the host's");
        }
    }

    @Test
    void deadline() {
        try (TestApi api = without(Feature.DEADLINE)) {
            Reply owner = api.createRoom();
            TestRequest move =
                    TestRequest.put("/rooms/" + owner.roomId() + "/deadline").token(owner.token());
            api.send(move.json("{\"ttlSeconds\":600}")).is(403, "forbidden");
            api.service().asHost(new RoomId(owner.roomId())).endIn(Duration.ofMinutes(20));
        }
    }

    @Test
    void forgetting() {
        try (TestApi api = without(Feature.FORGETTING)) {
            api.send(TestRequest.post("/rooms").json("{\"messageTtlSeconds\":60}"))
                    .is(403, "forbidden");
            Reply owner = api.createRoom();
            Reply guest = api.join(owner.roomId());
            String messages = "/rooms/" + owner.roomId() + "/messages";
            for (String life : List.of("\"ttlSeconds\":60", "\"claims\":1")) {
                api.send(TestRequest.post(messages).token(owner.token()).json("{\"text\":\"a\"," + life + "}"))
                        .is(403, "forbidden");
            }
            api.say(owner, "kept").is(201);
            api.send(TestRequest.delete(messages + "/3").token(owner.token())).is(403, "forbidden");
            api.send(TestRequest.post(messages + "/3/claim").token(guest.token()))
                    .is(403, "forbidden");
            api.service().asHost(new RoomId(owner.roomId())).forget(3);
        }
    }
}
