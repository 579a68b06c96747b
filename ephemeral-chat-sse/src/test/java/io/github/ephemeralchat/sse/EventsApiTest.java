package io.github.ephemeralchat.sse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ephemeralchat.Authority;
import io.github.ephemeralchat.HostAuthority;
import io.github.ephemeralchat.model.Role;
import io.github.ephemeralchat.model.RoomId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventsApiTest {

    /** An id that is not in the log: who comes after it is told so first. */
    private static final String ID = "7-123456";

    private static final String JOINED = "event: joined\n";
    private static final String READY = "event: ready\n";
    private static final String RESET = "event: reset\ndata: {\"reason\":\"forked\",\"firstSequence\":1}\n";

    private final TestApi api = TestApi.create();
    private Reply owner;
    private String room;

    @BeforeEach
    void createRoom() {
        owner = api.createRoom();
        room = "/rooms/" + owner.roomId();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private Reply get(String target) {
        return api.send(TestRequest.get(room + target).token(owner.token()));
    }

    @Test
    void aStreamBeginsWithWhatIsKept() {
        Reply reply = get("/events");
        assertThat(reply.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store, no-transform");
        assertThat(reply.frames())
                .startsWith(": open\nretry: ")
                .contains(JOINED)
                .doesNotContain(RESET);
    }

    @Test
    void aStreamBeginsAfterTheLastOneThatWasSeen() {
        assertThat(get("/events?lastEventId=" + ID).frames()).contains(RESET);
        assertThat(get("/events?lastEventId=" + ID + "&from=now").frames()).contains(RESET, JOINED);
        assertThat(withHeader("/events", ID).frames()).contains(RESET);
        assertThat(get("/events?lastEventId=" + head()).frames()).doesNotContain(JOINED, RESET);
    }

    @Test
    void theHeaderWinsOverBothParameters() {
        assertThat(withHeader("/events?lastEventId=" + head() + "&from=now", ID).frames())
                .contains(RESET, JOINED);
    }

    @Test
    void fromNowBeginsLiveAndSaysWhere() {
        assertThat(get("/events?from=now").frames()).contains(READY).doesNotContain(JOINED, RESET);
    }

    @Test
    void stream_isReadyOnceItHasCaughtUp() {
        api.say(owner, "one");
        String head = head();
        for (String query : List.of("", "?lastEventId=" + ID, "?lastEventId=" + head, "?from=now")) {
            assertThat(get("/events" + query).frames())
                    .containsOnlyOnce("event: ready")
                    .endsWith("id: " + head + "\nevent: ready\ndata: {}\n\n");
        }
    }

    @Test
    void stream_byPost_isThatOfGet() {
        TestRequest post =
                TestRequest.post(room + "/events?lastEventId=" + head()).token(owner.token());
        api.say(owner, "one");
        assertThat(api.send(post).is(200).frames())
                .contains("\"text\":\"one\"", READY)
                .doesNotContain(JOINED);
        api.send(TestRequest.post(room + "/events").token(owner.token()).header("Content-Length", "2"))
                .is(400, "invalid_request");
        api.send(TestRequest.post(room + "/events").token(owner.token()).header("Sec-Fetch-Site", "cross-site"))
                .is(403, "cross_site");
    }

    @Test
    void stream_tellsOfEveryChange() {
        Reply guest = api.join(owner.roomId());
        Authority mine = api.service().as(new RoomId(owner.roomId()), owner.token());
        HostAuthority host = api.service().asHost(new RoomId(owner.roomId()));
        mine.endIn(Duration.ofMinutes(20));
        mine.lock();
        mine.assign(guest.participantId(), Role.READER);
        mine.setProperty("topic", "tea");
        host.removeProperty("topic");
        host.post("closing soon", "n1");
        api.send(TestRequest.delete(room + "/participants/me").token(guest.token()))
                .is(204);
        String by = ",\"by\":{\"id\":\"" + owner.participantId() + "\",\"name\":\""
                + owner.json().at("/participant/name").asText() + "\"}}";
        String frames = get("/events").frames();
        assertThat(frames.replaceAll("id: \\d+-\\d+\n", ""))
                .containsSubsequence(
                        "event: joined\ndata: {\"sequence\":1,",
                        "\"role\":\"owner\"}",
                        "event: joined\ndata: {\"sequence\":2,",
                        "\"role\":\"member\"}",
                        "event: deadline\ndata: {\"sequence\":3,\"expiresAt\":\"2030-01-01T12:20:00.000Z\"" + by,
                        "event: admission\ndata: {\"sequence\":4,\"locked\":true,\"proofRequired\":false" + by,
                        "event: role\ndata: {\"sequence\":5,\"participant\":{\"id\":\"" + guest.participantId() + "\"",
                        "\"role\":\"reader\"}" + by,
                        "event: property\ndata: {\"sequence\":6,\"name\":\"topic\",\"value\":\"tea\"" + by,
                        "event: property\ndata: {\"sequence\":7,\"name\":\"topic\"}\n",
                        "event: notice\ndata: {\"id\":\"n1\",\"sequence\":8,\"sender\":{\"id\":\"host\",\"name\":\"Host\"},"
                                + "\"text\":\"closing soon\",\"sentAt\":\"2030-01-01T12:00:00.000Z\",\"notice\":true}",
                        "event: left\ndata: {\"sequence\":9,");
        assertThat(frames).containsPattern("id: 9-\\d+\nevent: ready");
        checkData(frames);
    }

    /** Every event's data is as the contract says. */
    private static void checkData(String frames) {
        JsonNode events =
                OpenApi.INSTANCE.document().at("/components/responses/Events/content/text~1event-stream/x-events");
        Matcher frame = Pattern.compile("event: (\\S+)\ndata: (.*)\n").matcher(frames);
        int checked = 0;
        while (frame.find()) {
            String schema = events.path(frame.group(1)).path("$ref").asText();
            OpenApi.INSTANCE.checkValue(
                    schema.substring(schema.lastIndexOf('/') + 1),
                    frame.group(2).getBytes(StandardCharsets.UTF_8));
            checked++;
        }
        assertThat(checked).isGreaterThan(9);
    }

    @ParameterizedTest
    @CsvSource({"1, 60", "5, 300"})
    void roomThatEndsSoon_isSaidAtOnce(int minutes, int left) {
        Reply soon = api.createRoom("{\"ttlMinutes\":" + minutes + "}");
        String frames = api.send(
                        TestRequest.get("/rooms/" + soon.roomId() + "/events").token(soon.token()))
                .frames();
        assertThat(frames)
                .containsOnlyOnce("event: expiring")
                .endsWith("event: expiring\ndata: {\"expiresAt\":\"2030-01-01T12:0" + minutes
                        + ":00.000Z\",\"secondsLeft\":" + left + "}\n\n");
    }

    @Test
    void fewAddresses_leaveAPlaceForEverybodyElse() {
        try (TestApi crowded =
                TestApi.with(settings -> settings.maxStreams(1_000).maxStreamsPerAddress(300))) {
            int first = openMany(crowded, "192.0.2.1");
            assertThat(first).as("an address alone has all that it may have").isEqualTo(300);
            int taken = first;
            for (int i = 2; i <= 20; i++) {
                taken += openMany(crowded, "192.0.2." + i);
            }
            assertThat(taken).isLessThan(1_000);
            assertThat(openMany(crowded, "198.51.100.1")).isGreaterThanOrEqualTo(8);
        }
    }

    /** Opens streams of one address until no more are taken, each in a room of its own. */
    private static int openMany(TestApi api, String address) {
        for (int opened = 0; ; opened++) {
            Reply seat = api.createRoom();
            String events = "/rooms/" + seat.roomId() + "/events?from=now";
            if (api.send(TestRequest.get(events).token(seat.token()).from(address))
                            .status()
                    == 429) {
                return opened;
            }
        }
    }

    @Test
    void anEmptyIdIsNone() {
        assertThat(get("/events?lastEventId=").frames()).contains(JOINED).doesNotContain(RESET);
        assertThat(withHeader("/events?lastEventId=" + ID, "").frames()).contains(RESET);
        assertThat(withHeader("/events?from=now", "").frames()).contains(READY);
    }

    /** The id of the newest entry. */
    private String head() {
        Matcher id = Pattern.compile("id: (\\S+)\nevent: ready")
                .matcher(get("/events?from=now").frames());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"7", "7-", "-7", "0-0", "7-0", "x-y", "7-1-1", "+7-1", "07-1", "7-9007199254740992", "7 -1", "*"
            })
    void aMalformedIdIsRefused(String id) {
        get("/events?lastEventId=" + id.replace("+", "%2B").replace(" ", "+")).is(400, "invalid_request");
        withHeader("/events", id).is(400, "invalid_request");
    }

    @Test
    void anotherPlaceToBeginIsRefused() {
        get("/events?from=then").is(400, "invalid_request");
    }

    @Test
    void strangersAreRefusedFirst() {
        api.send(TestRequest.get(room + "/events?lastEventId=x")).is(401, "unauthorized");
    }

    private Reply withHeader(String target, String id) {
        return api.send(TestRequest.get(room + target).token(owner.token()).header("Last-Event-ID", id));
    }
}
