package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.model.RoomIncarnation;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Under which ids clients see participants whom the host names. */
class WireIdTest {

    private static final Identity ALICE = new Identity("user-7", "Alice");
    private static final Identity BOB = new Identity("bob@example.org", "Bob");
    private static final String CODE = "p_[A-Za-z0-9_-]{22}";

    private final TestApi api = TestApi.create();
    private Reply alice;
    private Reply bob;
    private String room;

    @BeforeEach
    void createRoom() {
        alice = api.send(TestRequest.post("/rooms").as(ALICE)).is(201);
        room = "/rooms/" + alice.roomId();
        bob = api.send(TestRequest.post(room + "/participants").as(BOB)).is(201);
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void isACode_theSameEverywhereInTheRoom() {
        String id = alice.participantId();
        assertThat(id).matches(CODE);
        api.say(alice, "one");
        change(TestRequest.put(room + "/deadline").json("{\"ttlSeconds\":700}")).is(200);
        change(TestRequest.put(room + "/admission").json("{\"locked\":true}")).is(200);
        change(TestRequest.put(room + "/properties/topic").json("{\"value\":\"tea\"}"))
                .is(204);
        Reply reader = change(TestRequest.patch(room + "/participants/" + bob.participantId())
                        .json("{\"role\":\"reader\"}"))
                .is(200);
        assertThat(reader.json().path("id").asText()).isEqualTo(bob.participantId());
        Reply shown = api.send(TestRequest.get(room).token(bob.token())).is(200);
        assertThat(shown.json().at("/participants/0/id").asText()).isEqualTo(id);
        assertThat(shown.json().path("me").asText()).isEqualTo(bob.participantId());
        Reply page = api.send(TestRequest.get(room + "/messages").token(bob.token()));
        assertThat(page.json().at("/messages/0/sender/id").asText()).isEqualTo(id);
        api.send(TestRequest.delete(room + "/participants/me").token(bob.token()))
                .is(204);
        String frames =
                api.send(TestRequest.get(room + "/events").token(alice.token())).frames();
        assertThat(frames.split("\"id\":\"" + id + "\"", -1)).hasSize(1 + 6);
        assertThat(frames.split("\"id\":\"" + bob.participantId() + "\"", -1)).hasSize(1 + 3);
        for (String text : new String[] {alice.text(), bob.text(), shown.text(), page.text(), frames}) {
            assertThat(text).doesNotContain("user-7", "example.org");
        }
    }

    private Reply change(TestRequest request) {
        return api.send(request.token(alice.token()));
    }

    @Test
    void isAnotherInAnotherRoom() {
        Reply elsewhere = api.send(TestRequest.post("/rooms").as(ALICE)).is(201);
        assertThat(elsewhere.participantId()).matches(CODE).isNotEqualTo(alice.participantId());
    }

    @Test
    void isTheSameInAnAnswerToAPostWithAndWithoutStreams() {
        String before = api.say(alice, "one").json().at("/sender/id").asText();
        EventStream stream = api.send(TestRequest.get(room + "/events").token(bob.token())).stream();
        CollectingSink sink = new CollectingSink();
        stream.attach(sink);
        stream.start();
        assertThat(api.say(alice, "two").json().at("/sender/id").asText())
                .isEqualTo(before)
                .isEqualTo(alice.participantId());
        assertThat(sink.text()).contains("\"text\":\"one\"").doesNotContain("user-7");
    }

    @Test
    void ofTheLibrary_goesAsItIs() {
        Reply guest = api.join(alice.roomId());
        assertThat(guest.participantId()).matches("p_[1-9A-HJ-NP-Za-km-z]{16}");
        assertThat(api.service().participants(new RoomId(alice.roomId())))
                .anyMatch(one -> one.identity().id().equals(guest.participantId()));
    }

    @Test
    void ofTheHost_cannotBeTakenForAnothers() {
        for (String id : new String[] {
            bob.participantId(), "p_", "p_0123456789abcdef", "p_abcdefghijklmnop", "p_abcdefghijkmnop ", "me", "Host"
        }) {
            Reply mallory = api.send(TestRequest.post(room + "/participants").as(new Identity(id, "Mallory")))
                    .is(201);
            assertThat(mallory.participantId()).matches(CODE).isNotEqualTo(id);
            change(TestRequest.delete(room + "/participants/" + mallory.participantId()))
                    .is(204);
            api.send(TestRequest.get(room).token(mallory.token())).is(401);
            api.send(TestRequest.get(room).token(bob.token())).is(200);
        }
    }

    @Test
    void isWhatTheOwnerNames_andTheHostsOwnIsNot() {
        change(TestRequest.delete(room + "/participants/" + BOB.id())).is(204);
        change(TestRequest.patch(room + "/participants/" + BOB.id()).json("{\"role\":\"reader\"}"))
                .is(404, "not_found");
        change(TestRequest.patch(room + "/participants/host").json("{\"role\":\"reader\"}"))
                .is(404, "not_found");
        api.send(TestRequest.get(room).token(bob.token())).is(200);
        String bobs = room + "/participants/" + bob.participantId();
        change(TestRequest.patch(bobs).json("{\"role\":\"reader\"}")).is(200);
        change(TestRequest.delete(bobs)).is(204);
        api.send(TestRequest.get(room).token(bob.token())).is(401);
        change(TestRequest.delete(bobs)).is(204);
    }

    @Test
    void isWhatAClientNamesItsParticipantBy() {
        String cookies = "ephemeral-chat=" + bob.token() + "; ephemeral-chat=" + alice.token();
        for (Reply seat : new Reply[] {alice, bob}) {
            Reply shown = api.send(TestRequest.get(room)
                    .header("Cookie", cookies)
                    .header("Ephemeral-Chat-Participant", seat.participantId()));
            assertThat(shown.is(200).json().path("me").asText()).isEqualTo(seat.participantId());
        }
        api.send(TestRequest.get(room).header("Cookie", cookies).header("Ephemeral-Chat-Participant", ALICE.id()))
                .is(401, "unauthorized");
    }

    @Test
    void isTheHostsOwn_ifItSaysSo() {
        try (TestApi open = TestApi.with(settings -> settings.showIdentityIds(true))) {
            Reply owner = open.send(TestRequest.post("/rooms").as(ALICE)).is(201);
            assertThat(owner.participantId()).isEqualTo("user-7");
            String path = "/rooms/" + owner.roomId();
            Reply guest = open.send(TestRequest.post(path + "/participants").as(BOB));
            assertThat(guest.participantId()).isEqualTo(BOB.id());
            open.send(TestRequest.delete(path + "/participants/" + BOB.id()).token(owner.token()))
                    .is(204);
            open.send(TestRequest.get(path).token(guest.token())).is(401);
        }
    }

    @Test
    void areBounded_andStayTheSame() {
        WireIds ids = WireIds.hiddenIn(new RoomIncarnation(new RoomId("abcdefgh"), 7));
        String first = ids.of("user-0");
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            all.add(ids.of("user-" + i));
        }
        assertThat(all).hasSize(5_000).contains(first);
        assertThat(ids.of("user-0")).isEqualTo(first);
        assertThat(first).isEqualTo("p_Txp44_Y3RcnFgaHNhXLmUg");
    }
}
