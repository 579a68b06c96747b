package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.Identity;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SeatApiTest {

    private static final Identity ALICE = new Identity("user-7", "Alice");

    private static final String TOKEN = "a23456789012345678901234567890123456789012_";

    private final TestApi api = TestApi.create();
    private Reply owner;
    private String room;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom("{\"maxParticipants\":2}");
        room = "/rooms/" + owner.roomId();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Reply join(TestRequest call) {
        return api.send(call);
    }

    private TestRequest joining() {
        return TestRequest.post(room + "/participants");
    }

    @Nested
    class Join {

        @Test
        void takesASeatUnderTheChosenName() {
            Reply guest = join(joining().json("{\"name\":\"Zoë\"}")).is(201);
            assertThat(guest.json().at("/participant/name").asText()).isEqualTo("Zoë");
            assertThat(guest.json().at("/participant/owner").asBoolean()).isFalse();
            assertThat(guest.roomId()).isEqualTo(owner.roomId());
            assertThat(guest.token()).isNotEqualTo(owner.token());
        }

        @Test
        void withAValidTokenAnswersTheSameSeatAndToken() {
            Reply again = join(joining().token(owner.token())).is(200);
            assertThat(again.participantId()).isEqualTo(owner.participantId());
            assertThat(again.token()).isEqualTo(owner.token());
            assertThat(again.header("Set-Cookie")).contains(owner.token());
            join(joining()).is(201);
        }

        @Test
        void byACookie_isTrustedOnlyIfTheRequestNamesTheSeat() {
            Reply named = join(joining()
                            .cookie(owner.token())
                            .header("Ephemeral-Chat-Participant", owner.participantId()))
                    .is(200);
            assertThat(named.token()).isEqualTo(owner.token());
            Reply unnamed = join(joining().cookie(owner.token())).is(201);
            assertThat(unnamed.participantId()).isNotEqualTo(owner.participantId());
        }

        @Test
        void withATokenThatIsNotValidHereTakesASeat() {
            Reply elsewhere = api.createRoom();
            join(joining().token(elsewhere.token())).is(201);
        }

        @Test
        void aFullRoomRefuses() {
            join(joining()).is(201);
            join(joining()).is(409, "room_full");
        }

        @Test
        void unknownMalformedExpiredAndDestroyedLookTheSame() {
            Reply destroyed = api.createRoom();
            api.send(TestRequest.delete("/rooms/" + destroyed.roomId()).token(destroyed.token()));
            api.advance(Duration.ofMinutes(10));
            String text = null;
            for (String code :
                    new String[] {owner.roomId(), destroyed.roomId(), "abcdefgh", "short", "with spaces", "0OIl0OIl"}) {
                Reply reply = join(TestRequest.post("/rooms/" + code + "/participants"))
                        .is(404, "room_not_found");
                assertThat(reply.text()).isEqualTo(text == null ? reply.text() : text);
                text = reply.text();
            }
        }

        @Test
        void somebodyWhomTheHostKnowsHasOneSeat() {
            Reply first = join(joining().as(ALICE)).is(201);
            Reply second =
                    join(joining().as(ALICE).json("{\"name\":\"Mallory\"}")).is(200);
            assertThat(second.participantId()).isEqualTo(first.participantId());
            assertThat(second.json().at("/participant/name").asText()).isEqualTo("Alice");
            for (Reply seat : new Reply[] {first, second}) {
                api.send(TestRequest.get(room).token(seat.token())).is(200);
            }
        }

        @Test
        void somebodyElsesCookieGivesNobodyTheirSeat() {
            Reply alice = join(joining().as(ALICE).cookie(owner.token())).is(201);
            assertThat(alice.participantId()).isNotEqualTo(owner.participantId());
            Reply again = join(joining().as(ALICE).cookie(alice.token())).is(200);
            assertThat(again.token()).isEqualTo(alice.token());
        }
    }

    @Nested
    class OwnToken {

        private TestRequest bringing(String token) {
            return joining().json("{\"token\":\"" + token + "\"}");
        }

        @Test
        void joinThatIsRepeated_findsItsOwnSeat() {
            Reply first = join(bringing(TOKEN)).is(201);
            Reply again = join(bringing(TOKEN)).is(200);
            assertThat(again.participantId()).isEqualTo(first.participantId());
            for (Reply reply : new Reply[] {first, again}) {
                assertThat(reply.json().has("token")).isFalse();
                assertThat(reply.header("Set-Cookie")).startsWith("ephemeral-chat=" + TOKEN + "; ");
            }
            assertThat(again.json().at("/room/lastSequence").asInt()).isEqualTo(2);
            api.send(TestRequest.get(room).token(TOKEN)).is(200);
        }

        @Test
        void countsAlone_whateverHeadersAndCookiesSay() {
            Reply guest = join(bringing(TOKEN)
                            .token(owner.token())
                            .cookie(owner.token())
                            .header("Ephemeral-Chat-Participant", owner.participantId()))
                    .is(201);
            assertThat(guest.participantId()).isNotEqualTo(owner.participantId());
        }

        @Test
        void ofAnotherSeatThanTheHostSays_isForbidden() {
            join(bringing(TOKEN)).is(201);
            join(bringing(TOKEN).as(ALICE)).is(403, "forbidden");
        }

        @Test
        void ofSomebodyWhomTheHostKnows_isAddedToTheirSeat() {
            Reply alice = join(joining().as(ALICE)).is(201);
            Reply again = join(bringing(TOKEN).as(ALICE)).is(200);
            assertThat(again.json().has("token")).isFalse();
            api.send(TestRequest.get(room).token(TOKEN)).is(200);
            api.send(TestRequest.get(room).token(alice.token())).is(200);
        }

        @Test
        void ofAnotherForm_isRefused() {
            join(bringing("short")).is(400, "invalid_request");
        }
    }

    @Test
    void cookie_lastsAsLongAsTheRoomMay() {
        assertThat(owner.header("Set-Cookie")).contains("; Max-Age=86400; ");
        api.advance(Duration.ofMinutes(1));
        assertThat(join(joining()).header("Set-Cookie")).contains("; Max-Age=86340; ");
    }

    @Nested
    class Leave {

        @Test
        void freesTheSeatAndKillsTheToken() {
            Reply guest = join(joining()).is(201);
            Reply left = api.send(TestRequest.delete(room + "/participants/me").token(guest.token()));
            assertThat(left.is(204).header("Set-Cookie"))
                    .isEqualTo("ephemeral-chat=; Path=/api" + room + "; Max-Age=0; HttpOnly; SameSite=Strict");
            api.send(TestRequest.get(room).token(guest.token())).is(401, "unauthorized");
            api.send(TestRequest.delete(room + "/participants/me").token(guest.token()))
                    .is(401, "unauthorized");
            join(joining()).is(201);
        }

        @Test
        void theOldestOfTheOthersBecomesTheOwner() {
            Reply guest = join(joining()).is(201);
            api.send(TestRequest.delete(room + "/participants/me").token(owner.token()))
                    .is(204);
            JsonNode left =
                    api.send(TestRequest.get(room).token(guest.token())).json().path("participants");
            assertThat(left).hasSize(1);
            assertThat(left.at("/0/owner").asBoolean()).isTrue();
        }
    }

    @Nested
    class Remove {

        @Test
        void theOwnerFreesASeat() {
            Reply guest = join(joining()).is(201);
            remove(owner, guest.participantId()).is(204);
            api.send(TestRequest.get(room).token(guest.token())).is(401, "unauthorized");
            remove(owner, guest.participantId()).is(204);
        }

        @Test
        void othersMayNot() {
            Reply guest = join(joining()).is(201);
            remove(guest, owner.participantId()).is(403, "forbidden");
            api.send(TestRequest.get(room).token(owner.token())).is(200);
        }

        private Reply remove(Reply by, String participantId) {
            return api.send(
                    TestRequest.delete(room + "/participants/" + participantId).token(by.token()));
        }
    }
}
