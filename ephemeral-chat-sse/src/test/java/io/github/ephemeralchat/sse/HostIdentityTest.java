package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.tck.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody whom the host knows needs no token; and a browser's cookie makes nobody somebody else. */
class HostIdentityTest {

    private static final Identity ALICE = new Identity("user-7", "Alice");
    private static final Identity BOB = new Identity("user-8", "Bob");
    private static final Identity EVE = new Identity("user-9", "Eve");

    private final TestApi api = TestApi.with(settings -> settings.entryKinds(Set.of("x-vote")));
    private Reply alice;
    private Reply bob;
    private String room;

    @BeforeEach
    void createRoom() {
        alice = api.send(TestRequest.post("/rooms")
                        .json("{\"signals\":[\"typing\"]}")
                        .as(ALICE))
                .is(201);
        room = "/rooms/" + alice.roomId();
        bob = api.send(TestRequest.post(room + "/participants").as(BOB)).is(201);
        String message = "{\"text\":\"to be claimed\",\"claims\":1}";
        api.send(TestRequest.post(room + "/messages").as(BOB).json(message)).is(201);
    }

    @AfterEach
    void close() {
        api.close();
    }

    private TestRequest showing() {
        return TestRequest.get(room);
    }

    private String me(TestRequest request) {
        return api.send(request).is(200).json().path("me").asText();
    }

    /** A right request for each operation of a room but joining. */
    private TestRequest call(Route route) {
        TestRequest call = TestRequest.of(
                route.method,
                route.template
                        .replace("/rooms/{id}", room)
                        .replace("{pid}", bob.participantId())
                        .replace("{sequence}", "3")
                        .replace("{name}", "topic"));
        return switch (route) {
            case POST_MESSAGE -> call.json("{\"text\":\"a\"}");
            case POST_ENTRY -> call.json("{\"kind\":\"x-vote\",\"body\":\"yes\"}");
            case SEND_CUE -> call.json("{\"kind\":\"typing\"}");
            case MOVE_DEADLINE -> call.json("{\"ttlSeconds\":600}");
            case ASSIGN_ROLE -> call.json("{\"role\":\"reader\"}");
            case SET_PROPERTY -> call.json("{\"value\":\"tea\"}");
            default -> call;
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Route.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CREATE_ROOM", "JOIN", "CONTRACT"})
    void identity_provesTheSeatByItself_andACookieChangesNothing(Route route) {
        api.send(call(route)).is(401, "unauthorized");
        api.send(call(route).as(EVE)).is(401, "unauthorized");
        api.send(call(route).as(EVE).cookie(alice.token())).is(401, "unauthorized");
        Reply done = api.send(call(route).as(ALICE).cookie(bob.token()));
        assertThat(done.status()).isBetween(200, 204);
        if (done.response().stream() != null) {
            done.stream().abort();
        }
    }

    @Test
    void nextUserOfABrowser_isSomebodyElse() {
        assertThat(me(showing().as(BOB).cookie(alice.token()))).isEqualTo(bob.participantId());
        Reply posted = api.send(TestRequest.post(room + "/messages")
                        .as(BOB)
                        .cookie(alice.token())
                        .json("{\"text\":\"who am I\"}"))
                .is(201);
        assertThat(posted.json().at("/sender/id").asText()).isEqualTo(bob.participantId());
        String joined = api.send(TestRequest.post(room + "/participants")
                        .as(EVE)
                        .cookie(alice.token())
                        .header("Ephemeral-Chat-Participant", alice.participantId()))
                .is(201)
                .participantId();
        assertThat(joined).isNotEqualTo(alice.participantId());
    }

    @Test
    void streamOfSomebodyWhomTheHostKnows_endsWithTheSeat() {
        Reply stream = api.send(call(Route.EVENTS).as(BOB)).is(200);
        CollectingSink sink = new CollectingSink();
        stream.stream().attach(sink);
        stream.stream().start();
        api.send(TestRequest.delete(room + "/participants/me").as(BOB)).is(204);
        Await.until(Duration.ofSeconds(10), "the end", () -> sink.text().contains("event: left"));
        api.send(call(Route.EVENTS).as(BOB)).is(401, "unauthorized");
    }

    @Test
    void bearerThatIsASeatsToken_winsOverTheIdentity_anyOtherDoesNot() {
        assertThat(me(showing().as(BOB).token(alice.token()))).isEqualTo(alice.participantId());
        for (String hosts : List.of("opaque-key-of-the-host", "a.b.c")) {
            assertThat(me(showing().as(BOB).token(hosts))).isEqualTo(bob.participantId());
        }
    }

    @Test
    void headerOfOurOwn_decidesAlone() {
        TestRequest own = showing().as(BOB).header("Ephemeral-Chat-Token", alice.token());
        assertThat(me(own)).isEqualTo(alice.participantId());
        api.send(showing().as(BOB).header("Ephemeral-Chat-Token", "wrong")).is(401, "unauthorized");
    }

    @Test
    void participantWhomTheRequestNames_isThatOfTheIdentityOrNone() {
        assertThat(me(named(bob).as(BOB))).isEqualTo(bob.participantId());
        api.send(named(alice).as(BOB)).is(401, "unauthorized");
        api.send(named(alice).as(BOB).cookie(alice.token())).is(401, "unauthorized");
        Identity known = Identity.named("Known");
        Reply anonymous = api.send(TestRequest.post(room + "/participants").as(known));
        assertThat(me(named(anonymous).as(known))).isEqualTo(known.id());
    }

    private TestRequest named(Reply seat) {
        return showing().header("Ephemeral-Chat-Participant", seat.participantId());
    }

    @Test
    void whereTheHostKnowsNobody_tokensAndCookiesCount() {
        assertThat(me(showing().cookie(alice.token()))).isEqualTo(alice.participantId());
    }

    @Test
    void bodyThatComesLate_isOfWhomTheHostKnewAtItsHead() {
        TestRequest post = call(Route.POST_MESSAGE).as(BOB);
        PendingRequest pending = api.begin(post);
        post.as(EVE);
        assertThat(new Reply(pending.respond(() -> "{\"text\":\"a\"}".getBytes(StandardCharsets.UTF_8)))
                        .is(201)
                        .json()
                        .at("/sender/id")
                        .asText())
                .isEqualTo(bob.participantId());
    }

    @Test
    void hook_isAskedOnceInARequest() {
        int[] asked = {0};
        TestRequest request = showing().identity(() -> {
            asked[0]++;
            return Optional.of(ALICE);
        });
        api.send(request).is(200);
        assertThat(asked[0]).isEqualTo(1);
    }
}
