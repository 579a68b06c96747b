package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.model.NewMessage;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomId;
import io.github.ephemeralchat.tck.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages whose texts end before their room. */
class ForgetApiTest {

    private final TestApi api = TestApi.create();
    private Reply owner;
    private Reply anna;
    private Reply ben;
    private String messages;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom();
        anna = api.join(owner.roomId());
        ben = api.join(owner.roomId());
        messages = "/rooms/" + owner.roomId() + "/messages";
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Reply post(Reply sender, String json) {
        return api.send(TestRequest.post(messages).token(sender.token()).json(json));
    }

    private Reply delete(Reply member, Object sequence) {
        return api.send(TestRequest.delete(messages + "/" + sequence).token(member.token()));
    }

    private Reply claim(Reply member, Object sequence) {
        return api.send(TestRequest.post(messages + "/" + sequence + "/claim").token(member.token()));
    }

    private JsonNode inHistory(long sequence) {
        return api.send(TestRequest.get(messages + "?limit=1&after=" + (sequence - 1))
                        .token(owner.token()))
                .json()
                .at("/messages/0");
    }

    private String frames(Reply member) {
        return api.send(TestRequest.get("/rooms/" + owner.roomId() + "/events").token(member.token()))
                .frames();
    }

    /** A stream that is open while something happens. */
    private CollectingSink listen(Reply member) {
        CollectingSink sink = new CollectingSink();
        EventStream stream =
                api
                        .send(TestRequest.get("/rooms/" + owner.roomId() + "/events?from=now")
                                .token(member.token()))
                        .stream();
        stream.attach(sink);
        stream.start();
        return sink;
    }

    private static void assertForgotten(JsonNode message, String reason) {
        assertThat(message.path("forgotten").asText()).isEqualTo(reason);
        assertThat(message.has("text")).isFalse();
        assertThat(message.has("expiresAt")).isFalse();
        assertThat(message.has("claims")).isFalse();
        assertThat(message.fieldNames()).toIterable().contains("id", "sequence", "sender", "sentAt");
    }

    // ---- Deletion ----

    @Test
    void sender_deletesAMessage_andEverybodyIsTold() {
        CollectingSink stream = listen(ben);
        post(anna, "{\"text\":\"secret\",\"id\":\"m1\"}").is(201);

        delete(anna, 4).is(204);
        delete(anna, 4).is(204);

        assertForgotten(inHistory(4), "deleted");
        Await.until(
                Duration.ofSeconds(5),
                "the stream tells",
                () -> stream.text().contains("event: forgotten\ndata: {\"of\":4,\"reason\":\"deleted\"}\n"));
        assertThat(stream.text()).containsOnlyOnce("event: forgotten").containsPattern("id: 5-\\d+\nevent: forgotten");
        assertThat(frames(ben)).doesNotContain("secret").contains("\"forgotten\":\"deleted\"");
        Reply again = post(anna, "{\"text\":\"secret\",\"id\":\"m1\"}").is(200);
        assertForgotten(again.json(), "deleted");
    }

    @Test
    void ownerAndHost_deleteWhatOthersWrote_andNobodyElseDoes() {
        post(anna, "{\"text\":\"one\"}").is(201);
        post(anna, "{\"text\":\"two\"}").is(201);
        delete(ben, 4).is(403, "forbidden");
        delete(owner, 4).is(204);
        api.service().asHost(new RoomId(owner.roomId())).forget(5);
        assertForgotten(inHistory(4), "deleted");
        assertForgotten(inHistory(5), "deleted");
    }

    @Test
    void reader_deletesNothing() {
        post(anna, "{\"text\":\"one\"}").is(201);
        api.service().asHost(new RoomId(owner.roomId())).assign(anna.participantId(), Role.READER);
        delete(anna, 4).is(403, "forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "99", "-1", "x", "9999999999999999999999"})
    void place_withoutAMessage_isNotFound(String sequence) {
        delete(owner, sequence).is(404, "message_not_found");
        claim(anna, sequence).is(404, "message_not_found");
    }

    @Test
    void stranger_isUnauthorized() {
        api.send(TestRequest.delete(messages + "/4")).is(401, "unauthorized");
        api.send(TestRequest.post(messages + "/4/claim").token("x")).is(401, "unauthorized");
    }

    // ---- A life of their own ----

    @Test
    void text_isForgottenWhenItsTimeIsOver() {
        CollectingSink stream = listen(ben);
        JsonNode sent =
                post(anna, "{\"text\":\"secret\",\"ttlSeconds\":5}").is(201).json();
        Instant sentAt = Instant.parse(sent.path("sentAt").asText());
        assertThat(Instant.parse(sent.path("expiresAt").asText())).isEqualTo(sentAt.plusSeconds(5));
        Await.until(
                Duration.ofSeconds(5), "the stream tells", () -> stream.text().contains("secret"));

        api.advance(Duration.ofSeconds(5));

        assertForgotten(inHistory(4), "expired");
        assertThat(frames(ben)).doesNotContain("secret");
        Await.until(
                Duration.ofSeconds(5),
                "the stream tells",
                () -> stream.text().contains("\n\nevent: forgotten\ndata: {\"of\":4,\"reason\":\"expired\"}\n\n"));
    }

    @Test
    void room_limitsTheLifeOfItsMessages() {
        Reply creator = api.createRoom("{\"messageTtlSeconds\":60,\"ttlMinutes\":2}");
        assertThat(creator.json().at("/room/messageTtlSeconds").asInt()).isEqualTo(60);
        String target = "/rooms/" + creator.roomId() + "/messages";
        for (String[] lifeAndSeconds :
                new String[][] {{"", "60"}, {",\"ttlSeconds\":10", "10"}, {",\"ttlSeconds\":86400", "60"}}) {
            JsonNode sent = api.send(TestRequest.post(target)
                            .token(creator.token())
                            .json("{\"text\":\"a\"" + lifeAndSeconds[0] + "}"))
                    .is(201)
                    .json();
            Duration life = Duration.between(
                    Instant.parse(sent.path("sentAt").asText()),
                    Instant.parse(sent.path("expiresAt").asText()));
            assertThat(life.toSeconds()).isEqualTo(Long.parseLong(lifeAndSeconds[1]));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"ttlSeconds\":4",
                "\"ttlSeconds\":86401",
                "\"ttlSeconds\":\"5\"",
                "\"ttlSeconds\":null",
                "\"claims\":0",
                "\"claims\":1001",
                "\"claims\":1.5",
                "\"claims\":null"
            })
    void lifeOutOfBounds_isRefused(String life) {
        post(anna, "{\"text\":\"a\"," + life + "}").is(400, "invalid_request");
    }

    // ---- Claims ----

    @Test
    void text_isGivenToAsManyAsMayClaimIt() {
        CollectingSink stream = listen(ben);
        JsonNode sent =
                post(owner, "{\"text\":\"secret\",\"claims\":2}").is(201).json();
        assertThat(sent.at("/claims/left").asInt()).isEqualTo(2);
        assertThat(sent.has("text")).isFalse();
        claim(owner, 4).is(403, "forbidden");

        assertThat(claim(anna, 4).is(200).json().path("text").asText()).isEqualTo("secret");
        assertThat(inHistory(4).at("/claims/left").asInt()).isEqualTo(1);
        assertThat(claim(anna, 4).is(200).json().path("text").asText()).isEqualTo("secret");
        assertThat(claim(ben, 4).is(200).json().path("text").asText()).isEqualTo("secret");

        assertForgotten(inHistory(4), "claimed");
        Await.until(
                Duration.ofSeconds(5), "the stream tells", () -> stream.text().contains("\"reason\":\"claimed\""));
        assertThat(stream.text())
                .contains("event: claimed\ndata: {\"of\":4,\"participant\":{\"id\":\"" + anna.participantId()
                        + "\"},\"left\":1}")
                .contains("event: forgotten\ndata: {\"of\":4,\"reason\":\"claimed\"}")
                .containsOnlyOnce("event: claimed")
                .doesNotContain("secret");
        Reply late = api.join(owner.roomId());
        claim(late, 4).is(410, "forgotten");
        api.advance(Duration.ofSeconds(31));
        claim(ben, 4).is(410, "forgotten");
    }

    @Test
    void ordinaryMessage_hasNothingToClaim() {
        post(owner, "{\"text\":\"a\"}").is(201);
        claim(anna, 4).is(404, "message_not_found");
    }

    @Test
    void claimedText_isGoneWhenTheMessageIsDeleted() {
        post(owner, "{\"text\":\"secret\",\"claims\":2}").is(201);
        claim(anna, 4).is(200);
        delete(owner, 4).is(204);
        claim(anna, 4).is(410, "forgotten");
        claim(ben, 4).is(410, "forgotten");
    }

    @Test
    void host_postsATextToClaim() {
        api.service()
                .asHost(new RoomId(owner.roomId()))
                .post(NewMessage.of("secret").withClaims(1));
        assertThat(inHistory(4).path("notice").asBoolean()).isTrue();
        assertThat(claim(owner, 4).is(200).json().path("text").asText()).isEqualTo("secret");
    }

    // ---- From wherever somebody resumes ----

    @Test
    void forgottenTexts_areInNoAnswer_fromAnyEarlierPlaceOn() {
        post(anna, "{\"text\":\"text deleted\"}").is(201);
        post(anna, "{\"text\":\"text ended\",\"ttlSeconds\":5}").is(201);
        post(anna, "{\"text\":\"text claimed\",\"claims\":1}").is(201);
        post(anna, "{\"text\":\"text kept\"}").is(201);
        delete(anna, 4).is(204);
        claim(ben, 6).is(200);
        api.advance(Duration.ofSeconds(31));
        String room = "/rooms/" + owner.roomId();
        String all = frames(ben);
        List<String> places = Pattern.compile("(?m)^id: (\\d+-\\d+)$")
                .matcher(all)
                .results()
                .map(id -> id.group(1))
                .toList();
        assertThat(places).hasSizeGreaterThanOrEqualTo(9);
        List<String> answers = new ArrayList<>(List.of(all));
        for (String place : places.subList(0, 6)) {
            TestRequest resume = TestRequest.get(room + "/events").token(ben.token());
            answers.add(api.send(resume.header("Last-Event-ID", place)).frames());
            answers.add(answer(room + "/events?wait=0&lastEventId=" + place));
        }
        for (int after = 0; after < 6; after++) {
            answers.add(answer(messages + "?after=" + after));
        }
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer)
                        .contains("text kept")
                        .doesNotContain("text deleted", "text ended", "text claimed"));
        assertThat(answer(room)).doesNotContain("text ");
        for (int sequence = 4; sequence <= 6; sequence++) {
            assertThat(claim(anna, sequence).text()).doesNotContain("text ");
        }
    }

    private String answer(String target) {
        return api.send(TestRequest.get(target).token(ben.token())).is(200).text();
    }
}
