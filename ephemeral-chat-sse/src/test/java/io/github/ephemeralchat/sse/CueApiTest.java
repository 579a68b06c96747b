package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.Identity;
import io.github.ephemeralchat.sse.RateLimits.Limit;
import io.github.ephemeralchat.tck.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told beside the log: cues, and who is present. */
class CueApiTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String PROOF = "proof_0123456789-abcdefg";
    private static final String TYPING = "{\"kind\":\"typing\"}";

    private final TestApi api = TestApi.with(settings -> settings.cueKinds(Set.of("x-cursor")));
    private final Reply owner = api.createRoom("{\"signals\":[\"typing\",\"presence\"]}");
    private final String room = "/rooms/" + owner.roomId();

    @AfterEach
    void close() {
        api.close();
    }

    private Reply cue(Reply member, String json) {
        return api.send(TestRequest.post("/rooms/" + member.roomId() + "/cues")
                .token(member.token())
                .json(json));
    }

    /** A stream of a member that has begun. */
    private CollectingSink stream(Reply member) {
        Reply reply = api.send(
                        TestRequest.get("/rooms/" + member.roomId() + "/events").token(member.token()))
                .is(200);
        EventStream stream = Objects.requireNonNull(reply.response().stream());
        CollectingSink sink = new CollectingSink();
        stream.attach(sink);
        stream.start();
        return sink;
    }

    private static void await(CollectingSink sink, String frame) {
        Await.until(SOON, "the frame", () -> sink.text().contains(frame));
    }

    @Test
    void cue_comesToTheOthers_withoutAnId_andNotToItsSender() {
        Reply guest = api.join(owner.roomId());
        CollectingSink owners = stream(owner);
        CollectingSink guests = stream(guest);
        cue(owner, TYPING).is(204);
        cue(owner, "{\"kind\":\"x-cursor\",\"body\":\"3,4\\n\"}").is(204);
        String from = "\"sender\":{\"id\":\"" + owner.participantId() + "\"}";
        await(guests, "\n\nevent: cue\ndata: {\"kind\":\"typing\"," + from + ",\"body\":\"\"}\n\n");
        await(guests, "\n\nevent: cue\ndata: {\"kind\":\"x-cursor\"," + from + ",\"body\":\"3,4\\n\"}\n\n");
        cue(guest, TYPING).is(204);
        await(owners, "event: cue");
        assertThat(owners.text()).containsOnlyOnce("event: cue").contains(guest.participantId());
        assertThat(api.send(TestRequest.get(room).token(owner.token()))
                        .json()
                        .path("lastSequence")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void presence_isToldRightAfterReady_andWhenItChanges() {
        CollectingSink owners = stream(owner);
        assertThat(owners.text())
                .contains("event: ready\ndata: {}\n\nevent: presence\ndata: {\"present\":[\"" + owner.participantId()
                        + "\"],\"count\":1}\n\n");
        Reply guest = api.join(owner.roomId());
        CollectingSink guests = stream(guest);
        assertThat(guests.text()).containsOnlyOnce("event: presence").contains("\"count\":2}");
        await(owners, "\"count\":2}");
        Reply live = api.send(TestRequest.get(room + "/events?from=now").token(owner.token()));
        assertThat(live.frames()).contains("event: ready\ndata: {}\n\nevent: presence\n");
    }

    @Test
    void room_saysOfEachParticipantWhetherItIsPresent() {
        Reply guest = api.join(owner.roomId());
        JsonNode unknown = participants(owner);
        assertThat(unknown.path(0).has("present")).isFalse();
        stream(guest);
        JsonNode known = participants(owner);
        assertThat(known.path(0).path("present").asBoolean(true)).isFalse();
        assertThat(known.path(1).path("present").asBoolean()).isTrue();
        Reply plain = api.createRoom();
        stream(plain);
        assertThat(participants(plain).path(0).has("present")).isFalse();
    }

    private JsonNode participants(Reply member) {
        return api.send(TestRequest.get("/rooms/" + member.roomId()).token(member.token()))
                .json()
                .path("participants");
    }

    @Test
    void largeRoom_tellsTheCountAlone() {
        Reply large = api.createRoom("{\"signals\":[\"presence\"],\"maxParticipants\":101}");
        assertThat(stream(large).text()).contains("event: presence\ndata: {\"count\":1}\n\n");
    }

    @Test
    void hostsIdentity_isACodeInBoth() {
        Identity anna = new Identity("anna", "Anna");
        Reply seat = api.send(TestRequest.post(room + "/participants").as(anna)).is(201);
        stream(seat);
        CollectingSink owners = stream(owner);
        api.send(TestRequest.post(room + "/cues").as(anna).json(TYPING)).is(204);
        await(owners, "event: cue");
        assertThat(owners.text()).contains(seat.participantId()).doesNotContain("\"anna\"");
    }

    @Test
    void cue_isForRoomsAndKindsThatHaveIt() {
        Reply plain = api.createRoom();
        cue(plain, TYPING).is(403, "forbidden");
        cue(plain, "{\"kind\":\"x-cursor\"}").is(204);
        cue(owner, "{\"kind\":\"x-other\"}").is(403, "forbidden");
        cue(owner, "{\"kind\":\"presence\"}").is(403, "forbidden");
        cue(owner, "{\"kind\":\"presence\",\"body\":\"[]\"}").is(403, "forbidden");
    }

    @Test
    void reader_andStranger_sendNone() {
        Reply guest = api.join(owner.roomId());
        api.send(TestRequest.patch(room + "/participants/" + guest.participantId())
                        .token(owner.token())
                        .json("{\"role\":\"reader\"}"))
                .is(200);
        cue(guest, TYPING).is(403, "forbidden");
        cue(guest, "{\"kind\":\"x-cursor\"}").is(403, "forbidden");
        api.send(TestRequest.post(room + "/cues")
                        .token("nobodys-token-nobodys-token")
                        .json(TYPING))
                .is(401, "unauthorized");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"kind\":\"\"}",
                "{\"kind\":\"message\"}",
                "{\"kind\":\"x-\"}",
                "{\"kind\":7}",
                "{\"kind\":\"typing\",\"id\":\"1\"}",
                "{\"kind\":\"typing\",\"body\":1}",
                "{\"kind\":\"typing\",\"body\":\"\\uD83D\"}"
            })
    void malformedCue_isRefused(String json) {
        cue(owner, json).is(400, "invalid_request");
    }

    @Test
    void bodyHas512Characters_opaqueOnesInAnEncryptedRoom() {
        String most = "\uD83D\uDE80".repeat(512);
        cue(owner, "{\"kind\":\"typing\",\"body\":\"" + most + "\"}").is(204);
        cue(owner, "{\"kind\":\"typing\",\"body\":\"" + most + "a\"}").is(400, "invalid_request");
        Reply sealed = api.createRoom("{\"encrypted\":true,\"signals\":[\"typing\"],\"proof\":\"" + PROOF + "\"}");
        cue(sealed, TYPING).is(204);
        cue(sealed, "{\"kind\":\"typing\",\"body\":\"v1.abc\"}").is(204);
        cue(sealed, "{\"kind\":\"typing\",\"body\":\"abc def\"}").is(400, "invalid_request");
    }

    @Test
    void cues_countAsRequestsForTheRateLimits() {
        RateLimits limits = RateLimits.off().withRequestsPerAddress(Limit.of(3, Duration.ofDays(1)));
        try (TestApi limited = TestApi.with(settings -> settings.rateLimits(limits))) {
            Reply member = limited.createRoom("{\"signals\":[\"typing\"]}");
            TestRequest typing = TestRequest.post("/rooms/" + member.roomId() + "/cues")
                    .token(member.token())
                    .json(TYPING);
            limited.send(typing).is(204);
            limited.send(typing).is(204); // Too soon, and dropped: it counts.
            limited.send(typing).is(429, "rate_limited");
        }
    }

    @Test
    void cue_endsNoPoll_andGoesAlong() {
        Reply guest = api.join(owner.roomId());
        Reply poll = api.send(TestRequest.get(room + "/events?wait=25&from=now").token(guest.token()));
        AtomicReference<String> body = new AtomicReference<>();
        Objects.requireNonNull(poll.response().poll())
                .await(bytes -> body.set(new String(bytes, StandardCharsets.UTF_8)));
        CollectingSink seesTheSame = stream(guest);
        cue(owner, TYPING).is(204);
        await(seesTheSame, "event: cue");
        api.tick();
        assertThat(body.get()).isNull();
        api.say(owner, "hi").is(201);
        Await.until(SOON, "the answer", () -> body.get() != null);
        assertThat(body.get())
                .containsSubsequence("event: ready\n", "event: presence\n", "event: cue\n", "event: message\n");
    }

    @Test
    void signals_canBeSwitchedOff() {
        try (TestApi off = TestApi.with(settings -> settings.disabledFeatures(Set.of(Feature.SIGNALS)))) {
            off.send(TestRequest.post("/rooms").json("{\"signals\":[\"typing\"]}"))
                    .is(403, "forbidden");
            off.createRoom("{\"signals\":[]}");
        }
    }

    @Test
    void kindsOfCues_areFewAndValid() {
        Set<String> many = IntStream.range(0, 16).mapToObj(i -> "x-" + i).collect(Collectors.toSet());
        assertThatThrownBy(() -> ChatHttpSettings.builder().cueKinds(many))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChatHttpSettings.builder().cueKinds(Set.of("typing")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
